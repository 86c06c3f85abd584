using System.Text.Json;
using System.Text.RegularExpressions;
using Disa.Jsonata;

namespace Disa.Emulator.Logs;

/// <summary>
/// CloudWatch Logs' filter patterns: terms (all of them), <c>?term</c> (any of them), <c>-term</c> (none of them), "phrases",
/// <c>%regex%</c>, and JSON patterns <c>{ $.a = "b" &amp;&amp; $.n &gt; 3 }</c>. Space-delimited patterns in brackets are refused.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
/// </summary>
internal sealed class FilterPattern
{
    private readonly Func<string, bool> matches;

    private FilterPattern(Func<string, bool> matches) => this.matches = matches;

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
            throw Aws.AwsException.NotImplemented("filter patterns for space-delimited events ([…])");
        }

        if (!trimmed.StartsWith('{'))
        {
            return new(Terms(trimmed));
        }

        var json = JsonFilter.Parse(trimmed);
        return new(message =>
        {
            if (!message.AsSpan().TrimStart().StartsWith("{"))
            {
                return false;
            }

            try
            {
                using var document = JsonInput.Document(message);
                return json(document.RootElement);
            }
            catch (JsonException)
            {
                return false;
            }
        });
    }

    public bool Matches(string message) => matches(message);

    private static Func<string, bool> Terms(string text)
    {
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
            list.Add(Term(text, ref at));
        }

        return message =>
            all.TrueForAll(term => term(message))
            && !none.Exists(term => term(message))
            && (any.Count == 0 || all.Count > 0 || none.Count > 0 || any.Exists(term => term(message)));
    }

    private static Func<string, bool> Term(string text, ref int at)
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
