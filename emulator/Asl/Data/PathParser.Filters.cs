using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Asl.Data;

/// <summary>The conditions of filters: <c>||</c> binds less than <c>&amp;&amp;</c>, and that less than <c>!</c>.</summary>
internal sealed partial class PathParser
{
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
}
