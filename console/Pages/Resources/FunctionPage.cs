using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;

namespace Disa.WebConsole.Pages.Resources;

/// <summary>A function: how it is configured, what invokes it, and the newest lines of its log.</summary>
internal static class FunctionPage
{
    private const int LinesShown = 200;

    /// <summary>FilterLogEvents answers the oldest first and up to 1 MB a page: so many pages are read for the newest lines.</summary>
    private const int PagesRead = 10;

    private static readonly (string Name, string Words, TimeSpan Span)[] Ranges =
    [
        ("15m", "15 minutes", TimeSpan.FromMinutes(15)), ("3h", "3 hours", TimeSpan.FromHours(3)), ("7d", "7 days", TimeSpan.FromDays(7)),
    ];

    public static async Task<Html> List(Visit visit)
    {
        var functions = new List<FunctionConfiguration>();
        string? marker = null;
        do
        {
            var page = await visit.Session.Lambda.ListFunctionsAsync(
                new ListFunctionsRequest { MaxItems = 50, Marker = marker }, visit.Cancellation).ConfigureAwait(false);
            functions.AddRange(page.Functions);
            marker = page.NextMarker;
        }
        while (marker is not null && functions.Count < ResourcesPage.Listed);

        return ResourcesPage.Table("Functions", ["Runtime", "Handler"], [.. functions.Take(ResourcesPage.Listed).Select(function => (
            Html.Of($"""<a href="{Links.To("function", ("name", function.FunctionName))}">{function.FunctionName}</a>"""),
            (Html[])[Html.Of($"{function.Runtime}"), Html.Of($"{function.Handler}")]))]);
    }

    public static async Task<Page> Get(Visit visit)
    {
        var name = visit.QueryValue("name") ?? throw new UsageException("the address names no function (name=…).");
        GetFunctionConfigurationResponse function;
        try
        {
            function = await visit.Session.Lambda.GetFunctionConfigurationAsync(
                new GetFunctionConfigurationRequest { FunctionName = name }, visit.Cancellation).ConfigureAwait(false);
        }
        catch (AmazonLambdaException none) when (none.ErrorCode is "ResourceNotFoundException")
        {
            return Page.Saying("No such function", $"There is no function {name}.", 404) with { Place = "resources" };
        }

        var range = Ranges.FirstOrDefault(one => one.Name == (visit.QueryValue("range") ?? Ranges[0].Name));
        if (range.Name is null)
        {
            throw new UsageException($"'{visit.QueryValue("range")}' is not a range ({string.Join(", ", Ranges.Select(one => one.Name))}).");
        }

        var mappings = await visit.Session.Lambda.ListEventSourceMappingsAsync(
            new ListEventSourceMappingsRequest { FunctionName = name }, visit.Cancellation).ConfigureAwait(false);
        var group = function.LoggingConfig?.LogGroup ?? $"/aws/lambda/{name}";
        var lines = await Lines(visit, group, range.Span).ConfigureAwait(false);
        return new Page(name, "resources", Html.Of(
            $"""
            {ResourcesPage.Crumbs()}
            <h1>{name}</h1>
            {Show.Facts(
                ("state", Html.Of($"{function.State} {function.StateReason}")),
                ("runtime", Html.Of($"{function.Runtime}")),
                ("handler", Html.Of($"{function.Handler}")),
                ("memory", Html.Of($"{function.MemorySize ?? 0} MB")),
                ("timeout", Html.Of($"{function.Timeout ?? 0} s")),
                ("last modified", Html.Of($"{function.LastModified}")),
                ("event sources", Html.Join(mappings.EventSourceMappings.Select(mapping => Html.Of(
                    $"<div><code>{mapping.EventSourceArn}</code> {mapping.State}</div>")))),
                ("variables", Html.Join((function.Environment?.Variables ?? []).Keys.Order(StringComparer.Ordinal).Select(variable => Html.Of(
                    $"<span class=\"chip\">{variable}</span> ")))),
                ("ARN", Show.Copyable(function.FunctionArn, "the ARN of the function")))}
            <section aria-labelledby="log"><h2 id="log">Log</h2>
            <ul class="tabs" aria-label="Range">{Ranges.Select(one => Html.Of(
                $"""<li><a href="{Links.To("function", ("name", name), ("range", one.Name))}"{(one.Name == range.Name
                    ? Html.Of($" aria-current=\"true\"") : Html.None)}>{one.Words}</a></li>"""))}</ul>
            <p class="hint">{group}{Html.When(lines.Count == LinesShown, $": the newest {LinesShown} lines")}</p>
            {(lines.Count == 0
                ? Html.Of($"""<p class="empty">Nothing was logged in these {range.Words}.</p>""")
                : Html.Of($"""<pre class="text" tabindex="0" aria-label="Lines of the log">{string.Join('\n', lines)}</pre>"""))}</section>
            """));
    }

    /// <summary>The newest lines of a time, oldest first; none where the group was never made.</summary>
    private static async Task<IReadOnlyList<string>> Lines(Visit visit, string group, TimeSpan span)
    {
        var lines = new Queue<string>();
        try
        {
            string? token = null;
            for (var page = 0; page < PagesRead; page++)
            {
                var answer = await visit.Session.Logs.FilterLogEventsAsync(
                    new FilterLogEventsRequest { LogGroupName = group, StartTime = (visit.Now - span).ToUnixTimeMilliseconds(), NextToken = token },
                    visit.Cancellation).ConfigureAwait(false);
                foreach (var line in answer.Events)
                {
                    lines.Enqueue($"{Show.Clock(DateTimeOffset.FromUnixTimeMilliseconds(line.Timestamp ?? 0))} {line.Message?.TrimEnd()}");
                    if (lines.Count > LinesShown)
                    {
                        lines.Dequeue();
                    }
                }

                token = answer.NextToken;
                if (token is null)
                {
                    break;
                }
            }
        }
        catch (AmazonCloudWatchLogsException none) when (none.ErrorCode == "ResourceNotFoundException")
        {
            // It has not run yet.
        }

        return [.. lines];
    }
}
