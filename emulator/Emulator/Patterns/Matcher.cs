using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>One value in the list of a pattern's field: it becomes a test of one scalar of the event.</summary>
internal static class Matcher
{
    private const string Unfit = "Value of anything-but must be an array or single string/number value.";

    /// <summary>A test of one scalar of the event; <c>Undefined</c> stands for a field that is not there.</summary>
    public static Func<JsonElement, bool> Of(JsonElement json, PatternDialect dialect)
    {
        if (json.ValueKind is JsonValueKind.Array)
        {
            throw EventPatternException.At(json, "Match value must be String, number, true, false, or null");
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return Exactly(json);
        }

        var operators = json.EnumerateObject().ToList();
        if (operators.Count != 1)
        {
            throw operators.Count > 1
                ? EventPatternException.At(operators[1].Value, "Only one key allowed in match expression")
                : EventPatternException.After(json, "Only one key allowed in match expression");
        }

        var (name, operand) = (operators[0].Name, operators[0].Value);
        return name switch
        {
            "exists" => Exists(operand),
            "anything-but" => AnythingBut(operand, dialect),
            "numeric" => NumericMatcher.Of(operand),
            "prefix" or "suffix" or "equals-ignore-case" => TextMatcher.Of(name, operand),
            "wildcard" when dialect == PatternDialect.EventBridge => TextMatcher.Of(name, operand),
            "cidr" when dialect == PatternDialect.EventBridge => CidrMatcher.Of(operand),
            _ => throw EventPatternException.At(operand, $"Unrecognized match type {name}"),
        };
    }

    private static Func<JsonElement, bool> Exactly(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                var text = json.GetString();
                return value => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
            case JsonValueKind.Number:
                var raw = json.GetRawText();
                var number = json.GetDouble();
                return value => value.ValueKind == JsonValueKind.Number && (value.GetDouble().Equals(number) || value.GetRawText() == raw);
            default:
                var kind = json.ValueKind;
                return value => value.ValueKind == kind;
        }
    }

    private static Func<JsonElement, bool> Exists(JsonElement operand) =>
        operand.ValueKind switch
        {
            JsonValueKind.True => value => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array),
            JsonValueKind.False => value => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array,
            _ => throw EventPatternException.At(operand, "exists match pattern must be either true or false."),
        };

    private static Func<JsonElement, bool> AnythingBut(JsonElement operand, PatternDialect dialect)
    {
        Func<JsonElement, bool>[] excluded;
        if (operand.ValueKind == JsonValueKind.Object)
        {
            var operators = operand.EnumerateObject().ToList();
            if (
                operators is not [{ Name: "prefix" or "suffix" or "equals-ignore-case" or "wildcard" } inner]
                || (inner.Name == "wildcard" && dialect == PatternDialect.Lambda)
            )
            {
                throw EventPatternException.At(operators.Count > 0 ? operators[0].Value : operand, "Unsupported anything-but pattern");
            }

            excluded = AnythingBut(inner);
        }
        else
        {
            if (operand.ValueKind is not (JsonValueKind.Array or JsonValueKind.String or JsonValueKind.Number))
            {
                throw EventPatternException.At(operand, Unfit);
            }

            var values = operand.ValueKind == JsonValueKind.Array ? operand.EnumerateArray().ToList() : [operand];
            foreach (var value in values.Where(value => value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)))
            {
                throw EventPatternException.At(value, "Inside anything but list, start|null|boolean is not supported.", inList: true);
            }

            if (values.Select(value => value.ValueKind).Distinct().Count() > 1)
            {
                throw EventPatternException.After(
                    operand,
                    "Inside anything but list, either all values are number or string, mixed type is not supported"
                );
            }

            excluded = [.. values.Select(Exactly)];
        }

        if (excluded.Length == 0)
        {
            throw EventPatternException.After(operand, "Empty arrays are not allowed");
        }

        return value => IsScalar(value) && !excluded.Any(matches => matches(value));
    }

    private static Func<JsonElement, bool>[] AnythingBut(JsonProperty inner)
    {
        var isList = inner.Value.ValueKind == JsonValueKind.Array;
        var isEnd = inner.Name is "prefix" or "suffix";
        foreach (var value in isList ? inner.Value.EnumerateArray().ToList() : [inner.Value])
        {
            if (value.ValueKind == JsonValueKind.Object && isEnd)
            {
                throw EventPatternException.At(value, Unfit);
            }

            if (value.ValueKind != JsonValueKind.String)
            {
                // AWS has one sentence for each operator, whether it has one value or a list of them (recorded).
                var reason = inner.Name switch
                {
                    "equals-ignore-case" => "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
                    "wildcard" => "wildcard match pattern must be a string",
                    _ => "prefix/suffix match pattern must be a string",
                };
                throw EventPatternException.At(value, reason, isList);
            }

            if (isEnd && value.GetString()!.Length == 0)
            {
                throw EventPatternException.After(value, "Null prefix/suffix not allowed", isList);
            }
        }

        return isList
            ? [.. inner.Value.EnumerateArray().Select(value => TextMatcher.Of(inner.Name, value))]
            : [TextMatcher.Of(inner.Name, inner.Value)];
    }

    private static bool IsScalar(JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array);
}
