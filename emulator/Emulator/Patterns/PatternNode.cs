using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>A part of a pattern, compiled: what an event is held against.</summary>
internal abstract class PatternNode
{
    public abstract bool Matches(EventView view);
}

/// <summary>An object of the pattern: every field of it must match.</summary>
internal sealed class AllOf : PatternNode
{
    private readonly List<(string Name, PatternNode Node)> fields = [];

    public bool IsEmpty => fields.Count == 0;

    /// <summary>A name twice: the last one counts.</summary>
    public void Set(string name, PatternNode node)
    {
        fields.RemoveAll(field => field.Name == name);
        fields.Add((name, node));
    }

    /// <summary>The same, where a dot in the name is a path.</summary>
    public void Put(string name, PatternNode node)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == name.Length - 1)
        {
            Set(name, node);
            return;
        }

        if (fields.Find(field => field.Name == name[..dot]).Node is not AllOf outer)
        {
            Set(name[..dot], outer = new AllOf());
        }

        outer.Put(name[(dot + 1)..], node);
    }

    public override bool Matches(EventView view)
    {
        if (view.IsArray)
        {
            return view.Json.GetArrayLength() > 0
                ? view.Json.EnumerateArray().Any(element => Matches(new EventView(element)))
                : Matches(default(EventView));
        }

        foreach (var (name, node) in fields)
        {
            if (!node.Matches(node is AnyOf ? view : view.Get(name)))
            {
                return false;
            }
        }

        return true;
    }

    public bool MayMatch(string name, JsonElement value) =>
        fields.TrueForAll(field => field.Name != name || field.Node.Matches(new EventView(value)));
}

/// <summary>The operator <c>$or</c>: one branch must match.</summary>
internal sealed class AnyOf(List<PatternNode> branches) : PatternNode
{
    public override bool Matches(EventView view) => branches.Exists(branch => branch.Matches(view));
}

/// <summary>The list of a field: any value in it matches.</summary>
internal sealed class AnyValue(Func<JsonElement, bool>[] matchers) : PatternNode
{
    public override bool Matches(EventView view) =>
        view.IsArray && view.Json.GetArrayLength() > 0
            ? view.Json.EnumerateArray().Any(element => Matches(new EventView(element)))
            : Array.Exists(matchers, matches => matches(view.IsArray ? default : view.Value));
}
