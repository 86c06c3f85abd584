using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Functions on arrays.</summary>
internal static class Arrays
{
    public static Value? Zip(Call call, Value?[] arguments)
    {
        var length = arguments.Length == 0 ? 0 : arguments.Min(argument => (argument as ArrayValue)?.Count ?? 0);
        var result = ArrayValue.Plain();
        for (var i = 0; i < length; i++)
        {
            call.Evaluator.Budget.Take(arguments.Length);
            result.Add(new ArrayValue([.. arguments.Select(argument => ((ArrayValue)argument!)[i])]));
        }

        return result;
    }

    public static Value? Append(Call call, Value?[] arguments)
    {
        if (arguments.At(0) is null || arguments.At(1) is null)
        {
            return arguments.At(0) ?? arguments.At(1);
        }

        var (first, second) = (arguments.Array(0)!, arguments.Array(1)!);
        call.Evaluator.Budget.CheckArray((long)first.Count + second.Count);
        return new ArrayValue([.. first, .. second]);
    }

    public static Value? Reverse(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { Count: > 1 } items)
        {
            return arguments.Array(0);
        }

        call.Evaluator.Budget.Take(items.Count);
        return new ArrayValue([.. items.Reverse()]);
    }

    public static Value? Shuffle(Call call, Value?[] arguments)
    {
        if (arguments.Array(0) is not { Count: > 1 } items)
        {
            return arguments.Array(0);
        }

        call.Evaluator.Budget.Take(items.Count);
        var shuffled = items.ToArray();
        call.Evaluator.Environment.Random.Shuffle(shuffled);
        return new ArrayValue(shuffled);
    }

    public static Value? Distinct(Call call, Value?[] arguments)
    {
        if (arguments.At(0) is not ArrayValue { Count: > 1 } items)
        {
            return arguments.At(0);
        }

        var distinct = ArrayValue.Plain();
        distinct.IsSequence = items.IsSequence;
        var scalars = new HashSet<object>();
        foreach (var item in items)
        {
            var isNew = Scalar(item) is { } scalar
                ? scalars.Add(scalar)
                : !distinct.Any(other => Operators.AreEqual(item, other, call.Evaluator.Budget));
            if (isNew)
            {
                distinct.Add(item);
            }
        }

        return distinct;
    }

    private static object? Scalar(Value? value) =>
        value switch
        {
            NumberValue number => number.Value,
            StringValue text => text.Value,
            BooleanValue boolean => boolean.Value,
            _ => null,
        };
}
