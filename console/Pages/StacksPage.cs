using Amazon.CloudFormation.Model;

namespace Disa.WebConsole.Pages;

/// <summary>What is deployed: the stacks as a tree of resources, and of the stack that was chosen its events, parameters and outputs.</summary>
internal static class StacksPage
{
    private const string Nested = "AWS::CloudFormation::Stack";
    private const int EventsShown = 50;

    public static async Task<Page> Get(Visit visit)
    {
        var root = await Deployment.StackOrNone(visit.Session, visit.Deployment.StackName, visit.Cancellation).ConfigureAwait(false)
            ?? throw new FailureException($"there is no stack {visit.Deployment.StackName} any more.");
        var tree = await visit.Site.Remembered.Get("stacks", $"{root.StackStatus} {root.LastUpdatedTime}", TimeSpan.FromMinutes(1), () => Tree(visit, root.StackName!, root.StackId!)).ConfigureAwait(false);
        var wanted = visit.Asked("stack") ?? root.StackName!;
        var chosen = wanted == root.StackName || wanted == root.StackId ? root
            : tree.All().Any(branch => branch.Name == wanted) ? await Deployment.StackOrNone(visit.Session, wanted, visit.Cancellation).ConfigureAwait(false) : null;
        return new Page("Stacks", "stacks", Html.Of(
            $"""
            <h1>Stacks</h1>
            <div class="stacks">
            <section aria-labelledby="tree"><h2 id="tree">Resources</h2><ul class="tree">{Branch(visit, tree, root.StackStatus, chosen?.StackName)}</ul></section>
            <section aria-labelledby="chosen">{(chosen is null ? Html.Of($"""<h2 id="chosen">{wanted}</h2><p class="empty">There is no such stack below {root.StackName}.</p>""") : await Details(visit, chosen).ConfigureAwait(false))}</section>
            </div>
            """));
    }

    private static async Task<StackBranch> Tree(Visit visit, string name, string id)
    {
        var answer = await visit.Session.CloudFormation.DescribeStackResourcesAsync(new DescribeStackResourcesRequest { StackName = id }, visit.Cancellation).ConfigureAwait(false);
        var nested = new List<StackBranch>();
        foreach (var resource in answer.StackResources.Where(resource => resource.ResourceType == Nested && resource.PhysicalResourceId is { Length: > 0 }))
        {
            nested.Add(await Tree(visit, NameOf(resource.PhysicalResourceId!), resource.PhysicalResourceId!).ConfigureAwait(false));
        }

        return new(name, answer.StackResources, nested);
    }

    /// <summary>A stack's name from its id: <c>arn:aws:cloudformation:region:account:stack/name/uuid</c>.</summary>
    private static string NameOf(string id) => id.Split('/') is [_, var name, ..] ? name : id;

    private static Html Branch(Visit visit, StackBranch branch, string? status, string? chosen) => Html.Of(
        $"""
        <li><a class="stackname" href="{Links.To("stacks", ("stack", branch.Name))}"{(branch.Name == chosen ? Html.Of($" aria-current=\"true\"") : Html.None)}>{branch.Name}</a> {Status(status)}
        <ul>{branch.Resources.OrderBy(resource => resource.ResourceType == Nested ? 1 : 0).ThenBy(resource => resource.LogicalResourceId, StringComparer.Ordinal).Select(resource =>
            resource.ResourceType == Nested && branch.Nested.FirstOrDefault(one => one.Name == NameOf(resource.PhysicalResourceId ?? "")) is { } below
                ? Branch(visit, below, resource.ResourceStatus, chosen)
                : Html.Of($"""<li><b>{resource.LogicalResourceId}</b> <span class="type">{resource.ResourceType}</span> {Status(resource.ResourceStatus)} <code>{resource.PhysicalResourceId}</code>{Html.When(resource.ResourceStatusReason is not null, $""" <span class="error">{resource.ResourceStatusReason}</span>""")}</li>"""))}</ul></li>
        """);

    private static async Task<Html> Details(Visit visit, Stack stack)
    {
        var events = (await visit.Session.CloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = stack.StackId }, visit.Cancellation).ConfigureAwait(false)).StackEvents;
        return Html.Of(
            $"""
            <h2 id="chosen">{stack.StackName}</h2>
            <p>{Status(stack.StackStatus)} {stack.Description}</p>
            <h3>Outputs</h3>{Table("Output", stack.Outputs.Select(output => (output.OutputKey, output.OutputValue, output.Description)))}
            <h3>Parameters</h3>{Table("Parameter", stack.Parameters.Select(parameter => (parameter.ParameterKey, parameter.ParameterValue, (string?)null)))}
            <h3>Events</h3>
            <table class="stack"><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Resource</th><th scope="col">Status</th></tr></thead>
            <tbody>{events.Take(EventsShown).Select(entry => Html.Of(
                $"""<tr><td>{Show.Time(entry.Timestamp)}</td><td data-name="Resource">{entry.LogicalResourceId} <span class="type">{entry.ResourceType}</span></td><td data-name="Status">{Status(entry.ResourceStatus)} {entry.ResourceStatusReason}</td></tr>"""))}</tbody></table>
            {Html.When(events.Count > EventsShown, $"""<p class="hint">The newest {EventsShown} of {events.Count} or more.</p>""")}
            """);
    }

    private static Html Table(string what, IEnumerable<(string? Name, string? Value, string? Description)> rows) => rows.Any()
        ? Html.Of(
            $"""
            <table class="stack"><thead><tr><th scope="col">{what}</th><th scope="col">Value</th></tr></thead>
            <tbody>{rows.OrderBy(row => row.Name, StringComparer.Ordinal).Select(row => Html.Of($"""<tr><th scope="row">{row.Name}</th><td data-name="Value"><code>{row.Value}</code>{Html.When(row.Description is not null, $""" <span class="hint">{row.Description}</span>""")}</td></tr>"""))}</tbody></table>
            """)
        : Html.Of($"""<p class="empty">None.</p>""");

    private static Html Status(string? status) => Html.Of(
        $"""<span class="badge {(status is null ? "" : status.Contains("FAILED", StringComparison.Ordinal) || status.Contains("ROLLBACK", StringComparison.Ordinal) ? "bad" : status.EndsWith("_COMPLETE", StringComparison.Ordinal) ? "good" : "wait")}">{status}</span>""");

    /// <summary>A stack and what is in it.</summary>
    private sealed record StackBranch(string Name, IReadOnlyList<StackResource> Resources, IReadOnlyList<StackBranch> Nested)
    {
        public IEnumerable<StackBranch> All() => Nested.SelectMany(one => one.All()).Prepend(this);
    }
}
