using System.Globalization;
using System.Net;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Jsonata;

namespace Disa.Emulator.Patterns;

/// <summary>Why a text is no event pattern; each service wraps it in its own error.</summary>
public sealed class EventPatternException(string reason) : Exception(reason);

/// <summary>Whose pattern it is: event source mappings know neither <c>wildcard</c> nor <c>cidr</c>.</summary>
public enum PatternDialect
{
    EventBridge,
    Lambda,
}

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
            document = JsonInput.Document(text);
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

    public bool Matches(JsonElement json) => root.Matches(new View(json));

    /// <summary>Whether an event can match whose top-level field has this value, whatever else is in it.</summary>
    public bool MayMatch(string field, JsonElement value) => root.MayMatch(field, value);

    private static AllOf Fields(JsonElement json, PatternDialect dialect)
    {
        var fields = new AllOf();
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name == Or && IsOr(member.Value))
            {
                fields.Set(Or, new AnyOf([.. member.Value.EnumerateArray().Select(branch => (Node)Fields(branch, dialect))]));
                continue;
            }

            fields.Put(
                member.Name,
                member.Value.ValueKind switch
                {
                    JsonValueKind.Object => Fields(member.Value, dialect),
                    JsonValueKind.Array => Leaf(member.Value, dialect),
                    _ => throw new EventPatternException($"\"{member.Name}\" must be an object or an array"),
                }
            );
        }

        return !fields.IsEmpty ? fields : throw new EventPatternException("Empty objects are not allowed");
    }

    /// <summary>A field may be called <c>$or</c> too: only a list of at least two objects is the operator.</summary>
    private static bool IsOr(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array
        && json.GetArrayLength() >= 2
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

    private static Func<JsonElement, bool> Exists(JsonElement operand) =>
        operand.ValueKind switch
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
            if (
                operators is not [{ Name: "prefix" or "suffix" or "equals-ignore-case" or "wildcard" } inner]
                || (inner.Name == "wildcard" && dialect == PatternDialect.Lambda)
            )
            {
                throw new EventPatternException("Unsupported anything-but pattern");
            }

            excluded = AnythingBut(inner);
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
                throw new EventPatternException(
                    "Inside anything but list, either all values are number or string, mixed type is not supported"
                );
            }

            excluded = [.. values.Select(Exactly)];
        }

        if (excluded.Length == 0)
        {
            throw new EventPatternException("Empty arrays are not allowed");
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
                throw new EventPatternException("Value of anything-but must be an array or single string/number value.");
            }

            if (value.ValueKind != JsonValueKind.String)
            {
                throw new EventPatternException(
                    isList
                        ? $"Inside anything-but/{inner.Name} list, number|start|null|boolean is not supported."
                        : $"{(isEnd ? "prefix/suffix" : inner.Name)} match pattern must be a string"
                );
            }

            if (isEnd && value.GetString()!.Length == 0)
            {
                throw new EventPatternException("Null prefix/suffix not allowed");
            }
        }

        return isList ? [.. inner.Value.EnumerateArray().Select(value => Text(inner.Name, value))] : [Text(inner.Name, inner.Value)];
    }

    private static Func<JsonElement, bool> Text(string name, JsonElement operand)
    {
        var comparison = StringComparison.Ordinal;
        if (
            name is "prefix" or "suffix"
            && operand.ValueKind == JsonValueKind.Object
            && operand.EnumerateObject().ToList() is [{ Name: "equals-ignore-case" } inner]
        )
        {
            (operand, comparison) = (inner.Value, StringComparison.OrdinalIgnoreCase);
        }

        if (operand.ValueKind != JsonValueKind.String)
        {
            throw new EventPatternException($"{name} match pattern must be a string");
        }

        var text = operand.GetString()!;
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
            throw new EventPatternException(
                "Consecutive wildcard characters at pos "
                    + (pattern.IndexOf("**", StringComparison.Ordinal) + 1).ToString(CultureInfo.InvariantCulture)
            );
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

    private static Func<JsonElement, bool> Cidr(JsonElement operand)
    {
        if (operand.ValueKind != JsonValueKind.String)
        {
            // A slip of AWS's own (recorded).
            throw new EventPatternException("prefix match pattern must be a string");
        }

        var text = operand.GetString()!;
        if (text.Split('/') is not [var host, var bits])
        {
            throw new EventPatternException("Malformed CIDR, one '/' required");
        }

        if (!int.TryParse(bits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var length))
        {
            throw new EventPatternException("Malformed CIDR, mask bits must be an integer");
        }

        if (length < 0)
        {
            throw new EventPatternException("Malformed CIDR, mask bits must not be negative");
        }

        if (!IPAddress.TryParse(host, out var address))
        {
            throw new EventPatternException($"Nonstandard IP address: {host}");
        }

        if (length > address.GetAddressBytes().Length * 8)
        {
            throw new EventPatternException(
                address.GetAddressBytes().Length == 4 ? "IPv4 mask bits must be < 32" : "IPv6 mask bits must be < 128"
            );
        }

        var wanted = address.GetAddressBytes();
        return value =>
        {
            if (value.ValueKind != JsonValueKind.String || !IPAddress.TryParse(value.GetString(), out var candidate))
            {
                return false;
            }

            var bytes = candidate.GetAddressBytes();
            return bytes.Length == wanted.Length
                && Enumerable.Range(0, length).All(bit => ((bytes[bit / 8] ^ wanted[bit / 8]) & (0x80 >> (bit % 8))) == 0);
        };
    }

    private static bool IsScalar(JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array);

    /// <summary>
    /// A value of the event. A dot in a name is a path, in patterns and in events: a member <c>a.b</c> is seen as <c>b</c> in an object
    /// <c>a</c>, which is then that object's members whose names begin so.
    /// </summary>
    private readonly record struct View(JsonElement Json, string? Prefix = null)
    {
        private static readonly JsonElement Nested = OwnJson.Parse("{}"u8);

        public JsonElement Value => Prefix is null ? Json : Nested;

        public bool IsArray => Prefix is null && Json.ValueKind == JsonValueKind.Array;

        public View Get(string name)
        {
            if (Json.ValueKind != JsonValueKind.Object)
            {
                return default;
            }

            var full = Prefix is null ? name : Prefix + name;
            if (Json.TryGetProperty(full, out var value))
            {
                return new(value);
            }

            foreach (var member in Json.EnumerateObject())
            {
                if (
                    member.Name.Length > full.Length + 1
                    && member.Name[full.Length] == '.'
                    && member.Name.StartsWith(full, StringComparison.Ordinal)
                )
                {
                    return new(Json, full + ".");
                }
            }

            return default;
        }
    }

    private abstract class Node
    {
        public abstract bool Matches(View view);
    }

    private sealed class AllOf : Node
    {
        private readonly List<(string Name, Node Node)> fields = [];

        public bool IsEmpty => fields.Count == 0;

        /// <summary>A name twice: the last one counts.</summary>
        public void Set(string name, Node node)
        {
            fields.RemoveAll(field => field.Name == name);
            fields.Add((name, node));
        }

        /// <summary>The same, where a dot in the name is a path.</summary>
        public void Put(string name, Node node)
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || dot == name.Length - 1)
            {
                Set(name, node);
                return;
            }

            if (fields.Find(field => field.Name == name[..dot]).Node is not AllOf outer)
            {
                Set(name[..dot], outer = new AllOf());
            }

            outer.Put(name[(dot + 1)..], node);
        }

        public override bool Matches(View view)
        {
            if (view.IsArray)
            {
                return view.Json.GetArrayLength() > 0
                    ? view.Json.EnumerateArray().Any(element => Matches(new View(element)))
                    : Matches(default(View));
            }

            foreach (var (name, node) in fields)
            {
                if (!node.Matches(node is AnyOf ? view : view.Get(name)))
                {
                    return false;
                }
            }

            return true;
        }

        public bool MayMatch(string name, JsonElement value) =>
            fields.TrueForAll(field => field.Name != name || field.Node.Matches(new View(value)));
    }

    private sealed class AnyOf(List<Node> branches) : Node
    {
        public override bool Matches(View view) => branches.Exists(branch => branch.Matches(view));
    }

    private sealed class Values(Func<JsonElement, bool>[] matchers) : Node
    {
        public override bool Matches(View view) =>
            view.IsArray && view.Json.GetArrayLength() > 0
                ? view.Json.EnumerateArray().Any(element => Matches(new View(element)))
                : Array.Exists(matchers, matches => matches(view.IsArray ? default : view.Value));
    }
}
