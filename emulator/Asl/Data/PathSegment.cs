using System.Collections.Immutable;
using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>One step of a path: from a node to some of what is in it.</summary>
internal abstract record PathSegment(string Text)
{
    public virtual bool IsDefinite => false;

    public abstract void Select(JsonElement node, JsonElement root, List<JsonElement> found);

    protected static IEnumerable<JsonElement> Children(JsonElement node) =>
        node.ValueKind switch
        {
            JsonValueKind.Object => node.EnumerateObject().Select(p => p.Value),
            JsonValueKind.Array => node.EnumerateArray(),
            _ => [],
        };

    /// <summary>Counts from the end where negative; -1 where outside.</summary>
    protected static int Position(int index, int length)
    {
        var position = index < 0 ? index + length : index;
        return position < length ? position : -1;
    }
}

/// <summary><c>.name</c> or <c>['name']</c>.</summary>
/// <param name="Name">With its escapes read.</param>
/// <param name="Written">As it is written: AWS finds <c>$['a\"b']</c> in a member whose name has that backslash too.</param>
internal sealed record NameSegment(string Name, string? Written = null) : PathSegment($"['{Name}']")
{
    public override bool IsDefinite => true;

    public override void Select(JsonElement node, JsonElement root, List<JsonElement> found)
    {
        if (
            node.ValueKind == JsonValueKind.Object
            && (node.TryGetProperty(Name, out var value) || (Written is not null && node.TryGetProperty(Written, out value)))
        )
        {
            found.Add(value);
        }
    }
}

/// <summary><c>['a','b']</c>: an object of just these members.</summary>
internal sealed record NamesSegment(ImmutableArray<string> Names) : PathSegment($"['{string.Join("','", Names)}']")
{
    public override bool IsDefinite => true;

    public override void Select(JsonElement node, JsonElement root, List<JsonElement> found)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        found.Add(
            Json.Write(w =>
            {
                w.WriteStartObject();
                foreach (var name in Names)
                {
                    if (node.TryGetProperty(name, out var value))
                    {
                        w.WritePropertyName(name);
                        value.WriteTo(w);
                    }
                }

                w.WriteEndObject();
            })
        );
    }
}

/// <summary><c>[0]</c>, <c>[-1]</c>.</summary>
internal sealed record IndexSegment(int Index) : PathSegment($"[{Index}]")
{
    public override bool IsDefinite => true;

    public override void Select(JsonElement node, JsonElement root, List<JsonElement> found)
    {
        if (node.ValueKind == JsonValueKind.Array && Position(Index, node.GetArrayLength()) is >= 0 and var position)
        {
            found.Add(node[position]);
        }
    }
}

/// <summary><c>[0,2]</c>.</summary>
internal sealed record IndexesSegment(ImmutableArray<int> Indexes) : PathSegment($"[{string.Join(',', Indexes)}]")
{
    public override void Select(JsonElement node, JsonElement root, List<JsonElement> found)
    {
        if (node.ValueKind == JsonValueKind.Array)
        {
            var length = node.GetArrayLength();
            found.AddRange(Indexes.Select(i => Position(i, length)).Where(i => i >= 0).Select(i => node[i]));
        }
    }
}

/// <summary><c>[1:3]</c>, <c>[:2]</c>, <c>[-2:]</c>.</summary>
internal sealed record SliceSegment(int? From, int? To) : PathSegment($"[{From}:{To}]")
{
    public override void Select(JsonElement node, JsonElement root, List<JsonElement> found)
    {
        if (node.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var length = node.GetArrayLength();
        var from = Math.Clamp(From is < 0 ? From.Value + length : From ?? 0, 0, length);
        var to = Math.Clamp(To is < 0 ? To.Value + length : To ?? length, 0, length);
        for (var i = from; i < to; i++)
        {
            found.Add(node[i]);
        }
    }
}

/// <summary><c>.*</c> or <c>[*]</c>.</summary>
internal sealed record WildcardSegment() : PathSegment("[*]")
{
    public override void Select(JsonElement node, JsonElement root, List<JsonElement> found) => found.AddRange(Children(node));
}

/// <summary><c>..</c>: the node and everything below it, before the segment that follows.</summary>
internal sealed record DescentSegment() : PathSegment("..")
{
    public override void Select(JsonElement node, JsonElement root, List<JsonElement> found)
    {
        found.Add(node);
        foreach (var child in Children(node))
        {
            Select(child, root, found);
        }
    }
}

/// <summary><c>[?(@.price &lt; 10)]</c>: the children for which the condition holds.</summary>
internal sealed record FilterSegment(PathFilter Filter, string Source) : PathSegment($"[?{Source}]")
{
    public override void Select(JsonElement node, JsonElement root, List<JsonElement> found)
    {
        // On an object, the object itself is tested and not its members (as the path library that AWS uses does it).
        if (node.ValueKind == JsonValueKind.Array)
        {
            found.AddRange(node.EnumerateArray().Where(item => Filter.Holds(item, root)));
        }
        else if (node.ValueKind == JsonValueKind.Object && Filter.Holds(node, root))
        {
            found.Add(node);
        }
    }
}
