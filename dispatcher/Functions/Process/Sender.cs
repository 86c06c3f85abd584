using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>What became of one item.</summary>
public enum Outcome
{
    Sent,

    /// <summary>The publish failed; the item says when it is tried again. The alarm watches the number of these.</summary>
    Failed,

    /// <summary>It can never be published as it is, or its time is over: parked. No fault of the topic, so no matter for the alarm.</summary>
    Rejected,

    /// <summary>Put off to the time that the user asked for.</summary>
    Deferred,

    /// <summary>Nothing to do: gone, sent, parked, not due, or in somebody else's hands and in the index.</summary>
    Skipped,

    /// <summary>Undecided, and in somebody else's hands, who may be dead: to be looked at again when the lease has ended.</summary>
    InFlight,
}

/// <summary>Takes one item through one attempt: read, check, claim, publish, record.</summary>
/// <remarks>
/// Natural key: the item's key and the number of the attempt, which the claim fences. Published and then died before
/// recording is what a standard topic cannot exclude: the next attempt finds the claim and marks its message as a possible duplicate.
/// </remarks>
public sealed class Sender(MessageTable table, Publisher publisher, Backoff backoff, Func<double> chance, Log log)
{
    public async Task<Outcome> SendAsync(ItemKey key, bool force, bool redrive, EventClock clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(clock);
        var item = await table.ReadAsync(key, cancellation).ConfigureAwait(false);
        if (item is null || WhyNot(item, force, redrive, clock.Now) is not null)
        {
            log.Write("info", "Not sent.", ("id", key.Id), ("why", item is null ? "the item is gone" : WhyNot(item, force, redrive, clock.Now)));
            return item is not null && !item.ContainsKey(SendAttributes.Status) ? Outcome.InFlight : Outcome.Skipped;
        }

        var attempt = 1 + Attempts(item);
        var own = Publisher.OwnAttributes(key, attempt, MayBeDuplicate(item));
        Message message;
        try
        {
            message = Message.Parse(item, own);
        }
        catch (InvalidMessageException e)
        {
            return await ParkAsync(key, "InvalidMessage", e.Code, e.Message, clock, cancellation).ConfigureAwait(false);
        }

        if (message.ExpiresAt <= clock.Now)
        {
            return await ParkAsync(key, "Expired", "Expired", $"It was not to be sent after {Instant.Text(message.ExpiresAt.Value)}.", clock, cancellation).ConfigureAwait(false);
        }

        if (message.SendAt > clock.Now)
        {
            await table.DecideAsync(key, "Scheduled", null, message.SendAt, clock.Now, cancellation).ConfigureAwait(false);
            log.Write("info", "Put off to its time.", ("id", key.Id), ("next", Instant.Text(message.SendAt.Value)));
            return Outcome.Deferred;
        }

        var token = Guid.NewGuid().ToString("N");
        if (!await table.ClaimAsync(key, item, attempt, token, clock.Now, cancellation).ConfigureAwait(false))
        {
            log.Write("info", "Not sent.", ("id", key.Id), ("why", "somebody else claimed it or it is gone"));
            return Outcome.Skipped;
        }

        var (messageId, fault) = await publisher.PublishAsync(message, own, cancellation).ConfigureAwait(false);
        return fault is null
            ? await SentAsync(key, item, token, attempt, messageId, clock, cancellation).ConfigureAwait(false)
            : await FailedAsync(key, item, token, attempt, fault, clock, cancellation).ConfigureAwait(false);
    }

    private static string? WhyNot(Dictionary<string, AttributeValue> item, bool force, bool redrive, DateTimeOffset now)
    {
        var status = item.GetValueOrDefault(SendAttributes.Status)?.S;
        if (status == SendAttributes.Successful)
        {
            return "it is sent";
        }

        if (Instant.TryParse(item.GetValueOrDefault(SendAttributes.Claim)?.M?.GetValueOrDefault("until")?.S, out var until) && until > now)
        {
            return "somebody else is sending it";
        }

        if (status == SendAttributes.Failure && !item.ContainsKey(SendAttributes.Due))
        {
            return redrive ? null : "it is parked";
        }

        return !force && status == SendAttributes.Failure && Instant.TryParse(item.GetValueOrDefault(SendAttributes.NextAttempt)?.S, out var next) && next > now
            ? "it is not due yet"
            : null;
    }

    private static int Attempts(Dictionary<string, AttributeValue> item) =>
        int.TryParse(item.GetValueOrDefault(SendAttributes.Attempts)?.N, NumberStyles.Integer, CultureInfo.InvariantCulture, out var attempts) ? attempts : 0;

    /// <summary>A claim left behind, or an attempt with an outcome that nobody knows.</summary>
    private static bool MayBeDuplicate(Dictionary<string, AttributeValue> item) =>
        item.ContainsKey(SendAttributes.Claim) || History.HasUnknown(item) || item.GetValueOrDefault(SendAttributes.Error)?.M?.GetValueOrDefault("class")?.S == "unknown";

    private async Task<Outcome> ParkAsync(ItemKey key, string reason, string code, string text, EventClock clock, CancellationToken cancellation)
    {
        var decided = await table.DecideAsync(key, reason, new(FaultClass.Permanent, code, text), null, clock.Now, cancellation).ConfigureAwait(false);
        log.Write("warn", "Parked: it can not be sent.", ("id", key.Id), ("reason", reason), ("code", code), ("text", text));
        return decided ? Outcome.Rejected : Outcome.Skipped;
    }

    private async Task<Outcome> SentAsync(ItemKey key, Dictionary<string, AttributeValue> item, string token, int attempt, string? messageId, EventClock clock, CancellationToken cancellation)
    {
        var recorded = await table.RecordSentAsync(key, token, messageId, History.With(item, attempt, clock.Now, messageId, null), clock.Now, cancellation).ConfigureAwait(false);
        log.Write(
            recorded ? "info" : "warn", recorded ? "Sent." : "Sent, but the item was deleted or claimed by somebody else meanwhile.",
            ("id", key.Id), ("attempt", attempt.ToString(CultureInfo.InvariantCulture)), ("messageId", messageId));
        return Outcome.Sent;
    }

    private async Task<Outcome> FailedAsync(ItemKey key, Dictionary<string, AttributeValue> item, string token, int attempt, Fault fault, EventClock clock, CancellationToken cancellation)
    {
        // A fault of the topic is not used up by any number of attempts: when it is mended, everything is to go out.
        var parked = fault.Class == FaultClass.Permanent || (fault.Class != FaultClass.Configuration && attempt >= backoff.MaxAttempts);
        var reason = parked && fault.Class != FaultClass.Permanent ? "AttemptsExhausted" : "SendFailed";
        DateTimeOffset? next = parked ? null : clock.Now + backoff.Delay(attempt, chance());
        var recorded = await table.RecordFailureAsync(key, token, reason, fault, History.With(item, attempt, clock.Now, null, fault), next, cancellation).ConfigureAwait(false);
        log.Write(
            "warn", recorded ? "Not sent: the publish failed." : "The publish failed, and the item was deleted or claimed by somebody else meanwhile.",
            ("id", key.Id), ("attempt", attempt.ToString(CultureInfo.InvariantCulture)), ("class", fault.Class.ToString().ToLowerInvariant()),
            ("code", fault.Code), ("text", fault.Text), ("next", next is { } due ? Instant.Text(due) : "never"));
        return Outcome.Failed;
    }
}
