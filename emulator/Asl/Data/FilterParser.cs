using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Disa.Asl.Data;

/// <summary>The conditions of filters: <c>||</c> binds less than <c>&amp;&amp;</c>, and that less than <c>!</c>.</summary>
internal sealed class FilterParser(PathCursor cursor, Func<ImmutableArray<PathSegment>> parseSegments)
{
    public PathFilter Parse()
    {
        var first = ParseAnd();
        List<PathFilter>? all = null;
        while (cursor.Take("||"))
        {
            (all ??= [first]).Add(ParseAnd());
        }

        return all is null ? first : new OrFilter(all);
    }

    private PathFilter ParseAnd()
    {
        var first = ParseCondition();
        List<PathFilter>? all = null;
        while (cursor.Take("&&"))
        {
            (all ??= [first]).Add(ParseCondition());
        }

        return all is null ? first : new AndFilter(all);
    }

    private PathFilter ParseCondition()
    {
        if (cursor.Take("!"))
        {
            cursor.Deeper();
            var negated = ParseCondition();
            cursor.Shallower();
            return new NotFilter(negated);
        }

        if (cursor.Take("("))
        {
            cursor.Deeper();
            var inner = Parse();
            cursor.Blanks();
            cursor.Expect(')');
            cursor.Shallower();
            return inner;
        }

        var left = ParseOperand();
        foreach (var symbol in (ReadOnlySpan<string>)["==", "!=", "<=", ">=", "=~", "<", ">", "in ", "nin "])
        {
            if (cursor.Take(symbol))
            {
                return new CompareFilter(left, symbol.Trim(), ParseOperand());
            }
        }

        return left.Path is not null ? new ExistsFilter(left) : throw cursor.Wrong();
    }

    private FilterOperand ParseOperand()
    {
        cursor.Blanks();
        switch (cursor.Next)
        {
            case '@' or '$':
                var fromRoot = cursor.Next == '$';
                var from = cursor.At++;
                var segments = parseSegments();
                return new FilterOperand(default, null, new JsonPath(cursor.Since(from), PathRoot.Input, "", segments), fromRoot);
            case '\'' or '"':
                return new FilterOperand(Json.Of(cursor.ReadQuoted()), null, null, false);
            case '/':
                return new FilterOperand(default, ReadPattern(), null, false);
            case '[':
                return new FilterOperand(ReadLiteralList(), null, null, false);
        }

        foreach (var word in (ReadOnlySpan<string>)["true", "false", "null"])
        {
            if (cursor.Take(word))
            {
                return new FilterOperand(JsonElement.Parse(word), null, null, false);
            }
        }

        var begin = cursor.At;
        while (char.IsAsciiDigit(cursor.Next) || cursor.Next is '-' or '+' or '.' or 'e' or 'E')
        {
            cursor.At++;
        }

        return FilterOperand.Number(cursor.Since(begin));
    }

    private JsonElement ReadLiteralList()
    {
        cursor.Deeper();
        cursor.Expect('[');
        var items = new List<JsonElement>();
        cursor.Blanks();
        while (cursor.Next != ']')
        {
            items.Add(ParseOperand().Literal);
            cursor.Blanks();
            if (cursor.Next == ',')
            {
                cursor.At++;
            }
            else if (cursor.Next != ']')
            {
                throw cursor.Wrong();
            }
        }

        cursor.Expect(']');
        cursor.Shallower();
        return Json.Array(items);
    }

    private Regex ReadPattern()
    {
        cursor.Expect('/');
        var pattern = cursor.ReadTo('/');
        var ignoreCase = cursor.Next == 'i';
        if (ignoreCase)
        {
            cursor.At++;
        }

        return PathPattern.Of(pattern, ignoreCase);
    }
}
