using System.Globalization;
using Amazon.CloudFormation.Model;
using Amazon.StepFunctions.Model;

namespace Disa.WebConsole.Pages;

/// <summary>The pipeline as it is now: counts and rates on its arrows, what waits where, and the breaker on the path.</summary>
internal static class FlowPage
{
    private const int Minutes = 30;
    private const int RunningListed = 100;

    public static async Task<Page> Get(Visit visit)
    {
        var (session, deployment, cancellation) = (visit.Session, visit.Deployment, visit.Cancellation);
        var surroundings = DeliveryContext.Read(session, deployment, cancellation);
        var backlog = Backlog.Read(session, deployment, visit.Now, cancellation);
        var deadLetters = QueueStatus.OfDeadLetters(session, deployment, cancellation);
        var subscribers = Subscriber.Of(session, deployment, cancellation);
        var table = visit.Site.ItemCount(visit);
        var range = TrafficChart.Ranges.FirstOrDefault(one => one.Name == (visit.QueryValue("range") ?? TrafficChart.Ranges[0].Name));
        if (range.Name is null)
        {
            throw new UsageException($"'{visit.QueryValue("range")}' is not a range ({string.Join(", ", TrafficChart.Ranges.Select(one => one.Name))}).");
        }

        var traffic = visit.Site.Traffic(visit, Minutes);
        var back = range.Name == TrafficChart.Ranges[0].Name ? traffic : visit.Site.TrafficBack(visit, range.Span, range.Slot);
        var broken = FailureSwitch.IsBroken(session, deployment, cancellation);
        var audit = LastAudit(visit);
        var running = Running(visit);
        var counted = new MessageIndex(session, deployment).Count(visit.Now, cancellation);
        var usage = visit.IsEmulator ? await session.Emulator.Usage(cancellation).ConfigureAwait(false) : null;
        if (usage is not null)
        {
            visit.Site.Usage.Add(visit.Now, usage);
        }

        var facts = await surroundings.ConfigureAwait(false);
        var waits = await backlog.ConfigureAwait(false);
        var metrics = await traffic.ConfigureAwait(false);
        var warnings = Subscriber.Warnings(await subscribers.ConfigureAwait(false), deployment);
        var flow = new FlowPicture(
            visit, facts, waits, metrics, await table.ConfigureAwait(false), await running.ConfigureAwait(false), await subscribers.ConfigureAwait(false), await broken.ConfigureAwait(false));
        var known = await counted.ConfigureAwait(false);
        var isEmpty = await table.ConfigureAwait(false) == 0 && waits is { Due: 0, Later: 0 } && known.States.Values.Sum() == 0;
        var main = Html.Of(
            $"""
            <h1>Flow</h1>
            {Html.When(isEmpty, $"{FirstStep.Ask(visit, here: true)}")}
            {Verdict(facts, waits, known, await broken.ConfigureAwait(false))}
            {States(known)}
            {warnings.Select(warning => Html.Of($"<p class=\"verdict bad subscription\">{warning}</p>"))}
            {flow.Draw()}
            <div class="columns">
            <section aria-labelledby="waits"><h2 id="waits">Pending</h2>{Waits(visit, waits, facts, await deadLetters.ConfigureAwait(false), await audit.ConfigureAwait(false))}</section>
            <section aria-labelledby="send"><h2 id="send">Send a message</h2>{SendActions.Form(visit)}</section>
            </div>
            <section aria-labelledby="minutes"><h2 id="minutes">The last {range.Words}</h2>{Ranges(range.Name)}{TrafficChart.Draw(await back.ConfigureAwait(false))}{LatencyChart.Draw(await back.ConfigureAwait(false))}</section>
            """);
        return new Page("Flow", "", main);
    }

    private static Html Verdict(DeliveryContext facts, Backlog waits, StateCounts counted, bool broken)
    {
        var parked = counted.States.GetValueOrDefault(MessageState.Parked);
        var (kind, words) = facts.Breaker.State switch
        {
            BreakerState.Open => ("bad", "Sending is on hold: the breaker is open."),
            BreakerState.Closing => ("wait", "The breaker is closing: a few messages at a time."),
            _ when broken => ("wait", "Sending is broken on purpose: the process function publishes to a topic that does not exist."),
            _ when waits.Due > 0 => ("wait", $"Sending is allowed; {Show.Count(waits.Due, "message is", "messages are")} due."),
            _ when parked > 0 => ("wait", $"Sending is allowed, and nothing is due; {Show.Number(parked)} parked, which are not retried."),
            _ => ("good", "Sending is allowed, and nothing is due."),
        };
        return Html.Of($"""<p class="verdict {kind}" id="verdict"><strong>{words}</strong> {Show.Sentence(Explanation.BreakerIs(facts))}</p>""");
    }

