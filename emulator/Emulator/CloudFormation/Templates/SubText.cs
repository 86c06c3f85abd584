using System.Text;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>The text of an <c>Fn::Sub</c>, cut into literal pieces and variables.</summary>
internal static class SubText
{
    /// <summary>One piece: literal text, or the name of a variable.</summary>
    public readonly record struct Piece(string Text, bool IsVariable);

    public static IEnumerable<Piece> Parse(string text)
    {
        var literal = new StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf("${", at, StringComparison.Ordinal);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                literal.Append(text, at, text.Length - at);
                break;
            }

            literal.Append(text, at, open - at);
            var name = text[(open + 2)..close];
            at = close + 1;
            if (name.StartsWith('!'))
            {
                literal.Append("${").Append(name, 1, name.Length - 1).Append('}');
                continue;
            }

            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':'))
            {
                throw TemplateErrors.Template(
                    "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"
                );
            }

            if (literal.Length > 0)
            {
                yield return new Piece(literal.ToString(), false);
                literal.Clear();
            }

            yield return new Piece(name, true);
        }

        if (literal.Length > 0)
        {
            yield return new Piece(literal.ToString(), false);
        }
    }

    /// <summary>The text and the map of an <c>Fn::Sub</c>'s argument.</summary>
    public static (string Text, MapNode Values) Arguments(Node argument) =>
        argument switch
        {
            TextNode text => (text.Text, MapNode.Empty),
            ListNode { Items: [TextNode text] } => (text.Text, MapNode.Empty),
            ListNode { Items: [TextNode text, MapNode values] } => (text.Text, values),
            _ => throw TemplateErrors.Template(
                "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string"
            ),
        };
}
