using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Emulator.Logs;

/// <summary>The JSON half of filter patterns: comparisons of <c>$.path</c> joined by <c>&amp;&amp;</c>, <c>||</c> and parentheses.</summary>
internal sealed class JsonFilter
{
    /// <summary>How deeply parentheses may nest. AWS documents no number.</summary>
    private const int NestingLimit = 64;

    private readonly string text;
    private int at;
    private int depth;
    private int expressions;

    private JsonFilter(string text) => this.text = text;

    /// <param name="pattern">With its braces.</param>
    /// <param name="expressions">How many regular expressions are in it.</param>
    public static Func<JsonElement, bool> Parse(string pattern, out int expressions)
    {
        if (!pattern.EndsWith('}'))
        {
            throw Invalid();
        }

        var parser = new JsonFilter(pattern[1..^1]);
        var filter = parser.Any();
        parser.Space();
        expressions = parser.expressions;
        return parser.at == parser.text.Length ? filter : throw Invalid();
    }

    /// <summary>What <c>$.path</c> finds in an event's JSON.</summary>
    /// <exception cref="Aws.AwsException">InvalidParameterException: it is not a path.</exception>
    public static Func<JsonElement, IEnumerable<JsonElement>> Selector(string path)
    {
        var parser = new JsonFilter(path);
        var steps = parser.Path();
        return parser.at == path.Length ? json => Find(json, steps) : throw Invalid();
    }

    /// <summary>A value as its event has it, texts without quotes.</summary>
    public static string TextOf(JsonElement value) => Plain(value);

    public static Regex Expression(string text)
    {
        try
        {
            // A pattern of the caller's own runs over every event: linear time only.
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            throw Invalid();
        }
    }

    private Func<JsonElement, bool> Any()
    {
        var terms = new List<Func<JsonElement, bool>> { All() };
        while (Take("||"))
        {
            terms.Add(All());
        }

        return terms.Count == 1 ? terms[0] : json => terms.Exists(term => term(json));
    }

    private Func<JsonElement, bool> All()
    {
        var terms = new List<Func<JsonElement, bool>> { One() };
        while (Take("&&"))
        {
            terms.Add(One());
        }

        return terms.Count == 1 ? terms[0] : json => terms.TrueForAll(term => term(json));
    }

    private Func<JsonElement, bool> One()
    {
        if (Take("("))
        {
            if (++depth > NestingLimit)
            {
                throw Invalid();
            }

            var inner = Any();
            depth--;
            return Take(")") ? inner : throw Invalid();
        }

        var path = Path();
        if (Take("IS NULL"))
        {
            return json => Find(json, path).Any(value => value.ValueKind == JsonValueKind.Null);
        }

        if (Take("IS TRUE"))
        {
            return json => Find(json, path).Any(value => value.ValueKind == JsonValueKind.True);
        }

        if (Take("IS FALSE"))
        {
            return json => Find(json, path).Any(value => value.ValueKind == JsonValueKind.False);
        }

        if (Take("NOT EXISTS"))
        {
            return json => !Find(json, path).Any();
        }

        if (Take("EXISTS"))
        {
            return json => Find(json, path).Any();
        }

        return Comparison(path);
    }

    private Func<JsonElement, bool> Comparison(List<string> path)
    {
        var name = Array.Find(["!=", ">=", "<=", "=", ">", "<"], Take) ?? throw Invalid();
        Space();
        if (at < text.Length && text[at] == '%')
        {
            var end = text.IndexOf('%', at + 1);
            if (end < 0 || name is not ("=" or "!="))
            {
                throw Invalid();
            }

            var regex = Expression(text[(at + 1)..end]);
            at = end + 1;
            expressions++;
            return json => Find(json, path).Any(value => IsScalar(value) && regex.IsMatch(Plain(value)) == (name == "="));
        }

        var quoted = at < text.Length && text[at] == '"';
        var operand = quoted ? Quoted() : Word();
        if (!quoted && double.TryParse(operand, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return json =>
                Find(json, path).Any(value => value.ValueKind == JsonValueKind.Number && Compare(value.GetDouble(), number, name));
        }

        if (name is not ("=" or "!="))
        {
            throw Invalid();
        }

        var wildcard = Expression("^" + Regex.Escape(operand).Replace("\\*", ".*", StringComparison.Ordinal) + "$");
        return json => Find(json, path).Any(value => IsScalar(value) && wildcard.IsMatch(Plain(value)) == (name == "="));
    }

    public static bool Compare(double value, double bound, string name) =>
        name switch
        {
            "=" => value.Equals(bound),
            "!=" => !value.Equals(bound),
            ">" => value > bound,
            "<" => value < bound,
            ">=" => value >= bound,
            _ => value <= bound,
        };

    private List<string> Path()
    {
        Space();
        if (!Take("$"))
        {
            throw Invalid();
        }

        var path = new List<string>();
        while (at < text.Length)
        {
            if (text[at] == '.')
            {
                at++;
                var start = at;
                while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '-' or '@'))
                {
                    at++;
                }

                path.Add(at > start ? text[start..at] : throw Invalid());
            }
            else if (text[at] == '[')
            {
                var end = text.IndexOf(']', at);
                var index = end < 0 ? throw Invalid() : text[(at + 1)..end].Trim();
                path.Add(
                    index.Length > 1 && index[0] is '\'' or '"' ? index[1..^1]
                    : index == "*" || int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "[" + index
                    : throw Invalid()
                );
                at = end + 1;
            }
            else
            {
                break;
            }
        }

        return path.Count > 0 ? path : throw Invalid();
    }

    private static IEnumerable<JsonElement> Find(JsonElement json, List<string> path)
    {
        IEnumerable<JsonElement> found = [json];
        foreach (var step in path)
        {
            found = found.SelectMany(value => Step(value, step));
        }

        return found;
    }

    private static List<JsonElement> Step(JsonElement value, string step)
    {
        if (!step.StartsWith('['))
        {
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(step, out var member) ? [member] : [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        return step == "[*" ? [.. value.EnumerateArray()]
            : int.Parse(step.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture) is var index && index < value.GetArrayLength()
                ? [value[index]]
            : [];
    }

    private static bool IsScalar(JsonElement value) => value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array);

    private static string Plain(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private string Quoted()
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                at++;
            }

            value.Append(text[at]);
        }

        return at++ < text.Length ? value.ToString() : throw Invalid();
    }

    private string Word()
    {
        var start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && text[at] is not (')' or '&' or '|'))
        {
            at++;
        }

        return at > start ? text[start..at] : throw Invalid();
    }

    private bool Take(string token)
    {
        Space();
        if (string.CompareOrdinal(text, at, token, 0, token.Length) != 0)
        {
            return false;
        }

        at += token.Length;
        return true;
    }

    private void Space()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }

    private static Aws.AwsException Invalid() => LogsErrors.Invalid("Invalid filter pattern");
}
