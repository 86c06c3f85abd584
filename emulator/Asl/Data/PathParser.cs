using System.Collections.Immutable;

namespace Disa.Asl.Data;

/// <summary>Reads paths, also in the middle of an intrinsic function's arguments.</summary>
internal sealed class PathParser(string text, int start = 0)
{
    private readonly PathCursor _cursor = new(text, start);

    /// <summary>Where reading stopped.</summary>
    public int End => _cursor.At;

    public JsonPath ParseWhole()
    {
        var path = Parse();
        return _cursor.IsAtEnd ? path : throw _cursor.Wrong();
    }

    public JsonPath Parse()
    {
        var from = _cursor.At;
        _cursor.Expect('$');
        var root = PathRoot.Input;
        var variable = "";
        if (_cursor.Next == '$')
        {
            _cursor.At++;
            root = PathRoot.Context;
        }
        else if (char.IsLetter(_cursor.Next) || _cursor.Next == '_')
        {
            root = PathRoot.Variable;
            variable = _cursor.ReadName();
        }

        var segments = ParseSegments();
        return new JsonPath(_cursor.Since(from), root, variable, segments);
    }

    private ImmutableArray<PathSegment> ParseSegments()
    {
        var segments = ImmutableArray.CreateBuilder<PathSegment>();
        while (true)
        {
            if (_cursor.Next == '[')
            {
                segments.Add(ParseBracket());
            }
            else if (_cursor.Next == '.')
            {
                _cursor.At++;
                if (_cursor.Next == '.')
                {
                    _cursor.At++;
                    segments.Add(new DescentSegment());
                }

                if (_cursor.Next == '[')
                {
                    // A full stop before a bracket means nothing, as Jayway's compiler reads it.
                    continue;
                }

                if (_cursor.Next == '*')
                {
                    _cursor.At++;
                    segments.Add(new WildcardSegment());
                }
                else
                {
                    segments.Add(new NameSegment(_cursor.ReadName()));
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
        _cursor.Deeper();
        _cursor.Expect('[');
        _cursor.Blanks();
        PathSegment segment;
        if (_cursor.Next == '*')
        {
            _cursor.At++;
            segment = new WildcardSegment();
        }
        else if (_cursor.Next == '?')
        {
            _cursor.At++;
            var from = _cursor.At;
            _cursor.Blanks();
            var filter = new FilterParser(_cursor, ParseSegments).Parse();
            segment = new FilterSegment(filter, _cursor.Since(from).Trim());
        }
        else if (_cursor.Next is '\'' or '"')
        {
            var from = _cursor.At;
            var names = ParseList(_cursor.ReadQuoted);
            segment = names.Length == 1 ? new NameSegment(names[0], Written(_cursor.Since(from))) : new NamesSegment(names);
        }
        else
        {
            segment = ParseNumbers();
        }

        _cursor.Blanks();
        _cursor.Expect(']');
        _cursor.Shallower();
        return segment;
    }

    /// <summary>What stands between the quotes, where it has escapes.</summary>
    private static string? Written(string quoted) => quoted.Contains('\\', StringComparison.Ordinal) ? quoted.Trim()[1..^1] : null;

    private PathSegment ParseNumbers()
    {
        var first = _cursor.ReadInteger();
        _cursor.Blanks();
        if (_cursor.Next == ':')
        {
            _cursor.At++;
            _cursor.Blanks();
            return new SliceSegment(first, _cursor.ReadInteger());
        }

        if (first is not { } index)
        {
            throw _cursor.Wrong();
        }

        var indexes = ImmutableArray.CreateBuilder<int>();
        indexes.Add(index);
        while (_cursor.Next == ',')
        {
            _cursor.At++;
            _cursor.Blanks();
            indexes.Add(_cursor.ReadInteger() ?? throw _cursor.Wrong());
            _cursor.Blanks();
        }

        return indexes.Count == 1 ? new IndexSegment(index) : new IndexesSegment(indexes.ToImmutable());
    }

    private ImmutableArray<string> ParseList(Func<string> read)
    {
        var items = ImmutableArray.CreateBuilder<string>();
        items.Add(read());
        _cursor.Blanks();
        while (_cursor.Next == ',')
        {
            _cursor.At++;
            _cursor.Blanks();
            items.Add(read());
            _cursor.Blanks();
        }

        return items.ToImmutable();
    }
}
