using Amazon.Runtime;

namespace Disa.WebConsole.Pages.Resources;

/// <summary>The resources of the account and Region, those of other stacks included, each kind with a page for every one.</summary>
internal static class ResourcesPage
{
    /// <summary>How many of each kind are listed.</summary>
    public const int Listed = 100;

    public static async Task<Page> Get(Visit visit)
    {
        var parts = await Task.WhenAll(
            Part("Queues", "SQS", () => QueuePage.List(visit)),
            Part("Tables", "DynamoDB", () => TablePage.List(visit)),
            Part("Buckets", "S3", () => BucketPage.List(visit)),
            Part("Functions", "Lambda", () => FunctionPage.List(visit)),
            Part("Workflows", "Step Functions", () => WorkflowPage.List(visit))).ConfigureAwait(false);
        return new Page("Resources", "resources", Html.Of(
            $"""
            <h1>Resources</h1>
            <p class="hint">Everything in {visit.Session.Target.Describe()}, {visit.Session.Target.Region}, including what other stacks made.</p>
            {parts}
            """));
    }

    /// <summary>The way back from a resource's page.</summary>
    public static Html Crumbs() => Html.Of($"""<p class="crumbs"><a href="{Links.To("resources")}">Resources</a></p>""");

    /// <summary>A table of resources, a row for each.</summary>
    /// <param name="columns">The headers after the name's.</param>
    /// <param name="rows">A link to each resource, and a value for each column.</param>
    public static Html Table(string kind, string[] columns, IReadOnlyList<(Html Link, Html[] Values)> rows) => rows.Count == 0
        ? Html.Of($"""<p class="empty">None.</p>""")
        : Html.Of(
            $"""
            <table class="stack">
            <caption class="hidden">{kind}</caption>
            <thead><tr><th scope="col">Name</th>{columns.Select(column => Html.Of($"""<th scope="col">{column}</th>"""))}</tr></thead>
            <tbody>{rows.Select(row => Html.Of(
                $"""
                <tr><th scope="row">{row.Link}</th>
                {row.Values.Zip(columns).Select(pair => Html.Of($"""<td data-name="{pair.Second}">{pair.First}</td>"""))}</tr>
                """))}</tbody>
            </table>
            {Html.When(rows.Count == Listed, $"""<p class="hint">Only the first {Listed} are listed.</p>""")}
            """);

    /// <summary>One kind; on an account whose reader lacks the right to list it, the others are still shown.</summary>
    private static async Task<Html> Part(string kind, string service, Func<Task<Html>> list)
    {
        Html rows;
        try
        {
            rows = await list().ConfigureAwait(false);
        }
        catch (AmazonServiceException denied) when (denied.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            rows = Html.Of($"""<p class="empty">{denied.ErrorCode}: {denied.Message}</p>""");
        }

        var id = kind.ToLowerInvariant();
        return Html.Of(
            $"""<section aria-labelledby="{id}"><h2 id="{id}">{kind} <span class="type">{service}</span></h2>{rows}</section>""");
    }
}
