using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Asl.Data;

/// <summary>The conditions of filters: <c>||</c> binds less than <c>&amp;&amp;</c>, and that less than <c>!</c>.</summary>
internal sealed partial class PathParser
{
    private PathFilter ParseOr()
    {
        var first = ParseAnd();
        List<PathFilter>? all = null;
        while (Take("||"))
        {
            (all ??= [first]).Add(ParseAnd());
        }

        return all is null ? first : new OrFilter(all);
    }

    private PathFilter ParseAnd()
    {
        var first = ParseCondition();
        List<PathFilter>? all = null;
        while (Take("&&"))
        {
            (all ??= [first]).Add(ParseCondition());
        }

        return all is null ? first : new AndFilter(all);
    }

    private PathFilter ParseCondition()
    {
        if (Take("!"))
        {
            Deeper();
            var negated = ParseCondition();
            _depth--;
            return new NotFilter(negated);
        }

        if (Take("("))
        {
            Deeper();
            var inner = ParseOr();
            Blanks();
            Expect(')');
            _depth--;
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
        Deeper();
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
        _depth--;
        return Json.Array(items);
    }

    private Regex ReadPattern()
    {
        Expect('/');
        var end = text.IndexOf('/', _at);
        var pattern = end < 0 ? throw Wrong() : text[_at..end];
        _at = end + 1;
        var ignoreCase = Next == 'i';
        if (ignoreCase)
        {
            _at++;
        }

        return PathPattern.Of(pattern, ignoreCase);
    }
}
