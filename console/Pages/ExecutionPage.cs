using System.Text.Encodings.Web;
using System.Text.Json;

namespace Disa.WebConsole.Pages;

/// <summary>One execution of the workflow: the graph with the path that it took, and each state with what went in and what came out.</summary>
internal static class ExecutionPage
{
    public static async Task<Page> Get(Visit visit)
    {
        var arn = visit.QueryValue("arn") ?? throw new UsageException("the address names no execution (arn=…).");
        var executions = new Executions(visit.Session, visit.Deployment);
        return await executions.Run(arn, visit.Cancellation).ConfigureAwait(false) is { } run
            ? new Page("Execution", "messages", Html.Of(
                $"""
                <p class="crumbs"><a href="{Links.To("messages")}">Messages</a></p>
                <h1>Execution</h1>
                <p class="status">{Badge(run)} {Show.Copyable(arn, "the ARN of the execution")}</p>
                {Show.Facts(("began", Show.Time(run.Started)), ("ended", Show.Time(run.Stopped)), ("took", run.Stopped is { } end ? Html.Of($"{Show.Span(end - run.Started)}") : Html.None))}
                {Body(run, await executions.Graph(arn, visit.Cancellation).ConfigureAwait(false))}
                """)) { IsLive = run.Stopped is null }
            : Page.Saying("No such execution", $"There is no execution {arn}, or nothing is kept of it.", 404) with { Place = "messages" };
    }

    public static Html Badge(WorkflowRun run) => run.Status switch
    {
        "SUCCEEDED" => Html.Of($"""<span class="badge good">succeeded</span>"""),
        "RUNNING" => Html.Of($"""<span class="badge wait">in progress</span>"""),
        _ => Html.Of($"""<span class="badge bad">{run.Status}</span>"""),
    };

    public static Html Body(WorkflowRun run, WorkflowGraph graph) => Html.Of(
        $"""
        <div class="run">
        <div>
        <p class="zoom scripted"><button type="button" class="quiet" data-zoom="-" aria-label="Zoom out">−</button>
        <button type="button" class="quiet" data-zoom="+" aria-label="Zoom in">+</button>
        <button type="button" class="quiet" data-zoom="0">Whole</button></p>
        <div class="scroll" tabindex="0" role="region" aria-label="Graph of the workflow">{GraphPicture.Draw(graph, run)}</div></div>
        <ol class="steps" aria-label="States in the order in which they were entered">{run.Steps.Select(Step)}</ol>
        </div>
        """);

    private static Html Step(WorkflowStep step) => Html.Of(
        $"""
        <li class="{(step.Errors.Count > 0 ? "bad" : "")} depth{Math.Min(step.Depth, 3)}"><details><summary><b>{step.State}</b> {Show.ClockTime(step.Entered)}{(step.Left is { } left ? Html.Of($""" <span class="took">{Show.Span(left - step.Entered)}</span>""") : Html.None)}{step.Errors.Select(error => Html.Of($""" <span class="error">{Show.Excerpt(error, 160)}</span>"""))}</summary>
        {Data("Input", step.Input)}{Data("Output", step.Output)}{step.Errors.Select(error => Data("Error", error))}</details></li>
        """);

    private static Html Data(string name, string? json) => json is null ? Html.None : Html.Of($"""<h3>{name}</h3><pre tabindex="0" aria-label="{name}">{Pretty(json)}</pre>""");

    private static string Pretty(string json)
    {
        try
        {
            using var buffer = new MemoryStream();
            using (var document = JsonDocument.Parse(json))
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                document.WriteTo(writer);
            }

            return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
