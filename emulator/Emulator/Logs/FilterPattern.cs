using System.Text.Json;
using System.Text.RegularExpressions;
using Disa.Jsonata;

namespace Disa.Emulator.Logs;

/// <summary>
/// CloudWatch Logs' filter patterns: terms (all of them), <c>?term</c> (any of them), <c>-term</c> (none of them), "phrases",
/// <c>%regex%</c>, JSON patterns <c>{ $.a = "b" &amp;&amp; $.n &gt; 3 }</c>, and space-delimited ones, see <see cref="SpacePattern"/>.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
/// </summary>
internal sealed class FilterPattern
{
    private readonly Func<string, bool> matches;
    private readonly SpacePattern? spaces;
    private readonly bool isJson;

    private FilterPattern(Func<string, bool> matches, SpacePattern? spaces = null, bool isJson = false) =>
        (this.matches, this.spaces, this.isJson) = (matches, spaces, isJson);

    public static FilterPattern Parse(string text)
    {
        var trimmed = text.Trim();
        if (text.Length > 1024)
        {
            throw LogsErrors.Invalid(
                "1 validation error detected: Value at 'filterPattern' failed to satisfy constraint: Member must have length less than or equal to 1024"
            );
        }

        if (trimmed.StartsWith('['))
        {
            var fields = SpacePattern.Parse(trimmed);
            return Limited(new(message => fields.Match(message) is not null, fields) { Expressions = fields.Expressions });
        }

        if (!trimmed.StartsWith('{'))
        {
            return Limited(new(Terms(trimmed, out var expressions)) { Expressions = expressions });
        }

        var json = JsonFilter.Parse(trimmed, out var regular);
        return Limited(new(message => Json(message) is { } document && json(document), isJson: true) { Expressions = regular });
    }

    /// <summary>Regular expressions in it.</summary>
    public int Expressions { get; private init; }

    public bool Matches(string message) => matches(message);

    /// <summary>The fields of an event by <c>$name</c>, where the pattern names them; none otherwise.</summary>
    public IReadOnlyDictionary<string, string> Fields(string message) =>
        spaces?.Match(message)?.ToDictionary(field => "$" + field.Key, field => field.Value) ?? [];

    /// <summary>How a value is read from an event that matches: <c>$.path</c> of a JSON pattern, or <c>$name</c> of a space-delimited one.</summary>
    /// <returns>Null where the pattern has no such field.</returns>
    public Func<string, string?>? Selector(string field)
    {
        if (field.StartsWith("$.", StringComparison.Ordinal) || field.StartsWith("$[", StringComparison.Ordinal))
        {
            var find = JsonFilter.Selector(field);
            return isJson ? message => Json(message) is { } json ? find(json).Select(JsonFilter.TextOf).FirstOrDefault() : null : null;
        }

        return field.StartsWith('$') && spaces?.Names.Contains(field[1..]) == true
            ? message => spaces.Match(message)?.GetValueOrDefault(field[1..])
            : null;
    }

    /// <summary>"There is a quota of two regular expression patterns within a single filter pattern": API_PutMetricFilter.</summary>
    private static FilterPattern Limited(FilterPattern pattern) =>
        pattern.Expressions <= 2 ? pattern : throw LogsErrors.Invalid("Invalid filter pattern");

    private static JsonElement? Json(string message)
    {
        if (!message.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            return JsonInput.Parse(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Func<string, bool> Terms(string text, out int expressions)
    {
        expressions = 0;
        var (all, any, none) = (new List<Func<string, bool>>(), new List<Func<string, bool>>(), new List<Func<string, bool>>());
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var list = text[at] switch
            {
                '?' => any,
                '-' => none,
                _ => all,
            };
            at += list == all ? 0 : 1;
            list.Add(Term(text, ref at, ref expressions));
        }

        return message =>
            all.TrueForAll(term => term(message))
            && !none.Exists(term => term(message))
            && (any.Count == 0 || all.Count > 0 || none.Count > 0 || any.Exists(term => term(message)));
    }

    private static Func<string, bool> Term(string text, ref int at, ref int expressions)
    {
        string term;
        if (at < text.Length && text[at] is '"' or '%')
        {
            var quote = text[at];
            var end = at + 1;
            while (end < text.Length && text[end] != quote)
            {
                end += text[end] == '\\' ? 2 : 1;
            }

            if (end >= text.Length)
            {
                throw LogsErrors.Invalid("Invalid filter pattern");
            }

            term = text[(at + 1)..end];
            at = end + 1;
            if (quote == '%')
            {
                var regex = JsonFilter.Expression(term);
                expressions++;
                return message => regex.IsMatch(message);
            }

            term = term.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }
        else
        {
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            term = text[start..at];
            // Anything but letters, digits and underscores must be in quotes.
            if (
                term.Length == 0
                || !term.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '/' or '@' or '#' or ':' or '$' or '+' or '*')
            )
            {
                throw LogsErrors.Invalid("Invalid filter pattern");
            }
        }

        return message => message.Contains(term, StringComparison.Ordinal);
    }
}
