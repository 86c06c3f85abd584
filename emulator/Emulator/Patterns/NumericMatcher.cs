using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>The operator <c>numeric</c>: one bound, or a range between two.</summary>
internal static class NumericMatcher
{
    public static Func<JsonElement, bool> Of(JsonElement operand)
    {
        if (operand.ValueKind != JsonValueKind.Array)
        {
            throw new EventPatternException("Value of numeric must be an array.");
        }

        var parts = operand.EnumerateArray().ToList();
        var tests = new List<Func<double, bool>> { Bound(parts, 0) };
        if (parts.Count > 2)
        {
            if (parts[0].GetString() is not (">" or ">="))
            {
                throw new EventPatternException("Too many elements in numeric expression");
            }

            if (parts[2].ValueKind != JsonValueKind.String)
            {
                throw new EventPatternException("Bad value in numeric range: " + parts[2].GetRawText());
            }

            if (parts[2].GetString() is not ("<" or "<="))
            {
                throw new EventPatternException("Bad numeric range operator: " + parts[2].GetString());
            }

            tests.Add(Bound(parts, 2));
            if (parts.Count > 4)
            {
                throw new EventPatternException("Too many terms in numeric range");
            }
        }

        return value => value.ValueKind == JsonValueKind.Number && tests.TrueForAll(test => test(value.GetDouble()));
    }

    /// <summary>An operator of a numeric expression, and the number behind it.</summary>
    private static Func<double, bool> Bound(List<JsonElement> parts, int at)
    {
        if (at >= parts.Count || parts[at].ValueKind != JsonValueKind.String)
        {
            throw new EventPatternException("Invalid member in numeric match: " + (at < parts.Count ? parts[at].GetRawText() : "]"));
        }

        var name = parts[at].GetString();
        if (name is not ("=" or "<" or "<=" or ">" or ">="))
        {
            throw new EventPatternException($"Unrecognized numeric range operator: {name}");
        }

        if (at + 1 >= parts.Count || parts[at + 1].ValueKind != JsonValueKind.Number)
        {
            throw new EventPatternException($"Value of {(name == "=" ? "equals" : name)} must be numeric");
        }

        var bound = parts[at + 1].GetDouble();
        if (Math.Abs(bound) > 5_000_000_000)
        {
            throw new EventPatternException("Value must be between -5.0E9 and 5.0E9, inclusive");
        }

        return name switch
        {
            "=" => value => value.Equals(bound),
            "<" => value => value < bound,
            "<=" => value => value <= bound,
            ">" => value => value > bound,
            _ => value => value >= bound,
        };
    }
}
