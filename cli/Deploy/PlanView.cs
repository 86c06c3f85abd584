namespace Disa.Cli.Deploy;

/// <summary>A plan as people read it: a tree of what is added, changed, replaced and deleted.</summary>
internal static class PlanView
{
    private const int PropertiesShown = 6;

    public static void Show(StackPlan plan, TextOutput output)
    {
        var tree = new Branch($"[bold]{plan.StackName}[/]{(plan.IsNew ? (Styled)$" [green](new)[/]" : Styled.Empty)}");
        Add(tree, plan.Changes);
        output.Write(tree);
        var all = plan.All.ToList();
        int Count(string action) => all.Count(change => change.Action == action);
        string Both(string action, string word) =>
            $"{Count(action) + Count("maybe-" + action)} {word}{(Count("maybe-" + action) > 0 ? $" ({Count("maybe-" + action)} of them perhaps)" : "")}";
        output.Line($"{Count("add")} added, {Both("change", "changed")}, {Both("replace", "replaced")}, {Count("delete")} deleted.");
        foreach (var change in all.Where(change => change.AtRisk is not null))
        {
            output.Line($"[red bold]Data at risk:[/] {change.LogicalId} ({change.Type}): {change.AtRisk}.");
        }

        if (!plan.IsNew && all.TrueForAll(change => change.AtRisk is null))
        {
            output.Line($"No data is at risk.");
        }

        if (plan.Remark is { } remark)
        {
            output.Line($"[yellow]{remark}[/]");
        }
    }

    private static void Add(Branch parent, IReadOnlyList<PlannedChange> changes)
    {
        foreach (var change in changes)
        {
            var (sign, color, word) = change.Action switch
            {
                "add" => ("+", "green", ""),
                "delete" => ("-", "red", ""),
                "replace" => ("±", "red", " replaced"),
                "maybe-replace" => ("±", "yellow", " perhaps replaced"),
                "maybe-change" => ("~", "grey", " perhaps"),
                _ => ("~", "yellow", ""),
            };
            var names =
                change.Properties.Count == 0
                    ? ""
                    : $": {string.Join(", ", change.Properties.Take(PropertiesShown))}{(change.Properties.Count > PropertiesShown ? ", …" : "")}";
            Add(parent.Add($"[{color}]{sign} {change.LogicalId}[/] [grey]{change.Type}[/][{color}]{word}[/]{names}"), change.Inside);
        }
    }
}
