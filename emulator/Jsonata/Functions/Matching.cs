using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Functions that take a matcher: a regular expression, or a function that answers as one does.</summary>
internal static class Matching
{
    public static Value? Match(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is null)
        {
            return null;
        }

        var found = ArrayValue.Sequence();
        var limit = Limit(arguments, 2, "D3040");
        for (var match = Start(call, arguments); match is not null && found.Count < limit; match = Next(call, match))
        {
            var entry = new ObjectValue();
            entry.Set("match", match["match"]);
            entry.Set("index", match["start"]);
            entry.Set("groups", match["groups"]);
            found.Add(entry);
        }

        return found;
    }

    public static Value? Contains(Call call, Value?[] arguments) =>
        arguments.Text(0) is not { } text || arguments.At(1) is null ? null
        : arguments.At(1) is StringValue part ? BooleanValue.Of(text.Contains(part.Value, StringComparison.Ordinal))
        : BooleanValue.Of(Start(call, arguments) is not null);

    public static Value? Split(Call call, Value?[] arguments)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var limit = Limit(arguments, 2, "D3020");
        if (arguments.At(1) is StringValue { Value: var separator })
        {
            var parts = separator.Length == 0 ? text.Select(unit => unit.ToString()) : text.Split(separator);
            call.Evaluator.Budget.Take(text.Length / 8);
            return new ArrayValue([.. parts.Take((int)Math.Min(Math.Floor(limit), int.MaxValue)).Select(part => new StringValue(part))]);
        }

        var found = ArrayValue.Plain();
        var start = 0;
        for (var match = Start(call, arguments); match is not null && found.Count < limit; match = Next(call, match))
        {
            found.Add(new StringValue(text[start..Math.Max(start, At(match, "start"))]));
            start = Math.Clamp(At(match, "end"), 0, text.Length);
        }

        if (found.Count < limit)
        {
            found.Add(new StringValue(text[start..]));
        }

        return found;
    }

    /// <summary>The first match of the second argument in the first.</summary>
    public static ObjectValue? Start(Call call, Value?[] arguments) => Invoke(call, arguments.At(1), [arguments[0]]);

    public static ObjectValue? Next(Call call, ObjectValue match) => Invoke(call, match["next"], []);

    public static int At(ObjectValue match, string name) => match[name] is NumberValue number ? (int)number.Value : 0;

    /// <summary>How many at most; infinitely many where no limit is given.</summary>
    public static double Limit(Value?[] arguments, int index, string code) =>
        arguments.Number(index) switch
        {
            null => double.PositiveInfinity,
            < 0 and var negative => throw new JsonataException(code) { Value = Numbers.ToText(negative), Index = index + 1 },
            { } limit => limit,
        };

    private static ObjectValue? Invoke(Call call, Value? matcher, Value?[] arguments)
    {
        call.Evaluator.Budget.Take(1);
        var result = call.Evaluator.Calls.Invoke(matcher, arguments, NullValue.Instance, call.Frame);
        if (result is null)
        {
            return null;
        }

        return
            result is ObjectValue match
            && (
                match["start"] is NumberValue
                || match["end"] is NumberValue
                || match["groups"] is ArrayValue
                || match["next"] is FunctionValue
            )
            ? match
            : throw new JsonataException("T1010");
    }
}
