using Disa.Jsonata.Values;

namespace Disa.Jsonata.Evaluation;

/// <summary>Values as texts: <c>$string</c>, <c>&amp;</c>, and the values that error texts show.</summary>
internal static class Texts
{
    public static string Of(Value value, Budget budget, bool isPretty = false)
    {
        switch (value)
        {
            case StringValue text:
                return text.Value;
            case FunctionValue:
                return "";
            case NumberValue { Value: var number } when !double.IsFinite(number):
                throw new JsonataException("D3001");
            case ArrayValue { IsOuterWrapper: true } wrapper:
                value = wrapper[0]!;
                break;
        }

        return new JsonText(budget, Rounded, isPretty).Of(value);
    }

    public static StringValue Concatenated(Value? left, Value? right, Budget budget)
    {
        var first = left is null ? "" : Of(left, budget);
        var second = right is null ? "" : Of(right, budget);
        budget.CheckText((long)first.Length + second.Length);
        return new StringValue(first + second);
    }

    /// <summary>For an error's text; null where the value is undefined, a function, or more than one wants to read.</summary>
    public static string? Json(Value? value)
    {
        if (value is null or FunctionValue)
        {
            return null;
        }

        try
        {
            return new JsonText(new Budget(new EvaluationOptions { MaxSteps = 10_000 }), Numbers.ToJsonText).Of(value);
        }
        catch (JsonataException)
        {
            return null;
        }
    }

    private static string Rounded(NumberValue number) =>
        double.IsFinite(number.Value)
            ? Numbers.ToText(Numbers.ToPrecision15(number.Value))
            : throw new JsonataException("D1001") { Value = "null" };
}
