using System.Text;
using System.Text.RegularExpressions;
using Disa.Jsonata.Syntax;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>A regular expression is a function: from a text to its first match, which has a function for the next.</summary>
internal sealed class RegexFunction(RegexNode node) : FunctionValue
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    public override int Arity => 1;

    /// <summary>As JavaScript reads it: classes such as \d are ASCII, and $ is the end of the text alone.</summary>
    public static Regex Compile(Token token)
    {
        var isMultiline = token.Flags.Contains('m', StringComparison.Ordinal);
        var options =
            (token.Flags.Contains('i', StringComparison.Ordinal) ? RegexOptions.IgnoreCase : RegexOptions.None)
            | (isMultiline ? RegexOptions.Multiline : RegexOptions.None);
        var pattern = isMultiline ? token.Text : EndOfText(token.Text);
        try
        {
            return new Regex(pattern, options | RegexOptions.ECMAScript, Limit);
        }
        catch (ArgumentException)
        {
            return Extended(token, pattern, options);
        }
    }

    public ObjectValue? Match(Value? text) => text is StringValue { Value: var input } ? Match(input, 0) : null;

    /// <summary>Lookbehinds and Unicode classes, which the strict reading has not.</summary>
    private static Regex Extended(Token token, string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern, options | RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException wrong)
        {
            throw new JsonataException("S0303")
            {
                Position = token.Position,
                Text = $"Invalid regular expression: /{token.Text}/: {wrong.Message}",
            };
        }
    }

    private static string EndOfText(string pattern)
    {
        var changed = new StringBuilder(pattern.Length);
        var isClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                changed.Append(pattern, i++, 2);
                continue;
            }

            isClass = pattern[i] == '[' || (isClass && pattern[i] != ']');
            changed.Append(pattern[i] == '$' && !isClass ? "\\z" : pattern[i].ToString());
        }

        return changed.ToString();
    }

    private ObjectValue? Match(string input, int from)
    {
        Match match;
        try
        {
            match = node.Regex.Match(input, from);
        }
        catch (RegexMatchTimeoutException)
        {
            throw Budget.TooLong();
        }

        if (!match.Success)
        {
            return null;
        }

        var end = match.Index + match.Length;
        var found = new ObjectValue();
        found.Set("match", new StringValue(match.Value));
        found.Set("start", new NumberValue(match.Index));
        found.Set("end", new NumberValue(end));
        found.Set(
            "groups",
            new ArrayValue([.. match.Groups.Values.Skip(1).Select(group => group.Success ? new StringValue(group.Value) : null)])
        );
        found.Set("next", new NativeFunction(0, null, (_, _) => end >= input.Length ? null : Next(input, end)));
        return found;
    }

    private ObjectValue? Next(string input, int from)
    {
        var next = Match(input, from);
        return next?["match"] is StringValue { Value: "" }
            ? throw new JsonataException("D1004") { Position = node.Position, Value = $"\"{node.Pattern}\"" }
            : next;
    }
}
