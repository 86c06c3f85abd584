using System.Globalization;
using System.Text.RegularExpressions;

namespace Disa.Emulator.Logs;

/// <summary>
/// The space-delimited half of filter patterns: <c>[ip, user, ..., status = 4*, bytes > 1000]</c>. What is in brackets or quotes is one field
/// of an event; an ellipsis stands for any number of fields, and without one the numbers must be the same.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html</remarks>
internal sealed class SpacePattern
{
    private const string Ellipsis = "...";

    /// <summary>How deeply parentheses may nest. AWS documents no number.</summary>
    private const int NestingLimit = 64;

    private readonly List<Column> columns = [];
    private readonly string text;
    private int at = 1;
    private int depth;

    private SpacePattern(string text) => this.text = text;

    /// <summary>Regular expressions in it.</summary>
    public int Expressions { get; private set; }

    /// <summary>The names that its fields have.</summary>
    public IEnumerable<string> Names => columns.Select(column => column.Name).Where(name => name != Ellipsis);

    /// <param name="text">With its brackets.</param>
    public static SpacePattern Parse(string text)
    {
        var pattern = new SpacePattern(text);
        do
        {
            pattern.columns.Add(pattern.Take(Ellipsis) ? new(Ellipsis, _ => true) : pattern.Next());
        } while (pattern.Take(","));

        return pattern.Take("]") && pattern.at == text.Length && pattern.columns.Count(column => column.Name == Ellipsis) <= 1
            ? pattern
            : throw Invalid();
    }

    /// <summary>The fields of an event by their names; null for one that does not match.</summary>
    public Dictionary<string, string>? Match(string message)
    {
        var fields = Fields(message);
        var open = columns.FindIndex(column => column.Name == Ellipsis);
        if (open < 0 ? fields.Count != columns.Count : fields.Count < columns.Count - 1)
        {
            return null;
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
        {
            if (i == open)
            {
                continue;
            }

            var field = fields[open >= 0 && i > open ? fields.Count - columns.Count + i : i];
            if (!columns[i].Takes(field))
            {
                return null;
            }

            found[columns[i].Name] = field;
        }

        return found;
    }

    private static List<string> Fields(string message)
    {
        var fields = new List<string>();
        for (var i = 0; i < message.Length; )
        {
            if (char.IsWhiteSpace(message[i]))
            {
                i++;
                continue;
            }

            var close = message[i] switch
            {
                '[' => message.IndexOf(']', i + 1),
                '"' => message.IndexOf('"', i + 1),
                _ => -1,
            };
            if (close > 0)
            {
                fields.Add(message[(i + 1)..close]);
                i = close + 1;
                continue;
            }

            var start = i;
            while (i < message.Length && !char.IsWhiteSpace(message[i]))
            {
                i++;
            }

            fields.Add(message[start..i]);
        }

        return fields;
    }

    private Column Next()
    {
        string? name = null;
        var takes = Any(ref name);
        return new(name!, takes);
    }

    private Predicate<string> Any(ref string? name)
    {
        var terms = new List<Predicate<string>> { All(ref name) };
        while (Take("||"))
        {
            terms.Add(All(ref name));
        }

        return terms.Count == 1 ? terms[0] : field => terms.Exists(term => term(field));
    }

    private Predicate<string> All(ref string? name)
    {
        var terms = new List<Predicate<string>> { One(ref name) };
        while (Take("&&"))
        {
            terms.Add(One(ref name));
        }

        return terms.Count == 1 ? terms[0] : field => terms.TrueForAll(term => term(field));
    }

    private Predicate<string> One(ref string? name)
    {
        if (Take("("))
        {
            if (++depth > NestingLimit)
            {
                throw Invalid();
            }

            var inner = Any(ref name);
            depth--;
            return Take(")") ? inner : throw Invalid();
        }

        var called = Word(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.');
        if ((name ??= called) != called)
        {
            throw Invalid();
        }

        if (Array.Find(["!=", ">=", "<=", "=", ">", "<"], Take) is not { } comparison)
        {
            return _ => true;
        }

        Space();
        return at < text.Length && text[at] == '%' ? Matching(comparison) : Comparing(comparison);
    }

    private Predicate<string> Matching(string comparison)
    {
        var end = text.IndexOf('%', at + 1);
        if (end < 0 || comparison is not ("=" or "!="))
        {
            throw Invalid();
        }

        var regex = JsonFilter.Expression(text[(at + 1)..end]);
        at = end + 1;
        Expressions++;
        return field => regex.IsMatch(field) == (comparison == "=");
    }

    private Predicate<string> Comparing(string comparison)
    {
        var isQuoted = text[at..].StartsWith('"');
        var operand = isQuoted ? Quoted() : Word(letter => !char.IsWhiteSpace(letter) && letter is not (',' or ']' or '&' or '|' or ')'));
        if (!isQuoted && Number(operand) is { } bound)
        {
            return field => Number(field) is { } value && JsonFilter.Compare(value, bound, comparison);
        }

        if (comparison is not ("=" or "!="))
        {
            throw Invalid();
        }

        var wildcard = JsonFilter.Expression("^" + Regex.Escape(operand).Replace("\\*", ".*", StringComparison.Ordinal) + "$");
        return field => wildcard.IsMatch(field) == (comparison == "=");
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string Quoted()
    {
        var end = text.IndexOf('"', at + 1);
        if (end < 0)
        {
            throw Invalid();
        }

        var value = text[(at + 1)..end];
        at = end + 1;
        return value;
    }

    private string Word(Func<char, bool> isOfIt)
    {
        Space();
        var start = at;
        while (at < text.Length && isOfIt(text[at]))
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

    private sealed record Column(string Name, Predicate<string> Takes);
}
