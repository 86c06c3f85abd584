using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Asl.Data;

/// <summary>Reads paths, also in the middle of an intrinsic function's arguments.</summary>
internal sealed class PathParser(string text, int start = 0)
{
    private int _at = start;

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
            var names = ParseList(ReadQuoted);
            segment = names.Length == 1 ? new NameSegment(names[0]) : new NamesSegment(names);
        }
        else
        {
            segment = ParseNumbers();
        }

        Blanks();
        Expect(']');
        return segment;
    }

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

    private PathFilter ParseOr()
    {
        var left = ParseAnd();
        while (Take("||"))
        {
            left = new OrFilter(left, ParseAnd());
        }

        return left;
    }

    private PathFilter ParseAnd()
    {
        var left = ParseCondition();
        while (Take("&&"))
        {
            left = new AndFilter(left, ParseCondition());
        }

        return left;
    }

    private PathFilter ParseCondition()
    {
        if (Take("!"))
        {
            return new NotFilter(ParseCondition());
        }

        if (Take("("))
        {
            var inner = ParseOr();
            Blanks();
            Expect(')');
            return inner;
        }

        var left = ParseOperand();
        foreach (var symbol in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "=~", "<", ">", "in ", "nin "])
        {
            if (Take(symbol))
            {
                return new CompareFilter(left, symbol.Trim(), ParseOperand());
            }
        }

        return left.Path is not null ? new ExistsFilter(left) : throw Wrong();
    }

    private FilterOperand ParseOperand()
    {
        Blanks();
        switch (Next)
        {
            case '@' or '$':
                var fromRoot = Next == '$';
                var from = _at++;
                var segments = ParseSegments();
                return new FilterOperand(default, null, new JsonPath(text[from.._at], PathRoot.Input, "", segments), fromRoot);
            case '\'' or '"':
                return new FilterOperand(Json.Of(ReadQuoted()), null, null, false);
            case '/':
                return new FilterOperand(default, ReadPattern(), null, false);
            case '[':
                return new FilterOperand(ReadLiteralList(), null, null, false);
        }

        foreach (var word in (ReadOnlySpan<string>)["true", "false", "null"])
        {
            if (Take(word))
            {
                return new FilterOperand(JsonElement.Parse(word), null, null, false);
            }
        }

        var begin = _at;
        while (char.IsAsciiDigit(Next) || Next is '-' or '+' or '.' or 'e' or 'E')
        {
            _at++;
        }

        return FilterOperand.Number(text[begin.._at]);
    }

    private JsonElement ReadLiteralList()
    {
        Expect('[');
        var items = new List<JsonElement>();
        Blanks();
        while (Next != ']')
        {
            items.Add(ParseOperand().Literal);
            Blanks();
            if (Next == ',')
            {
                _at++;
            }
            else if (Next != ']')
            {
                throw Wrong();
            }
        }

        Expect(']');
        return Json.Array(items);
    }

    private Regex ReadPattern()
    {
        Expect('/');
        var end = text.IndexOf('/', _at);
        var pattern = end < 0 ? throw Wrong() : text[_at..end];
        _at = end + 1;
        var options = RegexOptions.CultureInvariant;
        if (Next == 'i')
        {
            _at++;
            options |= RegexOptions.IgnoreCase;
        }

        return new Regex($"^(?:{pattern})$", options, TimeSpan.FromSeconds(1));
    }

    private string ReadName()
    {
        var from = _at;
        while (char.IsLetterOrDigit(Next) || Next is '_' or '-')
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

        return _at == from ? null :
            int.TryParse(text.AsSpan(from, _at - from), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong();
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

    private FormatException Wrong() => new($"'{text}' is not a valid path: position {_at}.");
}
