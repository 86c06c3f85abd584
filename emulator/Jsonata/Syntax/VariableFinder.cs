namespace Disa.Jsonata.Syntax;

/// <summary>Finds the variables that an expression takes from outside.</summary>
internal static class VariableFinder
{
    public static IReadOnlyList<string> Free(Node root)
    {
        var free = new List<string>();
        Visit(root, [], free);
        return [.. free.Distinct(StringComparer.Ordinal)];
    }

    private static void Visit(Node? node, HashSet<string> bound, List<string> free)
    {
        switch (node)
        {
            case null:
                return;
            case VariableNode { Name: var name }:
                if (name is not ("" or "$") && !bound.Contains(name))
                {
                    free.Add(name);
                }

                break;
            case BlockNode block:
                Each(block.Expressions, new HashSet<string>(bound, StringComparer.Ordinal), free);
                break;
            case BindNode bind:
                Visit(bind.Value, bound, free);
                bound.Add(bind.Name);
                break;
            case LambdaNode lambda:
                Visit(lambda.Body, new HashSet<string>(bound.Concat(lambda.Parameters), StringComparer.Ordinal), free);
                break;
            case PathNode path:
                Each(path.Steps, new HashSet<string>(bound, StringComparer.Ordinal), free, path.Group);
                return;
            default:
                Each(Parts.Of(node), bound, free);
                break;
        }

        Marks(node, bound, free);
    }

    private static void Each(IEnumerable<Node> nodes, HashSet<string> bound, List<string> free, Grouping? group = null)
    {
        foreach (var node in nodes)
        {
            Visit(node, bound, free);
        }

        Group(group, bound, free);
    }

    /// <summary>What a step binds is seen by all that comes after it.</summary>
    private static void Marks(Node node, HashSet<string> bound, List<string> free)
    {
        foreach (var name in (string?[])[node.Focus, node.IndexVariable])
        {
            if (name is not null)
            {
                bound.Add(name);
            }
        }

        foreach (var stage in (node.Predicate ?? []).Concat(node.Stages ?? []))
        {
            Visit(stage.Filter, bound, free);
            if (stage.IndexVariable is not null)
            {
                bound.Add(stage.IndexVariable);
            }
        }

        Group(node.Group, bound, free);
    }

    private static void Group(Grouping? group, HashSet<string> bound, List<string> free)
    {
        foreach (var (key, value) in group?.Pairs ?? [])
        {
            Visit(key, bound, free);
            Visit(value, bound, free);
        }
    }
}
