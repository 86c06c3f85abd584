using System.Globalization;
using System.Text;

namespace Disa.Asl.Data;

/// <summary>Where the reading of a path has got to, and the words that it reads next.</summary>
internal sealed class PathCursor(string text, int start)
{
    /// <summary>How deeply filters, parentheses, negations and lists may stand inside each other. AWS documents no number.</summary>
    private const int NestingLimit = 64;

    private int _depth;

    public int At { get; set; } = start;

    public bool IsAtEnd => At == text.Length;

    public char Next => At < text.Length ? text[At] : '\0';

    /// <summary>What was read since a place.</summary>
    public string Since(int from) => text[from..At];

    public string ReadName()
    {
        var from = At;
        while (char.IsLetterOrDigit(Next) || Next is '_' or '-' or ':' or '#' or '@' or '$' or '/')
        {
            At++;
        }

        return At > from ? Since(from) : throw Wrong();
    }

    public string ReadQuoted()
    {
        var quote = Next;
        if (quote is not ('\'' or '"'))
        {
            throw Wrong();
        }

        At++;
        var value = new StringBuilder();
        while (Next != quote)
        {
            if (At >= text.Length)
            {
                throw Wrong();
            }

            if (Next == '\\' && At + 1 < text.Length)
            {
                At++;
            }

            value.Append(Next);
            At++;
        }

        At++;
        return value.ToString();
    }

    public int? ReadInteger()
    {
        var from = At;
        while (char.IsAsciiDigit(Next) || Next == '-')
        {
            At++;
        }

        return At == from ? null
            : int.TryParse(text.AsSpan(from, At - from), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
            : throw Wrong();
    }

    public bool Take(string symbol)
    {
        Blanks();
        if (string.CompareOrdinal(text, At, symbol, 0, symbol.Length) != 0)
        {
            return false;
        }

        At += symbol.Length;
        return true;
    }

    public void Expect(char c)
    {
        if (Next != c)
        {
            throw Wrong();
        }

        At++;
    }

    public void Blanks()
    {
        while (Next == ' ')
        {
            At++;
        }
    }

    /// <summary>Called wherever the text may nest; who comes back calls <see cref="Shallower"/>.</summary>
    public void Deeper()
    {
        if (++_depth > NestingLimit)
        {
            throw new FormatException($"The path is nested more than {NestingLimit} levels deep: position {At}.");
        }
    }

    public void Shallower() => _depth--;

    /// <summary>What stands before the next such character; reading goes on behind it.</summary>
    public string ReadTo(char end)
    {
        var found = text.IndexOf(end, At);
        var read = found < 0 ? throw Wrong() : text[At..found];
        At = found + 1;
        return read;
    }

    public FormatException Wrong() => new($"'{text}' is not a valid path: position {At}.");
}
