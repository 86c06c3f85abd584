using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>What became of one item.</summary>
public enum Outcome
{
    Sent,

    /// <summary>The publish failed, and the topic is at fault; the item says when it is tried again. The alarm watches the number of these.</summary>
    Failed,

    /// <summary>The publish was throttled, or nobody answered; the item says when it is tried again. No matter for the alarm.</summary>
    Retried,

    /// <summary>It can never be published as it is, or its time is over: parked. No fault of the topic, so no matter for the alarm.</summary>
    Rejected,

    /// <summary>Put off to the time that the user asked for.</summary>
    Deferred,

    /// <summary>Nothing to do: gone, sent, parked, not due, or in someone else's hands and in the index.</summary>
    Skipped,

    /// <summary>Undecided, and in someone else's hands, who may be dead: to be looked at again when the lease has ended.</summary>
    InFlight,
}

/// <summary>How a batch is to be sent.</summary>
/// <param name="Force">Whether times that are not due yet are ignored.</param>
/// <param name="Redrive">Whether parked items are sent again.</param>
/// <param name="Probe">Whether this is a probe: then a failure parks nothing.</param>
public sealed record SendOptions(bool Force, bool Redrive, bool Probe);

/// <summary>What the stack allows.</summary>
/// <param name="MaxMessageBytes">Bytes of message and attributes that the topic takes.</param>
/// <param name="Retention">How long a sent item is kept; zero for ever.</param>
/// <param name="ParkedBlocks">Whether a parked message of a FIFO topic holds up its group until someone decides.</param>
public sealed record SendLimits(int MaxMessageBytes, TimeSpan Retention, bool ParkedBlocks = true)
{
    /// <summary>A topic's default, and nothing deleted.</summary>
    public static SendLimits None { get; } = new(MessageLimits.DefaultBytes, TimeSpan.Zero);
}

/// <summary>Takes one item through one attempt: check, claim, and, when it is published, record.</summary>
/// <remarks>
/// Natural key: the item's key and the number of the attempt, which the claim fences. Published and then died before
/// recording is what a standard topic cannot exclude: the next attempt finds the claim and marks its message as a possible duplicate.
/// </remarks>
public sealed class Sender(MessageTable table, TableShape shape, Backoff backoff, Func<double> chance, Log log, SendLimits? limits = null)
{
    /// <summary>Whether a parked message of a FIFO topic holds up its group.</summary>
    public bool ParkedBlocks => (limits ?? SendLimits.None).ParkedBlocks;

    /// <summary>Claims an item for an attempt, or says what became of it instead.</summary>
    /// <param name="given">The item as the workflow names it.</param>
    /// <param name="item">The item as it is; null when it is gone.</param>
    /// <param name="options">How it is to be sent.</param>
    /// <param name="clock">The time.</param>
    /// <param name="writes">The batch that the claim joins.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task<(Outcome Outcome, Attempt? Attempt)> ClaimAsync(
        WorkItem given,
        Dictionary<string, AttributeValue>? item,
        SendOptions options,
        EventClock clock,
        WritesTogether writes,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        var key = given.Key;
        if (shape.IsShared && item?.ContainsKey(SendAttributes.Message) == false)
        {
            log.Write("info", "Left alone.", ("id", key.Id), ("why", "the item has no message: it is the user's own"));
            if (item.ContainsKey(SendAttributes.Due))
            {
                // A message that lost its text would be found by each sweep, and in time keep others from being found.
                await table.ForgetAsync(key, cancellation).ConfigureAwait(false);
            }

            return (Outcome.Skipped, null);
        }

        if (item is null || WhyNot(item, options, clock.Now) is not null)
        {
            log.Write("info", "Not sent.", ("id", key.Id), ("why", item is null ? "the item is gone" : WhyNot(item, options, clock.Now)));
            return (await LeaveAsync(key, item, cancellation).ConfigureAwait(false), null);
        }

        var number = 1 + Attempts(item);
        var seen = Instant.TryParse(item.GetValueOrDefault(SendAttributes.SeenAt)?.S, out var first)
            ? given with
            {
                SeenAt = first,
            }
            : given;
        var trace = TraceContext.Of(item.GetValueOrDefault(SendAttributes.TraceParent)?.S, seen);
        var own = Attempt.OwnAttributes(key, number, MayBeDuplicate(item), trace);
        Message message;
        try
        {
            message = Message.Parse(item, key.Id, (limits ?? SendLimits.None).MaxMessageBytes);
        }
        catch (InvalidMessageException e)
        {
            return (await ParkAsync(seen, item, "InvalidMessage", e.Code, e.Message, clock, cancellation).ConfigureAwait(false), null);
        }

