using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Truth, types and errors.</summary>
internal static class Logic
{
    public static Value? Boolean(Call call, Value?[] arguments) =>
        arguments.At(0) is { } value ? BooleanValue.Of(Booleans.IsTrue(value)) : null;

    public static Value? Not(Call call, Value?[] arguments) =>
        arguments.At(0) is { } value ? BooleanValue.Of(!Booleans.IsTrue(value)) : null;

    public static Value? Exists(Call call, Value?[] arguments) => BooleanValue.Of(arguments.At(0) is not null);

    public static Value? Type(Call call, Value?[] arguments) => arguments.At(0) is { } value ? new StringValue(value.TypeName) : null;

    public static Value? Error(Call call, Value?[] arguments) =>
        throw new JsonataException("D3137") { Value = arguments.Text(0) ?? "$error() function evaluated" };

    public static Value? Assert(Call call, Value?[] arguments) =>
        arguments.At(0) is BooleanValue { Value: true }
            ? null
            : throw new JsonataException("D3141") { Value = arguments.Text(1) ?? "$assert() statement failed" };

    public static Value? Eval(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } source)
        {
            return null;
        }

        var input = arguments.At(1) ?? call.Input;
        if (input is ArrayValue { IsSequence: false })
        {
            input = ArrayValue.Sequence(input);
            ((ArrayValue)input).IsOuterWrapper = true;
        }

        Node expression;
        try
        {
            expression = Parser.Parse(source);
        }
        catch (JsonataException wrong)
        {
            throw new JsonataException("D3120") { Value = $"\"{wrong.Message}\"" };
        }

        try
        {
            return call.Evaluator.Evaluate(expression, input, call.Frame);
        }
        catch (JsonataException wrong) when (wrong.Code != "U1001")
        {
            throw new JsonataException("D3121") { Value = $"\"{wrong.Message}\"" };
        }
    }
}
