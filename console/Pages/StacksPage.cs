using Amazon.CloudFormation.Model;

namespace Disa.WebConsole.Pages;

/// <summary>What is deployed: the stacks as a tree of resources, and of the stack that was chosen its events, parameters and outputs.</summary>
internal static class StacksPage
{
    private const int EventsShown = 50;
    private const int FailuresShown = 10;

    public static async Task<Page> Get(Visit visit)
    {
        var root = await Deployment.StackOrNone(visit.Session, visit.Deployment.StackName, visit.Cancellation).ConfigureAwait(false)
            ?? throw new FailureException($"the stack {visit.Deployment.StackName} was deleted.");
        var tree = await StackBranch.Below(visit, root).ConfigureAwait(false);
        var wanted = visit.QueryValue("stack") ?? root.StackName!;
        var chosen = wanted == root.StackName || wanted == root.StackId ? root
            : tree.All().Any(branch => branch.Name == wanted) ? await Deployment.StackOrNone(visit.Session, wanted, visit.Cancellation).ConfigureAwait(false) : null;
        return new Page("Stacks", "stacks", Html.Of(
            $"""
            <h1>Stacks</h1>
            <div class="stacks">
            <section aria-labelledby="tree"><h2 id="tree">Resources</h2>{Tree(tree, root.StackStatus, chosen?.StackName)}</section>
            <section aria-labelledby="chosen">{(chosen is null ? Html.Of($"""<h2 id="chosen">{wanted}</h2><p class="empty">There is no such stack below {root.StackName}.</p>""") : await Details(visit, chosen).ConfigureAwait(false))}</section>
            </div>
            """));
    }

    /// <summary>The stacks, folded up.</summary>
    internal static Html Tree(StackBranch root, string? status, string? chosen) =>
        Html.Of($"""{Troubles(root)}<ul class="tree">{Branch(root, status, chosen, isRoot: true)}</ul>""");

    /// <summary>A stack, its resources folded up; what failed comes first, and is open all the way down to it.</summary>
    private static Html Branch(StackBranch branch, string? status, string? chosen, bool isRoot = false)
    {
        var failed = branch.Failed().Count();
        var resources = branch.Resources.OrderBy(resource => Rank(branch, resource)).ThenBy(resource => resource.LogicalResourceId, StringComparer.Ordinal);
        return Html.Of(
            $"""
            <li><a class="stackname" href="{Links.To("stacks", ("stack", branch.Name))}"{(branch.Name == chosen ? Html.Of($" aria-current=\"true\"") : Html.None)}>{branch.Name}</a> {Status(status)}
            <details{Html.When(isRoot || failed > 0, $" open")}><summary>{Show.Count(branch.Resources.Count, "resource", "resources")}{Html.When(failed > 0, $""", <b class="alert">{failed} failed</b>""")}</summary>
            <ul>{resources.Select(resource => branch.Of(resource) is { } below ? Branch(below, resource.ResourceStatus, chosen) : Leaf(resource))}</ul></details></li>
            """);
    }

    private static Html Leaf(StackResource resource) => Html.Of(
        $"""
        <li><b>{resource.LogicalResourceId}</b> <span class="type">{resource.ResourceType}</span> {Status(resource.ResourceStatus)}
        <span class="id">{Show.Copyable(resource.PhysicalResourceId, $"the id of {resource.LogicalResourceId}")}</span>{Html.When(resource.ResourceStatusReason is not null, $""" <span class="error">{resource.ResourceStatusReason}</span>""")}</li>
        """);

    /// <summary>What failed first, then resources, then stacks.</summary>
    private static int Rank(StackBranch branch, StackResource resource) =>
        StackBranch.IsBad(resource.ResourceStatus) || branch.Of(resource)?.Failed().Any() == true ? 0 : branch.Of(resource) is null ? 1 : 2;

    private static Html Troubles(StackBranch tree)
    {
        var failed = tree.Failed().ToList();
        return Html.When(failed.Count > 0,
            $"""
            <div class="verdict bad" id="troubles"><strong>{Show.Count(failed.Count, "resource has", "resources have")} failed:</strong>
            <ul>{failed.Select(entry => Html.Of($"""<li><b>{entry.Resource.LogicalResourceId}</b> of {entry.Stack}: {entry.Resource.ResourceStatus} {entry.Resource.ResourceStatusReason}</li>"""))}</ul></div>
            """);
    }

    private static async Task<Html> Details(Visit visit, Stack stack)
    {
        var events = (await visit.Session.CloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = stack.StackId }, visit.Cancellation).ConfigureAwait(false)).StackEvents;
        var failed = events.Where(entry => entry.ResourceStatus?.Contains("FAILED", StringComparison.Ordinal) == true).Take(FailuresShown).ToList();
        return Html.Of(
            $"""
            <h2 id="chosen">{stack.StackName}</h2>
            <p>{Status(stack.StackStatus)} {stack.Description}</p>
            {Html.When(failed.Count > 0, $"""<h3>What failed</h3>{Events(failed)}""")}
            <details class="part"><summary>Outputs ({stack.Outputs.Count})</summary>{Table("Output", stack.Outputs.Select(output => (output.OutputKey, output.OutputValue, output.Description)))}</details>
            <details class="part"><summary>Parameters ({stack.Parameters.Count})</summary>{Table("Parameter", stack.Parameters.Select(parameter => (parameter.ParameterKey, parameter.ParameterValue, (string?)null)))}</details>
            <details class="part"><summary>Events</summary>{Events(events.Take(EventsShown))}
            {Html.When(events.Count > EventsShown, $"""<p class="hint">The newest {EventsShown} of {events.Count} or more.</p>""")}</details>
            """);
    }

    private static Html Events(IEnumerable<StackEvent> events) => Html.Of(
        $"""
        <table class="stack"><thead><tr><th scope="col">Time<span class="utc"> (UTC)</span></th><th scope="col">Resource</th><th scope="col">Status</th></tr></thead>
        <tbody>{events.Select(entry => Html.Of(
            $"""<tr><td>{Show.Time(entry.Timestamp)}</td><td data-name="Resource">{entry.LogicalResourceId} <span class="type">{entry.ResourceType}</span></td><td data-name="Status">{Status(entry.ResourceStatus)} {entry.ResourceStatusReason}</td></tr>"""))}</tbody></table>
        """);

    private static Html Table(string what, IEnumerable<(string? Name, string? Value, string? Description)> rows) => rows.Any()
        ? Html.Of(
            $"""
            <table class="stack"><thead><tr><th scope="col">{what}</th><th scope="col">Value</th></tr></thead>
            <tbody>{rows.OrderBy(row => row.Name, StringComparer.Ordinal).Select(row => Html.Of($"""<tr><th scope="row">{row.Name}</th><td data-name="Value">{Show.Copyable(row.Value, row.Name ?? "the value")}{Html.When(row.Description is not null, $""" <span class="hint">{row.Description}</span>""")}</td></tr>"""))}</tbody></table>
            """)
        : Html.Of($"""<p class="empty">None.</p>""");

    private static Html Status(string? status) => Html.Of(
        $"""<span class="badge {(status is null ? "" : StackBranch.IsBad(status) ? "bad" : status.EndsWith("_COMPLETE", StringComparison.Ordinal) ? "good" : "wait")}">{status}</span>""");
}
