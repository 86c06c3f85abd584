using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Events;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Scheduler;

/// <summary>
/// Runs due schedules: the next due time and the delivery are one write. Times missed while the emulator was stopped are made
/// up for once.
/// </summary>
internal sealed class ScheduleWorker : IAsyncDisposable
{
    private readonly Schedules schedules;
    private readonly Action deliver;
    private readonly UsageMeter meter;
    private readonly Clock clock;
    private readonly Worker worker;

    /// <param name="schedules">What there is.</param>
    /// <param name="deliver">Wakes the deliveries.</param>
    /// <param name="meter">Counts invocations.</param>
    /// <param name="clock">The emulator's.</param>
    /// <param name="logger">For failures of a step.</param>
    public ScheduleWorker(Schedules schedules, Action deliver, UsageMeter meter, Clock clock, ILogger logger)
    {
        this.schedules = schedules;
        this.deliver = deliver;
        this.meter = meter;
        this.clock = clock;
        worker = new Worker("schedules", clock, logger, Step);
    }

    public void Start() => worker.Start();

    public void Signal() => worker.Signal();

    public ValueTask DisposeAsync() => worker.DisposeAsync();

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var due = schedules.Database.Read(transaction =>
            transaction.Query(
                "SELECT account, region, name FROM scheduler_due WHERE run <= $1 ORDER BY run LIMIT 500",
                row => (Scope: new Scope(row.GetString(0), row.GetString(1)), Key: row.GetString(2)),
                now.ToUnixTimeMilliseconds()
            )
        );
        if (due.Count > 0)
        {
            await schedules
                .Database.Write(transaction => due.ForEach(entry => Run(transaction, entry.Scope, entry.Key, now)))
                .ConfigureAwait(false);
            deliver();
        }

        return schedules.Database.Read(transaction => transaction.Number("SELECT min(run) FROM scheduler_due")) is { } next
            ? DateTimeOffset.FromUnixTimeMilliseconds(next)
            : null;
    }

    private void Run(Transaction transaction, Scope scope, string key, DateTimeOffset now)
    {
        var time = transaction.Number(
            "SELECT time FROM scheduler_due WHERE account = $1 AND region = $2 AND name = $3 AND run <= $4",
            scope.Account,
            scope.Region,
            key,
            now.ToUnixTimeMilliseconds()
        );
        if (time is not { } milliseconds || schedules.All.Get(transaction, scope, key) is not { } schedule)
        {
            return;
        }

        var scheduled = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        DeliveryQueue.Add(transaction, Delivery(schedule, scope, scheduled, now), now);
        meter.Add("scheduler", key, "Invocations");
        var next = schedule.Next(now);
        if (next is null && schedule.ActionAfterCompletion == "DELETE")
        {
            schedules.Remove(transaction, scope, key);
        }
        else
        {
            schedules.SetDue(transaction, scope, key, schedule, next);
        }
    }

    private static Delivery Delivery(Schedule schedule, Scope scope, DateTimeOffset scheduled, DateTimeOffset now)
    {
        var execution = Guid.NewGuid().ToString();
        var target = schedule.Target;
        var input = (target.Input ?? "{}")
            .Replace("<aws.scheduler.schedule-arn>", schedule.Arn, StringComparison.Ordinal)
            .Replace(
                "<aws.scheduler.scheduled-time>",
                scheduled.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                StringComparison.Ordinal
            )
            .Replace("<aws.scheduler.execution-id>", execution, StringComparison.Ordinal);
        return new Delivery
        {
            Key = execution,
            Account = scope.Account,
            Region = scope.Region,
            SourceArn = schedule.Arn,
            TargetArn = target.Arn!,
            RoleArn = target.RoleArn,
            Payload = input,
            DeadLetterBody = input,
            DeadLetterArn = target.DeadLetterConfig?.Arn,
            MessageGroupId = target.SqsParameters?.MessageGroupId,
            EventSource = target.EventBridgeParameters?.Source,
            DetailType = target.EventBridgeParameters?.DetailType,
            ScheduledTime = scheduled,
            Retries = target.RetryPolicy?.MaximumRetryAttempts ?? Events.Delivery.DefaultRetries,
            Expires = now.AddSeconds(target.RetryPolicy?.MaximumEventAgeInSeconds ?? Events.Delivery.DefaultAge),
        };
    }
}