        if (message.ExpiresAt <= clock.Now)
        {
            return (
                await ParkAsync(
                        seen,
                        item,
                        "Expired",
                        "Expired",
                        $"It was not to be sent after {Instant.Text(message.ExpiresAt.Value)}.",
                        clock,
                        cancellation
                    )
                    .ConfigureAwait(false),
                null
            );
        }

        if (message.SendAt > clock.Now)
        {
            await table.DecideAsync(seen, "Scheduled", null, message.SendAt, clock.Now, cancellation).ConfigureAwait(false);
            log.Write("info", "Put off to its time.", ("id", key.Id), ("next", Instant.Text(message.SendAt.Value)));
            return (Outcome.Deferred, null);
        }

        var now = clock.Now;
        var attempt = new Attempt(seen, item, number, Guid.NewGuid().ToString("N"), now + Timeouts.Lease, message, own, trace);
        var claimed = await table.ClaimAsync(attempt, now, cancellation, writes).ConfigureAwait(false);
        if (!claimed.Done)
        {
            log.Write("info", "Not sent.", ("id", key.Id), ("why", "someone else claimed it or it is gone"));
            return (await LeaveAsync(key, claimed.Item, cancellation).ConfigureAwait(false), null);
        }

        return (Outcome.InFlight, attempt);
    }

    /// <summary>What is in someone else's hands, and undecided, is found again by the sweep when that one's lease ends.</summary>
    private async Task<Outcome> LeaveAsync(
        ItemKey key,
        IReadOnlyDictionary<string, AttributeValue>? item,
        CancellationToken cancellation
    ) =>
        item is not null
        && !item.ContainsKey(SendAttributes.Status)
        && await table.WatchAsync(key, item, cancellation).ConfigureAwait(false)
            ? Outcome.InFlight
            : Outcome.Skipped;

    /// <summary>Whether a claim still covers a publish; one that does not is given back, for someone else may be sending by now.</summary>
    /// <remarks>The time is real time: a function can be frozen between its claim and its publish.</remarks>
    public async Task<bool> StillHoldsAsync(Attempt attempt, SendOptions options, EventClock clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(clock);
        if (clock.Now + Timeouts.Publish < attempt.Until)
        {
            return true;
        }

        await FailedAsync(
                attempt,
                new(FaultClass.Transient, "LeaseOver", "The claim was over, or nearly, before the publish."),
                options,
                clock,
                cancellation
            )
            .ConfigureAwait(false);
        return false;
    }

    /// <summary>Records on the item what the topic said.</summary>
    public Task<Outcome> RecordAsync(
        Attempt attempt,
        Publication publication,
        SendOptions options,
        EventClock clock,
        WritesTogether writes,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(publication);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        return publication.Fault is { } fault
            ? FailedAsync(attempt, fault, options, clock, cancellation)
            : SentAsync(attempt, publication.MessageId, clock, writes, cancellation);
    }

    /// <summary>Whether an item, as it was read, would be claimed now; one that waits for its moment is.</summary>
    public bool IsToBeSent(Dictionary<string, AttributeValue>? item, SendOptions options, DateTimeOffset now) =>
        item is not null && !(shape.IsShared && !item.ContainsKey(SendAttributes.Message)) && WhyNot(item, options, now) is null;

    private static string? WhyNot(Dictionary<string, AttributeValue> item, SendOptions options, DateTimeOffset now)
    {
        var status = item.GetValueOrDefault(SendAttributes.Status)?.S;
        if (status == SendAttributes.Successful)
        {
            return "it is sent";
        }

        if (Instant.TryParse(item.GetValueOrDefault(SendAttributes.Claim)?.M?.GetValueOrDefault("until")?.S, out var until) && until > now)
        {
            return "someone else is sending it";
        }

        if (status == SendAttributes.Failure && !item.ContainsKey(SendAttributes.Due))
        {
            return options.Redrive ? null : "it is parked";
        }

        // What is paced is claimed before its moment, and waits for it with its claim.
        var soon = item.GetValueOrDefault(SendAttributes.Reason)?.S == PacedRun.Paced ? now + PacedRun.Patience : now;
        return
            !options.Force
            && status == SendAttributes.Failure
            && Instant.TryParse(item.GetValueOrDefault(SendAttributes.NextAttempt)?.S, out var next)
            && next > soon
            ? "it is not due yet"
            : null;
    }

    private static int Attempts(Dictionary<string, AttributeValue> item) =>
        int.TryParse(
            item.GetValueOrDefault(SendAttributes.Attempts)?.N,
            NumberStyles.Integer,
            CultureInfo.InvariantCulture,
            out var attempts
        )
            ? attempts
            : 0;

    /// <summary>A claim left behind, or an attempt with an outcome that nobody knows.</summary>
    private static bool MayBeDuplicate(Dictionary<string, AttributeValue> item) =>
        item.ContainsKey(SendAttributes.Claim)
        || History.HasUnknown(item)
        || item.GetValueOrDefault(SendAttributes.Error)?.M?.GetValueOrDefault("class")?.S == "unknown";

    private async Task<Outcome> ParkAsync(
        WorkItem item,
        Dictionary<string, AttributeValue> read,
        string reason,
        string code,
        string text,
        EventClock clock,
        CancellationToken cancellation
    )
    {
        var decided = (
            await table
                .DecideAsync(
                    item,
                    reason,
                    new(FaultClass.Permanent, code, text),
                    null,
                    clock.Now,
                    cancellation,
                    History.OfParked(read, Attempts(read))
                )
                .ConfigureAwait(false)
        ).Done;
        log.Write("warn", "Parked: it cannot be sent.", ("id", item.Key.Id), ("reason", reason), ("code", code), ("text", text));
        return decided ? Outcome.Rejected : Outcome.Skipped;
    }

    private async Task<Outcome> SentAsync(
        Attempt attempt,
        string? messageId,
        EventClock clock,
        WritesTogether writes,
        CancellationToken cancellation
    )
    {
        var history = History.With(attempt.Seen, attempt.Number, clock.Now, messageId, null);
        var recorded = (
            await table
                .RecordSentAsync(attempt, messageId, history, clock.Now, (limits ?? SendLimits.None).Retention, cancellation, writes)
                .ConfigureAwait(false)
        ).Done;
        log.Write(
            recorded ? "info" : "warn",
            recorded ? "Sent." : "Sent, but the item was deleted or claimed by someone else meanwhile.",
            ("id", attempt.Key.Id),
            ("traceId", attempt.Trace.TraceId),
            ("attempt", attempt.NumberText),
            ("messageId", messageId)
        );
        return Outcome.Sent;
    }

    private async Task<Outcome> FailedAsync(
        Attempt attempt,
        Fault fault,
        SendOptions options,
        EventClock clock,
        CancellationToken cancellation
    )
    {
        // A fault of the topic is not used up by any number of attempts: when it is mended, everything is to go out. Nor is a message by probing with it.
        var exhausted = fault.Class != FaultClass.Configuration && attempt.Number >= backoff.MaxAttempts && !options.Probe;
        var parked = fault.Class == FaultClass.Permanent || exhausted;
        var reason = exhausted && fault.Class != FaultClass.Permanent ? "AttemptsExhausted" : "SendFailed";
        DateTimeOffset? next = parked ? null : clock.Now + backoff.Delay(attempt.Number, chance());
        var history = History.With(attempt.Seen, attempt.Number, clock.Now, null, fault);
        var recorded = (
            await table.RecordFailureAsync(attempt, reason, fault, history, next, clock.Now, cancellation).ConfigureAwait(false)
        ).Done;
        log.Write(
            "warn",
            recorded
                ? "Not sent: the publish failed."
                : "The publish failed, and the item was deleted or claimed by someone else meanwhile.",
            ("id", attempt.Key.Id),
            ("traceId", attempt.Trace.TraceId),
            ("attempt", attempt.NumberText),
            ("class", fault.Class.ToString().ToLowerInvariant()),
            ("code", fault.Code),
            ("text", fault.Text),
            ("next", next is { } due ? Instant.Text(due) : "never")
        );
        return fault.Class == FaultClass.Permanent ? Outcome.Rejected
            : fault.IsOfTheTopic ? Outcome.Failed
            : Outcome.Retried;
    }
}