    /// <summary>How many messages are in each state, each a way to them.</summary>
    private static Html States(StateCounts counted) => Html.Of(
        $"""
        <p class="states" id="states">{Html.Join(MessageState.All.Where(state => counted.States.GetValueOrDefault(state) > 0).Select(state => Chip(counted, state)))}
        <a class="chip" href="{Links.To("failures")}">by error</a>
        <span class="hint">{Show.Number(counted.SentLastMinute)} sent in the last minute, {Show.Number(counted.SentLastHour)} in the last hour</span></p>
        """);

    private static Html Ranges(string chosen) => Html.Of(
        $"""
        <ul class="tabs" aria-label="Range">{TrafficChart.Ranges.Select(one => Html.Of(
            $"""<li><a href="{Links.To("", ("range", one.Name))}#minutes"{(one.Name == chosen ? Html.Of($" aria-current=\"true\"") : Html.None)}>{one.Words}</a></li>"""))}</ul>
        """);

    private static Html Chip(StateCounts counted, string state)
    {
        var atLeast = counted.AtLeast.Contains(state) ? "+" : "";
        return Html.Of($"""<a class="chip" href="{Links.To("messages", ("status", state))}">{state} {Show.Number(counted.States[state])}{atLeast}</a> """);
    }

    private static Html Waits(Visit visit, Backlog waits, DeliveryContext facts, QueueStatus deadLetters, (string? At, string? Unaccounted) audit) => Html.Of(
        $"""
        {Show.Facts(
            ("due now", Html.Of($"{(waits.IsMore ? "more than " : "")}{waits.Due}{(waits.OldestDue is null ? Html.None : Html.Of($", the longest since {Show.Said(waits.OldestDue)}"))}")),
            ("due later", Html.Of($"{(waits.IsMore ? "more than " : "")}{waits.Later}{(waits.NextLater is null ? Html.None : Html.Of($", the first at {Show.Said(waits.NextLater)}"))}")),
            ("why", Html.Join(waits.Reasons.Select(pair => Html.Of($"""<a class="chip" href="{Links.To("messages", ("reason", pair.Reason))}">{pair.Reason} {pair.Count}</a> """)))),
            ("alarm", facts.Alarm is { } alarm ? Html.Of($"""<a href="{Links.To("alarm")}">{Show.AlarmBadge(alarm.State)}</a> since {Show.Said(alarm.Since)}""") : Html.Of($"none")),
            ("last audit", audit.At is null ? Html.Of($"none yet") : Html.Of($"{Show.Time(audit.At)}: {audit.Unaccounted} unaccounted for")),
            ("dead letters", Html.Of($"{deadLetters.Messages}")))}
        {Html.When(waits.Looked > 0, $"""<p class="hint">The reasons of the {waits.Looked} messages that are due first.</p>""")}
        {visit.Act("retry-due", Html.Of($"""<button>Send due messages now</button> <label class="inline"><input type="checkbox" name="force" value="yes"> also those that are due later</label>"""))}
        """);

    /// <summary>What the last audit found, from its record.</summary>
    private static async Task<(string? At, string? Unaccounted)> LastAudit(Visit visit)
    {
        var answer = await visit.Session.DynamoDb.GetItemAsync(
            new Amazon.DynamoDBv2.Model.GetItemRequest
            {
                TableName = visit.Deployment.ControlTableName,
                Key = new() { ["id"] = new() { S = "audit" } },
                ProjectionExpression = "auditedAt, unaccounted",
            },
            visit.Cancellation).ConfigureAwait(false);
        return (answer.Item?.GetValueOrDefault("auditedAt")?.S, answer.Item?.GetValueOrDefault("unaccounted")?.N);
    }

    /// <summary>Executions in progress, and those that began in the last minute; null where the workflow is EXPRESS, which lists none.</summary>
    private static async Task<(string UnderWay, string LastMinute)?> Running(Visit visit)
    {
        Task<ListExecutionsResponse> List(string? status) => visit.Session.StepFunctions.ListExecutionsAsync(
            new ListExecutionsRequest { StateMachineArn = visit.Deployment.StateMachineArn, StatusFilter = status, MaxResults = RunningListed }, visit.Cancellation);
        string Count(int count) => $"{count.ToString(CultureInfo.InvariantCulture)}{(count == RunningListed ? "+" : "")}";
        try
        {
            var newest = List(null);
            var underWay = await List("RUNNING").ConfigureAwait(false);
            return (Count(underWay.Executions.Count), Count((await newest.ConfigureAwait(false)).Executions.Count(one => WorkflowRun.Utc(one.StartDate) > visit.Now - TimeSpan.FromMinutes(1))));
        }
        catch (Amazon.StepFunctions.AmazonStepFunctionsException express) when (express.ErrorCode == "StateMachineTypeNotSupported")
        {
            return null;
        }
    }
}
