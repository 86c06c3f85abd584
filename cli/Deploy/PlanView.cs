using Spectre.Console;

namespace Disa.Cli.Deploy;

/// <summary>A plan as people read it: a tree of what is added, changed, replaced and deleted.</summary>
internal static class PlanView
{
    private const int PropertiesShown = 6;

    public static void Show(StackPlan plan, IAnsiConsole console)
    {
        var tree = new Tree($"[bold]{Markup.Escape(plan.StackName)}[/]{(plan.IsNew ? " [green](new)[/]" : "")}");
        Add(tree, plan.Changes);
        console.Write(tree);
        var all = plan.All.ToList();
        int Count(string action) => all.Count(change => change.Action == action);
        string Both(string action, string word) =>
            $"{Count(action) + Count("maybe-" + action)} {word}{(Count("maybe-" + action) > 0 ? $" ({Count("maybe-" + action)} of them perhaps)" : "")}";
        console.MarkupLine($"{Count("add")} added, {Both("change", "changed")}, {Both("replace", "replaced")}, {Count("delete")} deleted.");
        foreach (var change in all.Where(change => change.AtRisk is not null))
        {
            console.MarkupLine($"[red bold]Data at risk:[/] {Markup.Escape($"{change.LogicalId} ({change.Type}): {change.AtRisk}")}.");
        }

        if (!plan.IsNew && all.TrueForAll(change => change.AtRisk is null))
        {
            console.MarkupLine("No data is at risk.");
        }

        if (plan.Remark is { } remark)
        {
            console.MarkupLine($"[yellow]{Markup.Escape(remark)}[/]");
        }
    }

    private static void Add(IHasTreeNodes parent, IReadOnlyList<PlannedChange> changes)
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
            var names = change.Properties.Count == 0 ? "" : $": {string.Join(", ", change.Properties.Take(PropertiesShown))}{(change.Properties.Count > PropertiesShown ? ", …" : "")}";
            var node = parent.AddNode($"[{color}]{sign} {Markup.Escape(change.LogicalId)}[/] [grey]{Markup.Escape(change.Type)}[/][{color}]{word}[/]{Markup.Escape(names)}");
            Add(node, change.Inside);
        }
    }
}
