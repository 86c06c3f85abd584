using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Disa.Jsonata.Syntax;

/// <summary>Cuts the source into tokens, one at a time, because only the parser knows whether a slash divides or begins a regex.</summary>
internal sealed partial class Tokenizer(string source)
{
    private const string Space = " \t\n\r\v";
    private static readonly string[] Double = ["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"];
    private const string Single = ".[]{}(),@#;:?+-*/%|=<>^&!~";
    private int _position;

    /// <param name="infix">Whether an operand has just ended.</param>
    public Token Next(bool infix)
    {
        SkipSpaceAndComments();
        if (_position >= source.Length)
        {
            return new Token(TokenKind.End, "(end)", source.Length);
        }

        var start = _position;
        var current = source[start];
        if (current == '/' && !infix)
        {
            return Regex(start);
        }

        foreach (var symbol in Double)
        {
            if (string.CompareOrdinal(source, start, symbol, 0, 2) == 0)
            {
                _position += 2;
                return new Token(TokenKind.Operator, symbol, start);
            }
        }

        if (Single.Contains(current, StringComparison.Ordinal))
        {
            _position++;
            return new Token(TokenKind.Operator, current.ToString(), start);
        }

        if (current is '"' or '\'')
        {
            return Text(start, current);
        }

        if (NumberPattern().Match(source, start, source.Length - start) is { Success: true } number)
        {
            return Number(start, number.Value);
        }

        return current == '`' ? QuotedName(start) : Name(start);
    }

    private void SkipSpaceAndComments()
    {
        while (true)
        {
            while (_position < source.Length && Space.Contains(source[_position], StringComparison.Ordinal))
            {
                _position++;
            }

            if (string.CompareOrdinal(source, _position, "/*", 0, 2) != 0)
            {
                return;
            }

            var end = source.IndexOf("*/", _position + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new JsonataException("S0106") { Position = _position };
            }

            _position = end + 2;
        }
    }

    /// <summary>Up to a slash that is neither escaped nor inside brackets.</summary>
    private Token Regex(int start)
    {
        var depth = 0;
        for (var at = start + 1; at < source.Length; at++)
        {
            var isEscaped = source[at - 1] == '\\' && !(at > start + 2 && source[at - 2] == '\\');
            if (source[at] == '/' && !isEscaped && depth == 0)
            {
                if (at == start + 1)
                {
                    throw new JsonataException("S0301") { Position = at };
                }

                var end = at + 1;
                while (end < source.Length && source[end] is 'i' or 'm')
                {
                    end++;
                }

                _position = end;
                return new Token(TokenKind.Regex, source[(start + 1)..at], start, 0, source[(at + 1)..end]);
            }

            if (!isEscaped)
            {
                depth +=
                    source[at] is '(' or '[' or '{' ? 1
                    : source[at] is ')' or ']' or '}' ? -1
                    : 0;
            }
        }

        throw new JsonataException("S0302") { Position = source.Length };
    }

    private Token Text(int start, char quote)
    {
        var text = new StringBuilder();
        for (var at = start + 1; at < source.Length; at++)
        {
            if (source[at] == quote)
            {
                _position = at + 1;
                return new Token(TokenKind.String, text.ToString(), start);
            }

            if (source[at] != '\\')
            {
                text.Append(source[at]);
                continue;
            }

            at++;
            var escape = at < source.Length ? source[at] : '\0';
            if (escape == 'u')
            {
                text.Append(CodeUnit(at));
                at += 4;
            }
            else
            {
                text.Append(Unescaped(escape, at));
            }
        }

        throw new JsonataException("S0101") { Position = source.Length };
    }

    private char CodeUnit(int at)
    {
        var digits = source.AsSpan(Math.Min(at + 1, source.Length), Math.Clamp(source.Length - at - 1, 0, 4));
        return digits.Length == 4 && ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : throw new JsonataException("S0104") { Position = at };
    }

    private static char Unescaped(char escape, int at) =>
        escape switch
        {
            '"' or '\\' or '/' => escape,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw new JsonataException("S0103") { Position = at, Token = escape.ToString() },
        };

    private Token Number(int start, string text)
    {
        var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(number))
        {
            throw new JsonataException("S0102") { Position = start, Token = text };
        }

        _position = start + text.Length;
        return new Token(TokenKind.Number, text, start, number);
    }

    private Token QuotedName(int start)
    {
        var end = source.IndexOf('`', start + 1);
        if (end < 0)
        {
            throw new JsonataException("S0105") { Position = source.Length };
        }

        _position = end + 1;
        return new Token(TokenKind.Name, source[(start + 1)..end], start);
    }

    private Token Name(int start)
    {
        var end = start;
        while (
            end < source.Length
            && !Space.Contains(source[end], StringComparison.Ordinal)
            && !Single.Contains(source[end], StringComparison.Ordinal)
        )
        {
            end++;
        }

        _position = end;
        var name = source[start..end];
        if (name[0] == '$')
        {
            return new Token(TokenKind.Variable, name[1..], start);
        }

        return name switch
        {
            "or" or "in" or "and" => new Token(TokenKind.Operator, name, start),
            "true" or "false" or "null" => new Token(TokenKind.Literal, name, start),
            _ => new Token(TokenKind.Name, name, start),
        };
    }

    [GeneratedRegex(@"\G-?(0|([1-9][0-9]*))(\.[0-9]+)?([Ee][-+]?[0-9]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex NumberPattern();
}
