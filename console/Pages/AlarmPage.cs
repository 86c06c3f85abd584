using System.Globalization;
using System.Text.Json;
using Amazon.CloudWatch.Model;

namespace Disa.WebConsole.Pages;

/// <summary>All alarms by state, and one of them: its metric with the threshold, the points that were evaluated, its history; and the switch that makes sending fail.</summary>
internal static class AlarmPage
{
    private const int Periods = 60;
    private const int HistoryShown = 30;

    public static async Task<Page> Get(Visit visit)
    {
        var alarms = await AlarmList.Read(visit).ConfigureAwait(false);
        var name = visit.QueryValue("name") ?? visit.Deployment.AlarmName;
        var one = alarms.FirstOrDefault(entry => entry.Name == name) ?? throw new UsageException($"'{name}' is not an alarm of this stack.");
        if (one.Alarm is not { } alarm)
        {
            return new Page("Alarms", "alarm", Html.Of($"<h1>Alarms</h1>{AlarmList.Table(alarms, name)}<h2>{one.LogicalName}</h2><p>The alarm {name} was deleted.</p>"));
        }

        var series = visit.Site.ResponseCache.Get($"alarm {name}", $"{visit.Now.UtcTicks / TimeSpan.TicksPerMinute}", ConsoleSite.Stands(visit), () => Series(visit, alarm));
        var history = visit.Session.CloudWatch.DescribeAlarmHistoryAsync(new DescribeAlarmHistoryRequest { AlarmName = name, MaxRecords = HistoryShown, ScanBy = "TimestampDescending" }, visit.Cancellation);
        var broken = await FailureSwitch.IsBroken(visit.Session, visit.Deployment, visit.Cancellation).ConfigureAwait(false);
        var points = await series.ConfigureAwait(false);
        return new Page("Alarms", "alarm", Html.Of(
            $"""
            <h1>Alarms</h1>
            {AlarmList.Table(alarms, name)}
            <h2 id="one">{one.LogicalName}</h2>
            <p class="verdict {(alarm.StateValue == "ALARM" ? "bad" : alarm.StateValue == "OK" ? "good" : "wait")}" id="verdict"><strong>{Show.AlarmBadge(alarm.StateValue)}</strong> since {Show.Said(alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)}. {alarm.StateReason}</p>
            <section aria-labelledby="metric"><h3 id="metric">{Watched(alarm)}</h3>{AlarmChart.Draw(alarm, points, visit.Now, Evaluated(alarm))}
            <p class="hint">{How(alarm)} over {Show.Span(PeriodOf(alarm))}; In Alarm when {alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods ?? 1} of {alarm.EvaluationPeriods ?? 1} {Words(alarm.ComparisonOperator)} {alarm.Threshold ?? 0}; missing points count as {alarm.TreatMissingData ?? "missing"}. {alarm.AlarmDescription}</p>
            <p>{Show.Copyable(alarm.AlarmArn, "the ARN of the alarm")}</p></section>
            <div class="columns">
            <section aria-labelledby="points"><h2 id="points">Evaluated points</h2>{Points(Evaluated(alarm))}</section>
            {Html.When(name == visit.Deployment.AlarmName, $"""<section aria-labelledby="switch"><h2 id="switch">Failure switch</h2>{Switch(visit, broken)}</section>""")}
            </div>
            <section aria-labelledby="history"><h2 id="history">History</h2>{History(await history.ConfigureAwait(false))}</section>
            """));
    }

    public static async Task<string> Break(Visit visit)
    {
        await FailureSwitch.Set(visit.Session, visit.Deployment, FailureSwitch.Missing(visit.Deployment), visit.Cancellation).ConfigureAwait(false);
        return visit.Back("Sending fails from now on, until you choose Mend.", "alarm");
    }

    public static async Task<string> Mend(Visit visit)
    {
        await FailureSwitch.Set(visit.Session, visit.Deployment, visit.Deployment.TopicArn, visit.Cancellation).ConfigureAwait(false);
        return visit.Back("Sending works again. Failed messages are sent when they are due.", "alarm");
    }

    private static Html Switch(Visit visit, bool broken) => broken
        ? Html.Of($"""<p><b>Broken:</b> the process function's SNS_TOPIC_ARN is not the stack's topic, so every send fails.</p>{visit.Act("mend", Html.Of($"<button>Mend</button>"))}""")
        : Html.Of($"""<p>The process function sends to the stack's topic. Break points its SNS_TOPIC_ARN at a topic that does not exist.</p>{visit.Act("break", Html.Of($"""<button class="danger">Break</button>"""), ask: visit.IsEmulator ? null : $"Make sending fail at {visit.Session.Target.Describe()}? No message of the stack {visit.Deployment.StackName} is sent until it is mended.")}""");

