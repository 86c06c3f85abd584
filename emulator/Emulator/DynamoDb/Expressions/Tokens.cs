using System.Collections.Concurrent;

namespace Disa.Emulator.DynamoDb.Expressions;

internal enum TokenKind
{
    End,
    Word,
    Name,
    Value,
    Number,
    Symbol,
}

/// <summary>A piece of an expression's text.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start)
{
    public int End => Start + Text.Length;

    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>An expression's text cut into tokens, and what AWS says where they make no sense.</summary>
internal sealed class Tokens
{
    private const int MostKnown = 200;

    /// <summary>Programs send the same few expressions over and over; a list is not changed once it is cut.</summary>
    private static readonly ConcurrentDictionary<string, List<Token>> Known = new(StringComparer.Ordinal);

    private readonly string text;
    private readonly string parameter;
    private readonly List<Token> tokens;
    private int at;

    public Tokens(string text, string parameter)
    {
        this.text = text;
        this.parameter = parameter;
        if (Known.TryGetValue(text, out var known))
        {
            tokens = known;
            return;
        }

        tokens = [];
        Cut();
        if (Known.Count >= MostKnown)
        {
            Known.Clear();
        }

        Known[text] = tokens;
    }

    /// <summary>How many operators and functions there are; the <c>AND</c> of a <c>BETWEEN</c> is a part of it.</summary>
    public int Operators
    {
        get
        {
            var count = 0;
            for (var i = 0; i < tokens.Count; i++)
            {
                var token = tokens[i];
                count += token.Kind switch
                {
                    TokenKind.Symbol => token.Text is "=" or "<>" or "<" or "<=" or ">" or ">=" or "+" or "-" ? 1 : 0,
                    TokenKind.Word when token.IsWord("BETWEEN") => 0,
                    TokenKind.Word when token.IsWord("AND") || token.IsWord("OR") || token.IsWord("NOT") || token.IsWord("IN") => 1,
                    TokenKind.Word => tokens[Math.Min(i + 1, tokens.Count - 1)].Is("(") ? 1 : 0,
                    _ => 0,
                };
            }

            return count;
        }
    }

    public Token Current => tokens[at];

    public Token Next => tokens[Math.Min(at + 1, tokens.Count - 1)];

    public Token Take()
    {
        var token = tokens[at];
        if (at < tokens.Count - 1)
        {
            at++;
        }

        return token;
    }

    public bool TryTake(string symbol)
    {
        if (!Current.Is(symbol))
        {
            return false;
        }

        Take();
        return true;
    }

    public bool TryTakeWord(string word)
    {
        if (!Current.IsWord(word))
        {
            return false;
        }

        Take();
        return true;
    }

    public void Expect(string symbol)
    {
        if (!TryTake(symbol))
        {
            throw Syntax();
        }
    }

    /// <summary>The token after the parenthesis that closes the one here.</summary>
    public Token AfterParentheses()
    {
        var depth = 0;
        for (var i = at; i < tokens.Count; i++)
        {
            depth +=
                tokens[i].Is("(") ? 1
                : tokens[i].Is(")") ? -1
                : 0;
            if (depth == 0)
            {
                return tokens[Math.Min(i + 1, tokens.Count - 1)];
            }
        }

        return tokens[^1];
    }

    public Exception Syntax()
    {
        var token = Current;
        var from = at > 0 ? tokens[at - 1].Start : token.Start;
        var to =
            token.Kind == TokenKind.End ? text.TrimEnd().Length
            : Next.Kind == TokenKind.End ? token.End
            : Next.End;
        return Errors.Validation(
            $"Invalid {parameter}: Syntax error; token: \"{(token.Kind == TokenKind.End ? "<EOF>" : token.Text)}\", near: \"{text[from..Math.Max(from, to)]}\""
        );
    }

    private void Cut()
    {
        var i = 0;
        while (i < text.Length)
        {
            var character = text[i];
            if (character is ' ' or '\t' or '\r' or '\n')
            {
                i++;
                continue;
            }

            var start = i;
            TokenKind kind;
            if (IsWordStart(character) || (character is '#' or ':' && i + 1 < text.Length && IsWordPart(text[i + 1])))
            {
                kind =
                    character == '#' ? TokenKind.Name
                    : character == ':' ? TokenKind.Value
                    : TokenKind.Word;
                i++;
                while (i < text.Length && IsWordPart(text[i]))
                {
                    i++;
                }
            }
            else if (char.IsAsciiDigit(character))
            {
                kind = TokenKind.Number;
                while (i < text.Length && char.IsAsciiDigit(text[i]))
                {
                    i++;
                }
            }
            else
            {
                kind = TokenKind.Symbol;
                i += i + 1 < text.Length && text.AsSpan(i, 2) is "<>" or "<=" or ">=" ? 2 : 1;
                if (i - start == 1 && character is not ('(' or ')' or '[' or ']' or ',' or '.' or '=' or '<' or '>' or '+' or '-'))
                {
                    throw Errors.Validation($"Invalid {parameter}: Syntax error; token: \"{character}\", near: \"{Near(start)}\"");
                }
            }

            tokens.Add(new Token(kind, text[start..i], start));
        }

        tokens.Add(new Token(TokenKind.End, "", text.Length));
    }

    private string Near(int start)
    {
        var from = tokens.Count > 0 ? tokens[^1].Start : start;
        var to = start + 1;
        while (to < text.Length && IsWordPart(text[to]))
        {
            to++;
        }

        return text[from..to];
    }

    private static bool IsWordStart(char character) => char.IsAsciiLetter(character) || character == '_';

    private static bool IsWordPart(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';
}
