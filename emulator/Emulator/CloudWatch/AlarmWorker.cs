using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.CloudWatch;

/// <summary>
/// Evaluates every metric alarm each minute, those of high resolution every ten seconds, whether values arrive or not, and ends the periods
/// in which composite alarms hold back their actions.
/// </summary>
internal sealed partial class AlarmWorker : IAsyncDisposable
{
    private const int Minute = 60;
    private const int HighResolution = 10;

    private readonly Database database;
    private readonly Shelf<Alarm> alarms;
    private readonly AlarmStates states;
    private readonly Clock clock;
    private readonly ILogger logger;
    private readonly Worker worker;
    private DateTimeOffset lastMinute;
    private DateTimeOffset lastTen;

    public AlarmWorker(Database database, Shelf<Alarm> alarms, AlarmStates states, Clock clock, ILogger logger)
    {
        this.database = database;
        this.alarms = alarms;
        this.states = states;
        this.clock = clock;
        this.logger = logger;
        worker = new Worker("CloudWatch alarms", clock, logger, Step);
    }

    public void Start()
    {
        lastMinute = Floor(clock.GetUtcNow(), Minute);
        lastTen = Floor(clock.GetUtcNow(), HighResolution);
        worker.Start();
    }

    /// <summary>An alarm was put: there may be a first due time.</summary>
    public void Signal() => worker.Signal();

    public ValueTask DisposeAsync() => worker.DisposeAsync();

    /// <summary>The next evaluation of each alarm.</summary>
    public IEnumerable<Upcoming> Upcoming(string account)
    {
        var now = clock.GetUtcNow();
        return alarms
            .All()
            .Where(entry => entry.Scope.Account == account && entry.Value.Rule is null)
            .Select(entry =>
                entry.Value.IsHighResolution ? (entry.Value.Name, Seconds: HighResolution) : (entry.Value.Name, Seconds: Minute)
            )
            .Select(entry => new Upcoming(
                "cloudwatch",
                "alarm evaluation",
                entry.Name,
                Floor(now, entry.Seconds).AddSeconds(entry.Seconds)
            ))
            .OrderBy(next => next.At);
    }

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var minute = Floor(now, Minute);
        var ten = Floor(now, HighResolution);
        var suppressed = await Release(now).ConfigureAwait(false);
        var all = alarms.All().Where(entry => entry.Value.Rule is null).ToList();
        if (all.Count == 0)
        {
            (lastMinute, lastTen) = (minute, ten);
            return suppressed;
        }

        // An alarm that was put in the period in progress is evaluated at its end for the first time.
        var due = all.Where(entry =>
                entry.Value.IsHighResolution
                    ? ten > lastTen && entry.Value.ConfigurationUpdated < ten
                    : minute > lastMinute && entry.Value.ConfigurationUpdated < minute
            )
            .ToList();
        (lastMinute, lastTen) = (minute, ten);
        if (due.Count > 0)
        {
            var changes = database.Read(transaction =>
                due.Select(entry => Evaluate(transaction, entry.Scope, entry.Value, entry.Value.IsHighResolution ? ten : minute, now))
                    .OfType<Change>()
                    .ToList()
            );
            if (changes.Count > 0)
            {
                await database.Write(transaction => changes.ForEach(change => Apply(transaction, change, now))).ConfigureAwait(false);
            }
        }