    /// <summary>The metric's name; of an alarm on an expression the expression's label.</summary>
    public static string? Watched(MetricAlarm alarm) =>
        alarm.MetricName ?? alarm.Metrics.Where(query => query.ReturnData != false).Select(query => query.Label ?? query.Id).FirstOrDefault();

    /// <summary>The statistic; of an alarm on an expression the expression.</summary>
    private static string? How(MetricAlarm alarm) =>
        alarm.Statistic ?? alarm.ExtendedStatistic ?? alarm.Metrics.Select(query => query.Expression).FirstOrDefault(expression => expression is not null);

    public static TimeSpan PeriodOf(MetricAlarm alarm) =>
        TimeSpan.FromSeconds(Math.Max(60, alarm.Period ?? alarm.Metrics.Select(query => query.MetricStat?.Period ?? 60).DefaultIfEmpty(60).Max()));

    private static async Task<IReadOnlyList<(DateTimeOffset At, double Value)>> Series(Visit visit, MetricAlarm alarm)
    {
        var period = PeriodOf(alarm);
        var to = new DateTimeOffset(visit.Now.UtcTicks - (visit.Now.UtcTicks % period.Ticks), TimeSpan.Zero) + period;
        var answer = await visit.Session.CloudWatch.GetMetricDataAsync(
            new GetMetricDataRequest
            {
                StartTime = (to - (Periods * period)).UtcDateTime,
                EndTime = to.UtcDateTime,
                ScanBy = "TimestampAscending",
                MetricDataQueries = alarm.Metrics.Count > 0 ? alarm.Metrics :
                [
                    new()
                    {
                        Id = "metric",
                        MetricStat = new() { Metric = new() { Namespace = alarm.Namespace, MetricName = alarm.MetricName, Dimensions = alarm.Dimensions }, Period = (int)period.TotalSeconds, Stat = alarm.Statistic ?? alarm.ExtendedStatistic },
                    },
                ],
            },
            visit.Cancellation).ConfigureAwait(false);
        return [.. answer.MetricDataResults.SelectMany(result => result.Timestamps.Select(time => WorkflowRun.Utc(time)).Zip(result.Values)).OrderBy(point => point.First)];
    }

    /// <summary>The points that made the state, from the alarm's reason; a missing one has no value.</summary>
    private static List<(DateTimeOffset At, double? Value)> Evaluated(MetricAlarm alarm)
    {
        if (string.IsNullOrEmpty(alarm.StateReasonData))
        {
            return [];
        }

        try
        {
            using var document = JsonDocument.Parse(alarm.StateReasonData);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("evaluatedDatapoints", out var points)
                ? [.. points.EnumerateArray().Select(point => (
                    DateTimeOffset.Parse(point.GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
                    point.TryGetProperty("value", out var value) ? value.GetDouble() : (double?)null))]
                : [];
        }
        catch (Exception other) when (other is JsonException or FormatException)
        {
            return []; // Whoever set the state by hand may have given any text.
        }
    }

    private static Html Points(List<(DateTimeOffset At, double? Value)> points) => points.Count == 0
        ? Html.Of($"""<p class="empty">The alarm has none.</p>""")
        : Html.Of(
            $"""
            <table><thead><tr><th scope="col">Period from</th><th scope="col" class="number">Value</th></tr></thead>
            <tbody>{points.Select(point => Html.Of($"""<tr><td>{Show.Time(point.At)}</td><td class="number">{(point.Value is { } value ? Show.Number(value) : "missing")}</td></tr>"""))}</tbody></table>
            """);

    private static Html History(DescribeAlarmHistoryResponse history) => history.AlarmHistoryItems.Count == 0
        ? Html.Of($"""<p class="empty">No events yet.</p>""")
        : Html.Of(
            $"""
            <table class="stack"><thead><tr><th scope="col">Time<span class="utc"> (UTC)</span></th><th scope="col">What</th><th scope="col">Summary</th></tr></thead>
            <tbody>{history.AlarmHistoryItems.Select(item => Html.Of($"""<tr><td>{Show.Time(item.Timestamp)}</td><td data-name="What">{item.HistoryItemType}</td><td data-name="Summary">{item.HistorySummary}</td></tr>"""))}</tbody></table>
            """);

    private static string Words(string? comparison) => comparison switch
    {
        "GreaterThanOrEqualToThreshold" => "are at least",
        "GreaterThanThreshold" => "are more than",
        "LessThanThreshold" => "are less than",
        "LessThanOrEqualToThreshold" => "are at most",
        _ => comparison ?? "",
    };
}
