namespace Disa.Emulator.CloudFormation.Templates;

/// <summary>Which resource waits for which: by reference and by DependsOn, among those whose condition holds.</summary>
internal static class Dependencies
{
    /// <returns>Each active resource, in template order, with the resources that must exist before it.</returns>
    public static OrderedDictionary<string, IReadOnlyList<string>> Of(Template template, Evaluation evaluation)
    {
        var graph = new OrderedDictionary<string, IReadOnlyList<string>>();
        foreach (var resource in template.Resources.Values.Where(r => evaluation.IsActive(r.Condition)))
        {
            graph[resource.LogicalId] = [];
        }

        var unresolved = new List<string>();
        foreach (var name in graph.Keys.ToList())
        {
            var resource = template.Resources[name];
            var referenced = References
                .In(resource.Referring, template.LanguageExtensions, evaluation.ConditionValues)
                .Where(r => r.Kind != ReferenceKind.Condition && template.Resources.ContainsKey(r.Name))
                .Select(r => r.Name)
                .Distinct()
                .ToList();
            unresolved.AddRange(referenced.Where(r => !graph.ContainsKey(r)));
            graph[name] = [.. referenced.Concat(resource.DependsOn).Where(graph.ContainsKey).Distinct()];
        }

        if (unresolved.Count > 0)
        {
            throw TemplateErrors.Unresolved(unresolved.Distinct(), "Resources");
        }

        var outputs = template
            .Outputs.Values.Where(o => evaluation.IsActive(o.Condition))
            .SelectMany(o => References.In(o.Value, template.LanguageExtensions, evaluation.ConditionValues))
            .Where(r => r.Kind != ReferenceKind.Condition && template.Resources.ContainsKey(r.Name) && !graph.ContainsKey(r.Name))
            .Select(r => r.Name)
            .Distinct()
            .ToList();
        if (outputs.Count > 0)
        {
            throw TemplateErrors.UnresolvedOutput(outputs);
        }

        RefuseCycles(graph);
        return graph;
    }

    /// <summary>Takes away what waits for nothing and what nothing waits for; what is left is in a cycle or between two.</summary>
    private static void RefuseCycles(OrderedDictionary<string, IReadOnlyList<string>> graph)
    {
        var left = new HashSet<string>(graph.Keys);
        var waitedForBy = graph
            .SelectMany(entry => entry.Value.Select(name => (name, entry.Key)))
            .ToLookup(edge => edge.name, edge => edge.Key);
        var waits = graph.ToDictionary(entry => entry.Key, entry => entry.Value.Count);
        var waiting = graph.ToDictionary(entry => entry.Key, entry => waitedForBy[entry.Key].Count());
        var free = new Queue<string>(left.Where(name => waits[name] == 0 || waiting[name] == 0));
        while (free.TryDequeue(out var name))
        {
            if (!left.Remove(name))
            {
                continue;
            }

            foreach (var other in waitedForBy[name].Where(other => --waits[other] == 0))
            {
                free.Enqueue(other);
            }

            foreach (var other in graph[name].Where(other => --waiting[other] == 0))
            {
                free.Enqueue(other);
            }
        }

        if (left.Count > 0)
        {
            throw TemplateErrors.Circular(left.Order(StringComparer.Ordinal));
        }
    }
}
