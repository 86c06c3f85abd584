namespace Disa.Functions.Retry;

/// <summary>The alarm's state, and since when it is in it.</summary>
public sealed record AlarmReading(string State, DateTimeOffset Since);

/// <summary>What a probe, a step of closing, or the workflow on its own account reports.</summary>
/// <param name="Token">Which probe; null where the workflow met failures though the breaker is closed.</param>
/// <param name="Sent">Messages that got through.</param>
/// <param name="Failed">Messages that did not.</param>
public sealed record BreakerReport(string? Token, int Sent, int Failed)
{
    /// <summary>More came back than got through, or nothing did.</summary>
    public bool IsBad => Failed > Sent;

    public bool IsGood => Sent > 0 && !IsBad;
}

/// <summary>What is to be done next.</summary>
public enum BreakerAction
{
    /// <summary>A probe is in progress, or too early.</summary>
    Wait,

    /// <summary>Send the longest due messages, and be told what came of it: one while it is open, a few more while it closes.</summary>
    Probe,

    /// <summary>Send all that is due.</summary>
    Sweep,
}

/// <summary>The breaker's rules: from what is known to what is next. Pure.</summary>
/// <remarks>
/// The alarm opens it. While it is open, one message at a time is sent as a probe; the first that gets through starts the closing,
/// which lets ten through, then a hundred, then all. So does the alarm when it is OK again. What fails on the way opens it again.
/// </remarks>
/// <param name="Record">The record as it is to be.</param>
/// <param name="Action">What to do.</param>
/// <param name="Count">Messages of a probe.</param>
/// <param name="At">When it is to be sent.</param>
public sealed record BreakerDecision(BreakerRecord Record, BreakerAction Action, int Count, DateTimeOffset At)
{
    private const int FirstStep = 10;
    private const int LastStep = 100;

    /// <summary>After a probe that proved nothing, which may be the next one too.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <param name="record">What is known.</param>
    /// <param name="alarm">What CloudWatch says now; null when it says nothing.</param>
    /// <param name="report">What brought us here, where it was a report.</param>
    /// <param name="now">The time.</param>
    /// <param name="interval">Between two probes.</param>
    public static BreakerDecision Next(
        BreakerRecord record,
        AlarmReading? alarm,
        BreakerReport? report,
        DateTimeOffset now,
        TimeSpan interval
    )
    {
        ArgumentNullException.ThrowIfNull(record);
        var next = Hear(record, alarm, now, interval);
        if (report is not null)
        {
            next = Hear(next, report, now, interval);
        }

        if (next.State is not (BreakerState.Open or BreakerState.Closing))
        {
            return new(next, BreakerAction.Sweep, 0, now);
        }

        if (next.ProbeUntil > now)
        {
            return new(next, BreakerAction.Wait, 0, now);
        }

        var at = next.ProbeAfter > now ? next.ProbeAfter.Value : now;
        return new(next, BreakerAction.Probe, next.State == BreakerState.Closing ? next.Ramp : 1, at);
    }

    private static BreakerRecord Hear(BreakerRecord record, AlarmReading? alarm, DateTimeOffset now, TimeSpan interval)
    {
        // An older answer never overwrites a newer one: events may come in any order.
        if (alarm is null || alarm.Since <= record.Since)
        {
            return record;
        }

        var heard = record with { Since = alarm.Since, Watch = false };
        return (alarm.State, record.State) switch
        {
            (BreakerState.Open, BreakerState.Open) => heard,
            (BreakerState.Open, _) => Opened(heard, now, interval),
            (_, BreakerState.Open) => Step(heard, FirstStep),
            (_, BreakerState.Closing) => heard,
            _ => heard with { State = alarm.State },
        };
    }

    private static BreakerRecord Hear(BreakerRecord record, BreakerReport report, DateTimeOffset now, TimeSpan interval)
    {
        if (report.Token is null)
        {
            return record.Watch && report.IsBad ? Opened(record, now, interval) : record;
        }

        if (report.Token != record.ProbeToken)
        {
            return record; // Overtaken: it was given up, or the alarm has spoken since.
        }

        var over = record with { ProbeToken = null, ProbeUntil = null };
        return (record.State, report) switch
        {
            (_, { IsBad: true }) => Opened(over, now, interval),
            (BreakerState.Open, { IsGood: true }) => Step(over, FirstStep) with { Watch = true },
            (BreakerState.Closing, { IsGood: true }) => record.Ramp >= LastStep ? Close(over) : Step(over, record.Ramp * 10),
            _ => over with { ProbeAfter = now + Pause }, // Deleted, sent, claimed by someone: it proves nothing.
        };
    }

    /// <summary>Nothing is left that waits: there is nothing to close slowly for.</summary>
    public static BreakerRecord Close(BreakerRecord record) =>
        (record ?? throw new ArgumentNullException(nameof(record))) with
        {
            State = BreakerState.Closed,
            Ramp = 0,
            ProbeAfter = null,
            ProbeToken = null,
            ProbeUntil = null,
        };

    private static BreakerRecord Opened(BreakerRecord record, DateTimeOffset now, TimeSpan interval) =>
        record with
        {
            State = BreakerState.Open,
            Watch = false,
            Ramp = 0,
            ProbeAfter = now + interval,
            ProbeToken = null,
            ProbeUntil = null,
        };

    private static BreakerRecord Step(BreakerRecord record, int count) =>
        record with
        {
            State = BreakerState.Closing,
            Ramp = count,
            ProbeAfter = null,
            ProbeToken = null,
            ProbeUntil = null,
        };
}
