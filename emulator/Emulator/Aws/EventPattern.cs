using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Disa.Emulator.Aws;

/// <summary>Why a text is no event pattern; each service wraps it in its own error.</summary>
public sealed class EventPatternException(string reason) : Exception(reason);

/// <summary>Whose pattern it is: event source mappings know neither <c>wildcard</c> nor <c>cidr</c>.</summary>
public enum PatternDialect { EventBridge, Lambda }

/// <summary>An event pattern of EventBridge rules and of Lambda's filter criteria: pure, compiled once, matched often.</summary>
/// <remarks>
/// Fields are matched by exact name; every field of the pattern must match, any value in its list does. A field of the event that
/// is an array matches when any element does, and an array of objects when one element fulfils all fields below it.
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
/// </remarks>
public sealed class EventPattern
{
    private const string Or = "$or";

    private readonly AllOf root;

    private EventPattern(AllOf root) => this.root = root;

    /// <exception cref="EventPatternException">With the reason as the services word it.</exception>
    public static EventPattern Parse(string text, PatternDialect dialect = PatternDialect.EventBridge)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw new EventPatternException("Filter is not valid JSON");
        }

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new EventPattern(Fields(document.RootElement, dialect))
                : throw new EventPatternException("Filter is not an object");
        }
    }

    public bool Matches(JsonElement json) => root.Matches(json);

    /// <summary>Whether an event can match whose top-level field has this value, whatever else is in it.</summary>
    public bool MayMatch(string field, JsonElement value) => root.MayMatch(field, value);

    private static AllOf Fields(JsonElement json, PatternDialect dialect)
    {
        var fields = new List<(string, Node)>();
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name == Or && IsOr(member.Value))
            {
                fields.Add((Or, new AnyOf([.. member.Value.EnumerateArray().Select(branch => (Node)Fields(branch, dialect))])));
                continue;
            }

            fields.Add((member.Name, member.Value.ValueKind switch
            {
                JsonValueKind.Object => Fields(member.Value, dialect),
                JsonValueKind.Array => Leaf(member.Value, dialect),
                _ => throw new EventPatternException($"\"{member.Name}\" must be an object or an array"),
            }));
        }

        return fields.Count > 0 ? new AllOf(fields) : throw new EventPatternException("Empty objects are not allowed");
    }

    /// <summary>A field may be called <c>$or</c> too: only a list of at least two objects is the operator.</summary>
    private static bool IsOr(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array && json.GetArrayLength() >= 2
        && json.EnumerateArray().All(branch => branch.ValueKind == JsonValueKind.Object);

    private static Values Leaf(JsonElement json, PatternDialect dialect)
    {
        var matchers = json.EnumerateArray().Select(value => Matcher(value, dialect)).ToArray();
        return matchers.Length > 0 ? new Values(matchers) : throw new EventPatternException("Empty arrays are not allowed");
    }

    /// <summary>A test of one scalar of the event; <c>Undefined</c> stands for a field that is not there.</summary>
    private static Func<JsonElement, bool> Matcher(JsonElement json, PatternDialect dialect)
    {
        if (json.ValueKind is JsonValueKind.Array)
        {
            throw new EventPatternException("Match value must be String, number, true, false, or null");
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return Exactly(json);
        }

        var operators = json.EnumerateObject().ToList();
        if (operators.Count != 1)
        {
            throw new EventPatternException("Only one key allowed in match expression");
        }

        var (name, operand) = (operators[0].Name, operators[0].Value);
        return name switch
        {
            "exists" => Exists(operand),
            "anything-but" => AnythingBut(operand, dialect),
            "numeric" => Numeric(operand),
            "prefix" or "suffix" or "equals-ignore-case" => Text(name, operand),
            "wildcard" when dialect == PatternDialect.EventBridge => Text(name, operand),
            "cidr" when dialect == PatternDialect.EventBridge => Cidr(operand),
            _ => throw new EventPatternException($"Unrecognized match type {name}"),
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

    private static Func<JsonElement, bool> Exists(JsonElement operand) => operand.ValueKind switch
    {
        JsonValueKind.True => value => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array),
        JsonValueKind.False => value => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array,
        _ => throw new EventPatternException("exists match pattern must be either true or false."),
    };

    private static Func<JsonElement, bool> AnythingBut(JsonElement operand, PatternDialect dialect)
    {
        Func<JsonElement, bool>[] excluded;
        if (operand.ValueKind == JsonValueKind.Object)
        {
            var operators = operand.EnumerateObject().ToList();
            if (operators is not [{ Name: "prefix" or "suffix" or "equals-ignore-case" or "wildcard" } inner] || (inner.Name == "wildcard" && dialect == PatternDialect.Lambda))
            {
                throw new EventPatternException("Unsupported anything-but pattern");
            }

            excluded = inner.Value.ValueKind == JsonValueKind.Array
                ? [.. inner.Value.EnumerateArray().Select(value => Text(inner.Name, value))]
                : [Text(inner.Name, inner.Value)];
        }
        else
        {
            var values = operand.ValueKind == JsonValueKind.Array ? operand.EnumerateArray().ToList() : [operand];
            if (values.Any(value => value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number)))
            {
                throw new EventPatternException("Inside anything but list, start|null|boolean is not supported.");
            }

            if (values.Select(value => value.ValueKind).Distinct().Count() > 1)
            {
                throw new EventPatternException("Inside anything but list, either all values are number or string, mixed type is not supported");
            }

            excluded = [.. values.Select(Exactly)];
        }

        if (excluded.Length == 0)
        {
            throw new EventPatternException("Empty arrays are not allowed");
        }

        return value => IsScalar(value) && !excluded.Any(matches => matches(value));
    }

    private static Func<JsonElement, bool> Text(string name, JsonElement operand)
    {
        var comparison = StringComparison.Ordinal;
        if (name is "prefix" or "suffix" && operand.ValueKind == JsonValueKind.Object
            && operand.EnumerateObject().ToList() is [{ Name: "equals-ignore-case" } inner])
        {
            (operand, comparison) = (inner.Value, StringComparison.OrdinalIgnoreCase);
        }

        if (operand.ValueKind != JsonValueKind.String)
        {
            throw new EventPatternException($"{name} match pattern must be a string");
        }

        var text = operand.GetString()!;
        if (text.Length == 0 && name != "equals-ignore-case")
        {
            throw new EventPatternException($"Null {name} not allowed");
        }

        Func<string, bool> matches = name switch
        {
            "prefix" => value => value.StartsWith(text, comparison),
            "suffix" => value => value.EndsWith(text, comparison),
            "equals-ignore-case" => value => value.Equals(text, StringComparison.OrdinalIgnoreCase),
            _ => Wildcard(text),
        };
        return value => value.ValueKind == JsonValueKind.String && matches(value.GetString()!);
    }

    private static Func<string, bool> Wildcard(string pattern)
    {
        if (pattern.Contains("**", StringComparison.Ordinal))
        {
            throw new EventPatternException("Consecutive wildcard characters at pos " + pattern.IndexOf("**", StringComparison.Ordinal).ToString(CultureInfo.InvariantCulture));
        }

        // The pieces between the stars; a backslash keeps a star or a backslash as it is.
        var pieces = new List<string>();
        var piece = new System.Text.StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                if (i + 1 >= pattern.Length || pattern[i + 1] is not ('*' or '\\'))
                {
                    throw new EventPatternException("Invalid escape character at pos " + i.ToString(CultureInfo.InvariantCulture));
                }

                piece.Append(pattern[++i]);
            }
            else if (pattern[i] == '*')
            {
                pieces.Add(piece.ToString());
                piece.Clear();
            }
            else
            {
                piece.Append(pattern[i]);
            }
        }

        pieces.Add(piece.ToString());
        return value => MatchPieces(pieces, value);
    }

    /// <param name="pieces">What stands between a pattern's stars.</param>
    internal static bool MatchPieces(IReadOnlyList<string> pieces, string value)
    {
        if (pieces.Count == 1)
        {
            return value == pieces[0];
        }

        if (!value.StartsWith(pieces[0], StringComparison.Ordinal))
        {
            return false;
        }

        var at = pieces[0].Length;
        for (var i = 1; i < pieces.Count - 1; i++)
        {
            var found = value.IndexOf(pieces[i], at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + pieces[i].Length;
        }

        return value.Length - at >= pieces[^1].Length && value.EndsWith(pieces[^1], StringComparison.Ordinal);
    }

    private static Func<JsonElement, bool> Numeric(JsonElement operand)
    {
        if (operand.ValueKind != JsonValueKind.Array)
        {
            throw new EventPatternException("Value of numeric must be an array.");
        }

        var parts = operand.EnumerateArray().ToList();
        if (parts.Count is not (2 or 4))
        {
            throw new EventPatternException(parts.Count > 4 ? "Too many elements in numeric expression" : "Invalid member in numeric match: expected an operator and a number");
        }

        var tests = new List<Func<double, bool>>();
        for (var i = 0; i < parts.Count; i += 2)
        {
            var name = parts[i].ValueKind == JsonValueKind.String ? parts[i].GetString() : throw new EventPatternException("Invalid member in numeric match: " + parts[i].GetRawText());
            if (parts[i + 1].ValueKind != JsonValueKind.Number)
            {
                throw new EventPatternException($"Value of {name} must be numeric");
            }

            var bound = parts[i + 1].GetDouble();
            if (Math.Abs(bound) > 5_000_000_000)
            {
                throw new EventPatternException("Value must be between -5.0E9 and 5.0E9, inclusive");
            }

            var (isUpper, isLower) = (name is "<" or "<=", name is ">" or ">=");
            if (parts.Count == 4 && (i == 0 ? !isLower : !isUpper))
            {
                throw new EventPatternException(i == 0 ? $"Too many elements in numeric expression after {name}" : $"Bad numeric range operator: {name}");
            }

            tests.Add(name switch
            {
                "=" => value => value.Equals(bound),
                "<" => value => value < bound,
                "<=" => value => value <= bound,
                ">" => value => value > bound,
                ">=" => value => value >= bound,
                _ => throw new EventPatternException($"Unrecognized numeric range operator: {name}"),
            });
        }

        return value => value.ValueKind == JsonValueKind.Number && tests.All(test => test(value.GetDouble()));
    }

    private static Func<JsonElement, bool> Cidr(JsonElement operand)
    {
        if (operand.ValueKind != JsonValueKind.String)
        {
            throw new EventPatternException("cidr match pattern must be a string");
        }

        var text = operand.GetString()!;
        if (text.Split('/') is not [var host, var bits] || !IPAddress.TryParse(host, out var address)
            || !int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > address.GetAddressBytes().Length * 8)
        {
            throw new EventPatternException($"Malformed CIDR, one '/' required: {text}");
        }

        var wanted = address.GetAddressBytes();
        return value =>
        {
            if (value.ValueKind != JsonValueKind.String || !IPAddress.TryParse(value.GetString(), out var candidate))
            {
                return false;
            }

            var bytes = candidate.GetAddressBytes();
            return bytes.Length == wanted.Length && Enumerable.Range(0, length)
                .All(bit => ((bytes[bit / 8] ^ wanted[bit / 8]) & (0x80 >> (bit % 8))) == 0);
        };
    }

    private static bool IsScalar(JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array);

    private abstract class Node
    {
        public abstract bool Matches(JsonElement json);
    }

    private sealed class AllOf(List<(string Name, Node Node)> fields) : Node
    {
        public override bool Matches(JsonElement json)
        {
            if (json.ValueKind == JsonValueKind.Array)
            {
                return json.GetArrayLength() > 0 ? json.EnumerateArray().Any(Matches) : Matches(default);
            }

            var isObject = json.ValueKind == JsonValueKind.Object;
            return fields.All(field => field.Node.Matches(
                field.Node is AnyOf ? json
                : isObject && json.TryGetProperty(field.Name, out var value) ? value
                : default));
        }

        public bool MayMatch(string name, JsonElement value) => fields.All(field => field.Name != name || field.Node.Matches(value));
    }

    private sealed class AnyOf(List<Node> branches) : Node
    {
        public override bool Matches(JsonElement json) => branches.Exists(branch => branch.Matches(json));
    }

    private sealed class Values(Func<JsonElement, bool>[] matchers) : Node
    {
        public override bool Matches(JsonElement json) =>
            json.ValueKind == JsonValueKind.Array && json.GetArrayLength() > 0
                ? json.EnumerateArray().Any(Matches)
                : Array.Exists(matchers, matches => matches(json.ValueKind == JsonValueKind.Array ? default : json));
    }
}
