namespace Disa.WebConsole.Pages;

/// <summary>The picture of the pipeline: a list of stages with an arrow after each, drawn by the style sheet; across or, where it is narrow, down.</summary>
internal sealed class FlowPicture(
    Visit visit, DeliveryContext facts, Backlog waits, Traffic traffic, long items, (string UnderWay, string LastMinute)? running, IReadOnlyList<Subscriber> subscribers, bool isBroken)
{
    private Deployment Deployment => visit.Deployment;

    private bool IsOpen => facts.Breaker.State is BreakerState.Open or BreakerState.Closing;

    public Html Draw() => Html.Of(
        $"""
        <ol class="flow" aria-label="The way of a message">
        {Stage("Table", "DynamoDB", Html.Of($"""<a href="{Links.To("messages")}"><b>{items}</b> items</a>"""), Arrow("stream, INSERT only", Runs("init", "lambda", "Requests", Deployment.Output("InitFunctionName"), "runs")))}
        {Stage("Init", "Lambda", Html.Of($"starts the workflow"), Arrow("starts", Executions()))}
        {Stage("Workflow", "Step Functions", running is var (underWay, _) ? Html.Of($"<b>{underWay}</b> in progress") : Html.Of($"EXPRESS"), Arrow("checks", Executions()))}
        {Stage("Breaker", facts.Breaker.State is null ? "no record yet" : $"record: {facts.Breaker.State}", Breaker(), IsOpen
            ? Arrow("holds", Html.Of($"<b>{Held}</b> held"))
            : Arrow("lets through", Runs("process", "lambda", "Requests", Deployment.ProcessFunctionName, "runs")), IsOpen ? "bad" : "good")}
        {Stage("Process", "Lambda", isBroken ? Html.Of($"""<b class="alert">broken</b> by its switch""") : Html.Of($"publishes"),
            Arrow("publishes", Html.Of($"""{Runs("published", "sns", "Messages", Deployment.TopicName, "taken")}{Html.When(traffic.Last("failed", 2) > 0, $"""<b class="alert">{Show.Number(traffic.Last("failed", 2))}</b> failed in 2 min""")}""")), isBroken ? "bad" : "")}
        {Stage("Topic", "SNS", Html.Of($"<b>{subscribers.Count(one => one.Confirmed)}</b> of {subscribers.Count} confirmed"), Arrow("delivers", Runs("delivered", "sns", "EmailDeliveries", Deployment.TopicName, "mails")), subscribers.Any(one => one.Confirmed) ? "" : "wait")}
        {Stage("Mail", "and others who listen", visit.IsEmulator ? Html.Of($"""<a href="{Links.To("inbox")}">Inbox</a>""") : Html.None, Html.None)}
        </ol>
        <div class="loop" role="group" aria-label="The way back"><span class="bend" aria-hidden="true"></span>
        <p><b>Retry function</b> takes what is due from the index back to the workflow, on schedule and when the alarm is OK again:
        <b>{waits.Due}</b> due{Html.When(waits.IsMore, $" at least")}, <b>{waits.Later}</b> later. {Runs("retry", "lambda", "Requests", Deployment.RetryFunctionName, "runs")}</p></div>
        """);

    /// <summary>Executions in the last minute; each asks the breaker once.</summary>
    private Html Executions() => running is var (_, lastMinute) ? Html.Of($"""<b>{lastMinute}</b> <span class="rate">/min</span>""") : Measured("started", "runs");

    private int Held => waits.Reasons.FirstOrDefault(pair => pair.Reason == "Held").Count;

    private static Html Stage(string name, string kind, Html content, Html arrow, string state = "") => Html.Of(
        $"""<li class="stage {state}"><div class="box"><h2>{name}</h2><p class="kind">{kind}</p><p class="figure">{content}</p></div>{arrow}</li>""");

    private static Html Arrow(string? words, Html? figure) => Html.Of($"""<div class="arrow"><span>{words} {figure ?? Html.None}</span></div>""");

    private Html Breaker() => facts.Breaker switch
    {
        { State: BreakerState.Open } => Html.Of($"<b>open</b>"),
        { State: BreakerState.Closing } => Html.Of($"<b>closing</b>"),
        { Watch: true } => Html.Of($"<b>closed</b> by probes"),
        _ => Html.Of($"<b>closed</b>"),
    };

    /// <summary>How often something happened, and how often a minute: the emulator counts it, and on AWS the services measure it.</summary>
    private Html Runs(string metric, string service, string unit, string resource, string words)
    {
        if (!visit.IsEmulator)
        {
            return Measured(metric, words);
        }

        var (total, perMinute) = visit.Site.Usage.Of(service, unit, resource);
        return Html.Of($"""<b>{Show.Number(total)}</b> {words}<span class="rate">{(perMinute is { } rate ? $"{Show.Number(rate)}/min" : "")}</span>""");
    }

    /// <summary>By minutes, from the metrics of AWS's services.</summary>
    private Html Measured(string metric, string words) => visit.IsEmulator ? Html.None : Html.Of(
        $"""<b>{Show.Number(traffic.Total(metric))}</b> {words} in {(traffic.To - traffic.From).TotalMinutes} min<span class="rate">{Show.Number(traffic.Last(metric, 2) / 2)}/min</span>""");
}