        var next = all.Exists(entry => entry.Value.IsHighResolution) ? ten.AddSeconds(HighResolution) : minute.AddSeconds(Minute);
        return suppressed < next ? suppressed : next;
    }

    /// <summary>Ends the periods that are over, and answers when the next one is.</summary>
    private async Task<DateTimeOffset?> Release(DateTimeOffset now)
    {
        var waiting = alarms.All().Where(entry => entry.Value.SuppressedUntil is not null).ToList();
        var over = waiting.Where(entry => entry.Value.SuppressedUntil <= now).ToList();
        if (over.Count > 0)
        {
            await database
                .Write(transaction =>
                {
                    foreach (var entry in over)
                    {
                        if (alarms.Get(transaction, entry.Scope, entry.Name) is { } composite && composite.SuppressedUntil <= now)
                        {
                            states.Release(transaction, entry.Scope, composite, now);
                        }
                    }
                })
                .ConfigureAwait(false);
        }

        return waiting.Where(entry => entry.Value.SuppressedUntil > now).Min(entry => entry.Value.SuppressedUntil);
    }

    /// <summary>Null where the state stays.</summary>
    private static Change? Evaluate(Transaction transaction, Scope scope, Alarm alarm, DateTimeOffset end, DateTimeOffset now)
    {
        var points = Points(transaction, scope, alarm, end);
        var verdict = AlarmEvaluation.Evaluate(
            points.Select(point => point.Value is { } value ? alarm.Breaches(value) : (bool?)null).ToList(),
            alarm.EvaluationPeriods,
            alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods,
            alarm.Missing
        );
        if (verdict.State is null || verdict.State == alarm.State)
        {
            return null;
        }

        var evaluated = verdict.Evaluated.Select(i => points[i]).ToList();
        if (alarm.EvaluateLowSampleCountPercentile == "ignore" && evaluated.Any(point => point.SampleCount < Significant(alarm.Draws!)))
        {
            return null;
        }

        var missing = points.AsEnumerable().Reverse().Where(point => point.Value is null).Take(verdict.Filled);
        var listed =
            verdict.State == AlarmState.InsufficientData ? points : evaluated.Concat(missing).OrderBy(point => point.Start).ToList();
        return new Change(
            scope,
            alarm,
            verdict.State,
            AlarmReason.Text(alarm, verdict.State, evaluated, verdict.Filled, points.Count),
            AlarmReason.Data(alarm, now, evaluated, listed)
        );
    }

    /// <summary>The periods that are fetched, oldest first; the newest ends where the evaluation stands.</summary>
    private static List<AlarmPoint> Points(Transaction transaction, Scope scope, Alarm alarm, DateTimeOffset end)
    {
        var range = AlarmEvaluation.Range(alarm.EvaluationPeriods, alarm.Period);
        var start = end.AddSeconds(-(double)range * alarm.Period);
        if (alarm.Metrics is not null)
        {
            return AlarmQueries.Points(transaction, scope, alarm, start, range);
        }

        var totals = new Aggregate?[range];
        if (MetricStore.Find(transaction, scope, alarm.Namespace!, alarm.MetricName!, Dimension.Key(alarm.Dimensions)) is { } metric)
        {
            foreach (var (time, _, values) in MetricStore.Points(transaction, metric, start, end, alarm.Unit))
            {
                var slot = (int)((time - start).TotalSeconds / alarm.Period);
                totals[slot] = totals[slot]?.Add(values) ?? values;
            }
        }

        var draws = alarm.Draws!;
        return totals
            .Select(
                (total, i) =>
                    new AlarmPoint(start.AddSeconds((double)i * alarm.Period), total is null ? null : draws.Of(total), total?.Count ?? 0)
            )
            .ToList();
    }

    private void Apply(Transaction transaction, Change change, DateTimeOffset now)
    {
        if (!ReferenceEquals(alarms.Get(transaction, change.Scope, change.Alarm.Name), change.Alarm))
        {
            // Put, set or deleted meanwhile: the next evaluation sees it.
            return;
        }

        states.Change(transaction, change.Scope, change.Alarm, change.State, change.Reason, change.ReasonData, now);
        LogChange(change.Alarm.Name, change.Alarm.State, change.State, change.Reason);
    }

    /// <summary>Samples from which a percentile is significant, as the user guide defines it.</summary>
    private static double Significant(Statistic statistic)
    {
        var part = double.Parse(statistic.Name.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) / 100;
        return part >= 0.5 ? 10 / Math.Max(1 - part, 1e-9) : 10 / Math.Max(part, 1e-9);
    }

    private static DateTimeOffset Floor(DateTimeOffset time, int seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / seconds * seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "alarm {Alarm}: {Before} -> {After}: {Reason}")]
    private partial void LogChange(string alarm, string before, string after, string reason);

    private sealed record Change(Scope Scope, Alarm Alarm, string State, string Reason, string ReasonData);
}
