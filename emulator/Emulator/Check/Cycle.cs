using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.Check;

/// <summary>Finds resources that wait for each other in a circle.</summary>
internal static class Cycle
{
    /// <returns>The way round, such as A, B, A; null where there is none.</returns>
    public static IReadOnlyList<string>? In(IReadOnlyDictionary<string, IReadOnlyList<string>> graph)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var way = new List<string>();
        foreach (var start in graph.Keys)
        {
            if (Follow(start) is { } found)
            {
                return found;
            }
        }

        return null;

        List<string>? Follow(string name)
        {
            if (way.IndexOf(name) is >= 0 and var from)
            {
                return [.. way[from..], name];
            }

            if (!done.Add(name))
            {
                return null;
            }

            way.Add(name);
            foreach (var next in graph.GetValueOrDefault(name, []))
            {
                if (Follow(next) is { } found)
                {
                    return found;
                }
            }

            way.RemoveAt(way.Count - 1);
            return null;
        }
    }

    /// <summary>Who waits for whom, by reference and by DependsOn.</summary>
    /// <param name="conditions">Given, only the branches that are taken count.</param>
    public static Dictionary<string, IReadOnlyList<string>> Graph(
        MapNode resources,
        bool extensions,
        IReadOnlyDictionary<string, bool>? conditions
    )
    {
        var graph = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var entry in resources.Entries)
        {
            if (entry.Value is not MapNode body)
            {
                continue;
            }

            var named = References
                .In(body["Properties"] ?? MapNode.Empty, extensions, conditions)
                .Where(reference => reference.Kind != ReferenceKind.Condition)
                .Select(reference => reference.Name);
            var waits = body["DependsOn"] switch
            {
                TextNode text => [text.Text],
                ListNode list => list.Items.OfType<TextNode>().Select(item => item.Text),
                _ => Enumerable.Empty<string>(),
            };
            graph[entry.Key] = [.. named.Concat(waits).Where(name => resources[name] is not null).Distinct()];
        }

        return graph;
    }
}
