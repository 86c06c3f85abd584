namespace Disa.Emulator.DynamoDb.Expressions;

/// <summary>The paths of an item that an answer shows.</summary>
internal sealed class Projection(IReadOnlyList<DocumentPath> paths)
{
    public IReadOnlyList<DocumentPath> Paths => paths;

    public static Projection Parse(Expression expression, Tokens tokens)
    {
        var paths = new List<DocumentPath>();
        do
        {
            var path = expression.Path(tokens);
            Distinct(expression, paths, path);
            paths.Add(path);
        } while (tokens.TryTake(","));

        return new Projection(paths);
    }

    /// <summary>Reports two paths that get in each other's way.</summary>
    public static void Distinct(Expression expression, IEnumerable<DocumentPath> paths, DocumentPath path)
    {
        foreach (var earlier in paths)
        {
            if (earlier.Conflict(path) is { } conflict)
            {
                expression.Report(
                    conflict.Contains("overlap", StringComparison.Ordinal) ? Expression.Fault.Overlap : Expression.Fault.Conflict,
                    conflict
                );
            }
        }
    }

    /// <summary>The part of an item at the paths: maps with only the members asked for, lists with their gaps closed.</summary>
    public Item Apply(Item item)
    {
        var root = new Part();
        foreach (var path in paths)
        {
            if (path.Find(item) is { } value)
            {
                root.Add(path, value);
            }
        }

        return root.ToMap();
    }

    /// <summary>What has been picked so far: a value, or parts by name or by index.</summary>
    private sealed class Part
    {
        private AttributeValue? value;
        private Dictionary<string, Part>? members;
        private SortedDictionary<int, Part>? elements;

        public void Add(DocumentPath path, AttributeValue found)
        {
            var part = this;
            foreach (var step in path.Steps)
            {
                part = step.Name is { } name ? part.Member(name) : part.Element(step.Index);
            }

            part.value = found;
        }

        public Item ToMap()
        {
            var map = new Item();
            foreach (var (name, part) in members ?? [])
            {
                map[name] = part.ToValue();
            }

            return map;
        }

        private AttributeValue ToValue() =>
            value
            ?? (
                elements is not null ? AttributeValue.List([.. elements.Values.Select(part => part.ToValue())]) : AttributeValue.Of(ToMap())
            );

        private Part Member(string name)
        {
            members ??= new(StringComparer.Ordinal);
            if (!members.TryGetValue(name, out var part))
            {
                members.Add(name, part = new Part());
            }

            return part;
        }

        private Part Element(int index)
        {
            elements ??= [];
            if (!elements.TryGetValue(index, out var part))
            {
                elements.Add(index, part = new Part());
            }

            return part;
        }
    }
}
