using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Disa.WebConsole.Pages.Resources;

/// <summary>A state machine and its executions, newest first.</summary>
internal static class WorkflowPage
{
    private const int Size = 50;
    private static readonly string[] Statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

    public static async Task<Html> List(Visit visit)
    {
        var machines = await visit.Session.StepFunctions.ListStateMachinesAsync(
            new ListStateMachinesRequest { MaxResults = ResourcesPage.Listed }, visit.Cancellation).ConfigureAwait(false);
        return ResourcesPage.Table("Workflows", ["Type", "Made"], [.. machines.StateMachines.Select(machine => (
            Html.Of($"""<a href="{Links.To("workflow", ("arn", machine.StateMachineArn))}">{machine.Name}</a>"""),
            (Html[])[Html.Of($"{machine.Type}"), Show.Time(machine.CreationDate)]))]);
    }

    public static async Task<Page> Get(Visit visit)
    {
        var arn = visit.QueryValue("arn") ?? throw new UsageException("the address names no state machine (arn=…).");
        DescribeStateMachineResponse machine;
        try
        {
            machine = await visit.Session.StepFunctions.DescribeStateMachineAsync(
                new DescribeStateMachineRequest { StateMachineArn = arn }, visit.Cancellation).ConfigureAwait(false);
        }
        catch (AmazonStepFunctionsException none) when (none.ErrorCode is "StateMachineDoesNotExist" or "InvalidArn")
        {
            return Page.Saying("No such state machine", $"There is no state machine {arn}.", 404) with { Place = "resources" };
        }

        return new Page(machine.Name ?? arn, "resources", Html.Of(
            $"""
            {ResourcesPage.Crumbs()}
            <h1>{machine.Name}</h1>
            {Show.Facts(
                ("type", Html.Of($"{machine.Type}")),
                ("status", Html.Of($"{machine.Status}")),
                ("made", Show.Time(machine.CreationDate)),
                ("ARN", Show.Copyable(machine.StateMachineArn, "the ARN of the state machine")))}
            <section aria-labelledby="executions"><h2 id="executions">Executions</h2>
            {(machine.Type == "EXPRESS"
                ? Html.Of($"""<p class="empty">The workflow is EXPRESS: Step Functions keeps no list of its executions.</p>""")
                : await Executions(visit, arn).ConfigureAwait(false))}</section>
            <section aria-labelledby="definition"><h2 id="definition">Definition</h2>
            <details><summary>Amazon States Language</summary><pre tabindex="0" aria-label="The definition">{machine.Definition}</pre></details></section>
            """));
    }

    private static async Task<Html> Executions(Visit visit, string arn)
    {
        var status = visit.QueryValue("status");
        if (status is not null && !Statuses.Contains(status, StringComparer.Ordinal))
        {
            throw new UsageException($"'{status}' is not a status of an execution ({string.Join(", ", Statuses)}).");
        }

        var page = await visit.Session.StepFunctions.ListExecutionsAsync(
            new ListExecutionsRequest { StateMachineArn = arn, StatusFilter = status, MaxResults = Size, NextToken = visit.QueryValue("after") },
            visit.Cancellation).ConfigureAwait(false);
        return Html.Of(
            $"""
            <ul class="tabs" aria-label="Status">{Tab(null, "All")}{Statuses.Select(one => Tab(one, one))}</ul>
            {ResourcesPage.Table("Executions", ["Status", "Started", "Took"], [.. page.Executions.Select(execution => (
                Html.Of($"""<a href="{Links.To("execution", ("arn", execution.ExecutionArn))}">{execution.Name}</a>"""),
                (Html[])
                [
                    Html.Of($"""<span class="badge {Kind(execution.Status)}">{execution.Status}</span>"""),
                    Show.Time(execution.StartDate),
                    execution.StopDate is { } stop ? Html.Of($"{Show.Span(WorkflowRun.Utc(stop) - WorkflowRun.Utc(execution.StartDate))}") : Html.None,
                ]))])}
            {Html.When(page.NextToken is not null, $"""
                <nav class="pages" aria-label="Pages of the list">
                <a rel="next" href="{Links.To("workflow", ("arn", arn), ("status", status), ("after", page.NextToken))}">Next page</a></nav>
                """)}
            """);

        Html Tab(string? value, string words) => Html.Of(
            $"""<li><a href="{Links.To("workflow", ("arn", arn), ("status", value))}"{(value == status
                ? Html.Of($" aria-current=\"true\"") : Html.None)}>{words}</a></li>""");
    }

    private static string Kind(string? status) => status switch { "SUCCEEDED" => "good", "RUNNING" => "wait", _ => "bad" };
}
