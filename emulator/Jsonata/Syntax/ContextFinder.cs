namespace Disa.Jsonata.Syntax;

/// <summary>Finds what an expression reads of the item that it is evaluated with: Step Functions evaluates with none.</summary>
internal static class ContextFinder
{
    public static IReadOnlyList<string> Names(Node root)
    {
        var found = new List<string>();
        Visit(root, found);
        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Only a path's first step reads the item: filters, later steps, order and groups read what the step before found.</summary>
    private static void Visit(Node? node, List<string> found)
    {
        switch (node)
        {
            case NameNode name:
                found.Add(name.Name);
                break;
            case VariableNode { Name: "" }:
                found.Add("$");
                break;
            case PathNode path:
                Visit(path.Steps[0], found);
                break;
            case TransformNode or SortNode or null:
                break;
            default:
                foreach (var part in Parts.Of(node))
                {
                    Visit(part, found);
                }

                break;
        }
    }
}
