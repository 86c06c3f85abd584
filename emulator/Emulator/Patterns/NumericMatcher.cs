using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>The operator <c>numeric</c>: one bound, or a range between two.</summary>
internal static class NumericMatcher
{
    public static Func<JsonElement, bool> Of(JsonElement operand)
    {
        if (operand.ValueKind != JsonValueKind.Array)
        {
            throw EventPatternException.At(operand, "Value of numeric must be an array.");
        }

        var parts = operand.EnumerateArray().ToList();
        var tests = new List<Func<double, bool>> { Bound(operand, parts, 0) };
        if (parts.Count > 2)
        {
            if (parts[0].GetString() is not (">" or ">="))
            {
                throw EventPatternException.At(parts[2], "Too many elements in numeric expression");
            }

            if (parts[2].ValueKind != JsonValueKind.String)
            {
                throw EventPatternException.At(parts[2], "Bad value in numeric range: " + parts[2].GetRawText());
            }

            if (parts[2].GetString() is not ("<" or "<="))
            {
                throw EventPatternException.After(parts[2], "Bad numeric range operator: " + parts[2].GetString());
            }

            tests.Add(Bound(operand, parts, 2));
            if (parts.Count > 4)
            {
                throw EventPatternException.At(parts[4], "Too many terms in numeric range");
            }
        }

        return value => value.ValueKind == JsonValueKind.Number && tests.TrueForAll(test => test(value.GetDouble()));
    }

    /// <summary>An operator of a numeric expression, and the number behind it.</summary>
    private static Func<double, bool> Bound(JsonElement operand, List<JsonElement> parts, int at)
    {
        if (at >= parts.Count || parts[at].ValueKind != JsonValueKind.String)
        {
            throw at < parts.Count
                ? EventPatternException.At(parts[at], "Invalid member in numeric match: " + parts[at].GetRawText())
                : EventPatternException.After(operand, "Invalid member in numeric match: ]");
        }

        var name = parts[at].GetString();
        if (name is not ("=" or "<" or "<=" or ">" or ">="))
        {
            throw EventPatternException.After(parts[at], $"Unrecognized numeric range operator: {name}");
        }

        if (at + 1 >= parts.Count || parts[at + 1].ValueKind != JsonValueKind.Number)
        {
            var reason = $"Value of {(name == "=" ? "equals" : name)} must be numeric";
            throw at + 1 < parts.Count ? EventPatternException.At(parts[at + 1], reason) : EventPatternException.After(operand, reason);
        }

        var bound = parts[at + 1].GetDouble();
        if (Math.Abs(bound) > 5_000_000_000)
        {
            throw EventPatternException.At(parts[at + 1], "Value must be between -5.0E9 and 5.0E9, inclusive");
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
