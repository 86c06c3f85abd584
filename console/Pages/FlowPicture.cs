namespace Disa.WebConsole.Pages;

/// <summary>The picture of the pipeline: a list of stages with an arrow after each, drawn by the style sheet; across or, where it is narrow, down.</summary>
internal sealed class FlowPicture(
    Visit visit, Surroundings facts, Backlog waits, Traffic traffic, long items, string? running, IReadOnlyList<Subscriber> subscribers, bool isBroken)
{
    private Deployment Deployment => visit.Deployment;

    private bool IsOpen => facts.Breaker.State is "ALARM" or "RAMP";

    public Html Draw() => Html.Of(
        $"""
        <ol class="flow" aria-label="The way of a message">
        {Stage("Table", "DynamoDB", Html.Of($"""<a href="{visit.Link("messages")}"><b>{items}</b> items</a>"""), Arrow("stream, INSERT only", null))}
        {Stage("Init", "Lambda", Used("lambda", "Requests", Deployment.Outputs["InitFunctionName"], "runs"), Arrow("starts", null))}
        {Stage("Workflow", "Step Functions", running is null ? Html.Of($"EXPRESS") : Html.Of($"<b>{running}</b> under way"), Arrow(null, null))}
        {Stage("Breaker", facts.Breaker.State is null ? "no record yet" : $"record: {facts.Breaker.State}", Breaker(), Arrow(IsOpen ? "holds" : "lets through", Html.When(IsOpen, $"<b>{Show.Number(traffic.Newest("held") ?? 0)}</b> held")), IsOpen ? "bad" : "good")}
        {Stage("Process", "Lambda", Used("lambda", "Requests", Deployment.ProcessFunctionName, "runs"),
            Arrow("publishes", Html.Of($"""<b>{Show.Number(traffic.Last("sent", 2))}</b> sent, <b class="{(traffic.Last("failed", 2) > 0 ? "alert" : "")}">{Show.Number(traffic.Last("failed", 2))}</b> failed in 2 min""")), isBroken ? "bad" : "")}
        {Stage("Topic", "SNS", Used("sns", "Messages", TopicName, "accepted"), Arrow("delivers", null), subscribers.Any(one => one.Confirmed) ? "" : "wait")}
        {Stage("Mail", $"{subscribers.Count(one => one.Confirmed)} of {subscribers.Count} confirmed", visit.IsEmulator ? Used("sns", "EmailDeliveries", TopicName, "mails", visit.Link("inbox")) : Html.None, Html.None)}
        </ol>
        <div class="loop" role="group" aria-label="The way back"><span class="bend" aria-hidden="true"></span>
        <p><b>Retry function</b> takes what is due from the index back to the workflow, on schedule and when the alarm is OK again:
        <b>{waits.Due}</b> due{Html.When(waits.IsMore, $" at least")}, <b>{waits.Later}</b> later. {Used("lambda", "Requests", Deployment.RetryFunctionName, "runs")}</p></div>
        """);

    private string TopicName => Deployment.TopicArn[(Deployment.TopicArn.LastIndexOf(':') + 1)..];

    private static Html Stage(string name, string kind, Html content, Html arrow, string state = "") => Html.Of(
        $"""<li class="stage {state}"><div class="box"><h2>{name}</h2><p class="kind">{kind}</p><p class="figure">{content}</p></div>{arrow}</li>""");

    private static Html Arrow(string? words, Html? figure) => Html.Of($"""<div class="arrow"><span>{words} {figure ?? Html.None}</span></div>""");

    private Html Breaker() => facts.Breaker switch
    {
        { State: "ALARM" } => Html.Of($"<b>open</b>"),
        { State: "RAMP" } => Html.Of($"<b>closing</b>"),
        { Watch: true } => Html.Of($"<b>closed</b> by probes"),
        _ => Html.Of($"<b>closed</b>"),
    };

    /// <summary>Where the emulator counts what is used, how often; AWS keeps that in metrics of its own, which cost money to ask for.</summary>
    private Html Used(string service, string unit, string resource, string words, string? link = null)
    {
        if (!visit.IsEmulator)
        {
            return Html.None;
        }

        var (total, perMinute) = visit.Site.Usage.Of(service, unit, resource);
        var text = Html.Of($"<b>{Show.Number(total)}</b> {words}{(perMinute is { } rate ? Html.Of($"""<span class="rate">{Show.Number(rate)}/min</span>""") : Html.None)}");
        return link is null ? text : Html.Of($"""<a href="{link}">{text}</a>""");
    }
}
