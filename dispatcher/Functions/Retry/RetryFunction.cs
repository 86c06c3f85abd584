using System.Globalization;
using Amazon.Runtime;

namespace Disa.Functions.Retry;

/// <summary>One sweep: asks for the alarm, keeps the breaker record, and starts the workflow again for what is due, as far as the breaker lets it.</summary>
/// <remarks>
/// Natural keys: of a sweep, item and due time, which every attempt moves, so that a doubled schedule finds the same due times and starts
/// nothing twice; of a probe, its token on the breaker record, which one of two sweeps at once writes first.
/// </remarks>
public sealed class RetryFunction(
    AlarmReader alarm,
    BreakerStore breaker,
    DueIndex index,
    StateCounter states,
    SubscriptionReader subscriptions,
    Workflow workflow,
    RetrySettings settings,
    Log log,
    TimeProvider time
)
{
    /// <summary>The source that the schedule puts into its event.</summary>
    private const string Schedule = "disa.schedule";

    private const int WritesAtMost = 5;

    /// <summary>How long a probe may take after its time: the workflow's longest way, with its wait for a lease.</summary>
    private static readonly TimeSpan ProbeLease = Timeouts.Execution + Timeouts.Lease + Timeouts.State;

    public async Task<RetryResult> RunAsync(RetryEvent input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var clock = new EventClock(Instant.TryParse(input.Time, out var at) ? at : null, time);
        var now = clock.Now;
        var reading = await alarm.ReadAsync(input.Detail, now, cancellation).ConfigureAwait(false);
        var (messages, more) = await index.FindAsync(input.Force ? null : now, settings.MaxItems, cancellation).ConfigureAwait(false);
        var (record, probe) = await DecideAsync(input, reading, messages, now, cancellation).ConfigureAwait(false);
        Tell(record, messages, now);
        var (started, executions) = record.State switch
        {
            BreakerState.Open or BreakerState.Closing => await ProbeAsync(record, probe, input, cancellation).ConfigureAwait(false),
            _ => await SweepAsync(messages, more, input, now, cancellation).ConfigureAwait(false),
        };
        if (input.Source == Schedule)
        {
            // Behind the sweep: a question that nobody answers holds up no message.
            await TellStatesAsync(now, cancellation).ConfigureAwait(false);
            await TellSubscriptionsAsync(now, cancellation).ConfigureAwait(false);
        }

        return Report(input, new(record.State, messages.Count, started, executions, more));
    }

    /// <summary>Writes the record before anything is started: who writes first starts, and who comes second looks again.</summary>
    /// <returns>The record as it stands, and what to probe with, where that is now this sweep's to do.</returns>
    private async Task<(BreakerRecord Record, Probe? Probe)> DecideAsync(
        RetryEvent input,
        AlarmReading? reading,
        IReadOnlyList<DueMessage> due,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var seen = await breaker.ReadAsync(cancellation).ConfigureAwait(false);
        for (var tried = 1; ; tried++)
        {
            var decision = BreakerDecision.Next(seen, reading, input.Report, now, settings.ProbeInterval);
            var record = decision.Record;
            Probe? probe = null;
            if (decision.Action == BreakerAction.Probe)
            {
                var with = await ProbeWithAsync(decision, due, now, cancellation).ConfigureAwait(false);
                if (with.Count > 0)
                {
                    var kind = record.State == BreakerState.Open ? ReportRequest.Probe : ReportRequest.Ramp;
                    probe = new(with, new(kind, Guid.NewGuid().ToString("N"), decision.At));
                    record = record with { ProbeToken = probe.Request.Token, ProbeUntil = decision.At + ProbeLease };
                }
                else if (record.State == BreakerState.Closing)
                {
                    record = BreakerDecision.Close(record);
                }
            }

            if (await breaker.WriteAsync(record, now, cancellation).ConfigureAwait(false))
            {
                Tell(seen, record, now);
                return (record, probe);
            }

            seen = await breaker.ReadAsync(cancellation).ConfigureAwait(false);
            if (tried == WritesAtMost)
            {
                log.Write("warn", "The breaker record was written by others again and again; theirs stands.", ("state", seen.State));
                return (seen, null);
            }
        }
    }

    /// <summary>One execution's worth: the report is of all of it.</summary>
    private async Task<IReadOnlyList<DueMessage>> ProbeWithAsync(
        BreakerDecision decision,
        IReadOnlyList<DueMessage> due,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var found =
            decision.At <= now ? due : (await index.FindAsync(decision.At, decision.Count, cancellation).ConfigureAwait(false)).Messages;
        return Workflow.Batches(found.Take(decision.Count), message => message.Key).FirstOrDefault() ?? [];
    }

    private async Task<(int Started, int Executions)> ProbeAsync(
        BreakerRecord record,
        Probe? probe,
        RetryEvent input,
        CancellationToken cancellation
    )
    {
        if (probe is null)
        {
            return (0, 0);
        }

        log.Write(
            "info",
            record.State == BreakerState.Open
                ? "The breaker is open: a probe was sent."
                : "The breaker closes: a few more are let through.",
            ("token", probe.Request.Token),
            ("messages", Text(probe.Messages.Count)),
            ("at", Instant.Text(probe.Request.At))
        );
        var items = probe.Messages.Select(message => new WorkItem(message.Key, probe.Request.At)).ToList();
        var isNew = await workflow
            .StartAsync(
                $"{probe.Request.Kind}-{probe.Request.Token}",
                new(items, input.Source ?? "disa.retry", Force: false, probe.Request),
                cancellation
            )
            .ConfigureAwait(false);
        return isNew ? (items.Count, 1) : (0, 0);
    }

    private async Task<(int Started, int Executions)> SweepAsync(
        IReadOnlyList<DueMessage> messages,
        bool more,
        RetryEvent input,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var (started, executions) = (0, 0);
        var batches = Workflow.Batches(messages, message => message.Key).ToList();
        foreach (var batch in batches)
        {
            // The minute of the event is in the name: a doubled schedule carries the same one and starts nothing twice, and a batch
            // whose execution came to nothing is not taken for done for ninety days. By hand, every call counts.
            var prefix = input.Force
                ? $"forced-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}"
                : $"retry-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmm", CultureInfo.InvariantCulture)}";
            var name = Workflow.Name(prefix, batch.Select(message => $"{message.Key.Id} {message.Due}").Order(StringComparer.Ordinal));

            // What this sweep leaves is swept when its last batch is done, not before: the workflow sets the pace.
            var report = more && !input.Force && batch == batches[^1] ? new ReportRequest(ReportRequest.More, name, now) : null;
            var work = new WorkBatch(
                [.. batch.Select(message => new WorkItem(message.Key, now))],
                input.Source ?? "disa.retry",
                input.Force,
                report
            );
            if (await workflow.StartAsync(name, work, cancellation).ConfigureAwait(false))
            {
                started += batch.Count;
                executions++;
            }
        }

        return (started, executions);
    }

    private void Tell(BreakerRecord record, IReadOnlyList<DueMessage> due, DateTimeOffset now)
    {
        var oldest = due.Count > 0 && Instant.TryParse(due[0].Due, out var since) && since < now ? (now - since).TotalSeconds : 0;
        var holds = record.State is BreakerState.Open or BreakerState.Closing;
        log.Measure(
            settings.Stack,
            now,
            Measure.Level("OldestDueAge", "Seconds", Math.Round(oldest)),
            Measure.Level("BreakerOpen", "Count", holds ? 1 : 0),
            Measure.Count("Held", holds ? due.Count : 0)
        );
    }

    /// <summary>A state without messages is not measured. That the table does not answer for it is no reason not to sweep.</summary>
    private async Task TellStatesAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        try
        {
            var counts = await states.CountAsync(cancellation).ConfigureAwait(false);
            log.Measure(settings.Stack, now, [.. counts.Select(pair => Measure.Count($"Messages{pair.Key}", pair.Value))]);
        }
        catch (Exception e) when (CallFailure.Is(e))
        {
            log.Write("warn", "The messages were not counted by state.", ("text", e.Message));
        }
    }

    private async Task TellSubscriptionsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        if (await subscriptions.ReadAsync(cancellation).ConfigureAwait(false) is var (confirmed, pending))
        {
            log.Measure(
                settings.Stack,
                now,
                Measure.Level("ConfirmedSubscriptions", "Count", confirmed),
                Measure.Level("PendingSubscriptions", "Count", pending)
            );
        }
    }

    private void Tell(BreakerRecord before, BreakerRecord after, DateTimeOffset now)
    {
        if (before.State != after.State)
        {
            log.Write("warn", "The breaker changed its state.", ("from", before.State), ("to", after.State), ("at", Instant.Text(now)));
        }
    }

    private RetryResult Report(RetryEvent input, RetryResult result)
    {
        log.Write(
            "info",
            result.Breaker is BreakerState.Open ? "In Alarm: nothing is sent but probes." : "Swept.",
            ("source", input.Source),
            ("breaker", result.Breaker),
            ("due", Text(result.Due)),
            ("started", Text(result.Started)),
            ("executions", Text(result.Executions)),
            ("more", result.More ? "left for the next sweep" : "")
        );
        return result;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Probe(IReadOnlyList<DueMessage> Messages, ReportRequest Request);
}

/// <summary>The retry function's parameters.</summary>
/// <param name="MaxItems">Messages that one sweep takes.</param>
/// <param name="ProbeInterval">Between two probes.</param>
/// <param name="Stack">The metrics' dimension.</param>
public sealed record RetrySettings(int MaxItems, TimeSpan ProbeInterval, string Stack);
