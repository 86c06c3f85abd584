using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Disa.Asl.Data;

/// <summary>Reads paths, also in the middle of an intrinsic function's arguments.</summary>
internal sealed partial class PathParser(string text, int start = 0)
{
    /// <summary>How deeply filters, parentheses, negations and lists may stand inside each other. AWS documents no number.</summary>
    private const int NestingLimit = 64;

    private int _at = start;
    private int _depth;

    /// <summary>Where reading stopped.</summary>
    public int End => _at;

    public JsonPath ParseWhole()
    {
        var path = Parse();
        return _at == text.Length ? path : throw Wrong();
    }

    public JsonPath Parse()
    {
        var from = _at;
        Expect('$');
        var root = PathRoot.Input;
        var variable = "";
        if (Next == '$')
        {
            _at++;
            root = PathRoot.Context;
        }
        else if (char.IsLetter(Next) || Next == '_')
        {
            root = PathRoot.Variable;
            variable = ReadName();
        }

        var segments = ParseSegments();
        return new JsonPath(text[from.._at], root, variable, segments);
    }

    private char Next => _at < text.Length ? text[_at] : '\0';

    private ImmutableArray<PathSegment> ParseSegments()
    {
        var segments = ImmutableArray.CreateBuilder<PathSegment>();
        while (true)
        {
            if (Next == '[')
            {
                segments.Add(ParseBracket());
            }
            else if (Next == '.')
            {
                _at++;
                if (Next == '.')
                {
                    _at++;
                    segments.Add(new DescentSegment());
                    if (Next == '[')
                    {
                        continue;
                    }
                }

                if (Next == '*')
                {
                    _at++;
                    segments.Add(new WildcardSegment());
                }
                else
                {
                    segments.Add(new NameSegment(ReadName()));
                }
            }
            else
            {
                return segments.ToImmutable();
            }
        }
    }

    private PathSegment ParseBracket()
    {
        Deeper();
        Expect('[');
        Blanks();
        PathSegment segment;
        if (Next == '*')
        {
            _at++;
            segment = new WildcardSegment();
        }
        else if (Next == '?')
        {
            _at++;
            var from = _at;
            Blanks();
            var filter = ParseOr();
            segment = new FilterSegment(filter, text[from.._at].Trim());
        }
        else if (Next is '\'' or '"')
        {
            var from = _at;
            var names = ParseList(ReadQuoted);
            segment = names.Length == 1 ? new NameSegment(names[0], Written(text[from.._at])) : new NamesSegment(names);
        }
        else
        {
            segment = ParseNumbers();
        }

        Blanks();
        Expect(']');
        _depth--;
        return segment;
    }

    /// <summary>What stands between the quotes, where it has escapes.</summary>
    private static string? Written(string quoted) => quoted.Contains('\\', StringComparison.Ordinal) ? quoted.Trim()[1..^1] : null;

    private PathSegment ParseNumbers()
    {
        var first = ReadInteger();
        Blanks();
        if (Next == ':')
        {
            _at++;
            Blanks();
            return new SliceSegment(first, ReadInteger());
        }

        if (first is not { } index)
        {
            throw Wrong();
        }

        var indexes = ImmutableArray.CreateBuilder<int>();
        indexes.Add(index);
        while (Next == ',')
        {
            _at++;
            Blanks();
            indexes.Add(ReadInteger() ?? throw Wrong());
            Blanks();
        }

        return indexes.Count == 1 ? new IndexSegment(index) : new IndexesSegment(indexes.ToImmutable());
    }

    private ImmutableArray<string> ParseList(Func<string> read)
    {
        var items = ImmutableArray.CreateBuilder<string>();
        items.Add(read());
        Blanks();
        while (Next == ',')
        {
            _at++;
            Blanks();
            items.Add(read());
            Blanks();
        }

        return items.ToImmutable();
    }

    private string ReadName()
    {
        var from = _at;
        while (char.IsLetterOrDigit(Next) || Next is '_' or '-' or ':' or '#' or '@' or '$' or '/')
        {
            _at++;
        }

        return _at > from ? text[from.._at] : throw Wrong();
    }

    private string ReadQuoted()
    {
        var quote = Next;
        if (quote is not ('\'' or '"'))
        {
            throw Wrong();
        }

        _at++;
        var value = new StringBuilder();
        while (Next != quote)
        {
            if (_at >= text.Length)
            {
                throw Wrong();
            }

            if (Next == '\\' && _at + 1 < text.Length)
            {
                _at++;
            }

            value.Append(Next);
            _at++;
        }

        _at++;
        return value.ToString();
    }

    private int? ReadInteger()
    {
        var from = _at;
        while (char.IsAsciiDigit(Next) || Next == '-')
        {
            _at++;
        }

        return _at == from ? null
            : int.TryParse(text.AsSpan(from, _at - from), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? value
            : throw Wrong();
    }

    private bool Take(string symbol)
    {
        Blanks();
        if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) != 0)
        {
            return false;
        }

        _at += symbol.Length;
        return true;
    }

    private void Expect(char c)
    {
        if (Next != c)
        {
            throw Wrong();
        }

        _at++;
    }

    private void Blanks()
    {
        while (Next == ' ')
        {
            _at++;
        }
    }

    /// <summary>Called wherever the text may nest; who comes back lets <see cref="_depth"/> go down again.</summary>
    private void Deeper()
    {
        if (++_depth > NestingLimit)
        {
            throw new FormatException($"The path is nested more than {NestingLimit} levels deep: position {_at}.");
        }
    }

    private FormatException Wrong() => new($"'{text}' is not a valid path: position {_at}.");
}
