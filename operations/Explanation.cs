using System.Globalization;
using Amazon.CloudWatch.Model;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>Why a message is where it is, in words, from the data alone.</summary>
/// <param name="Id">The item's key.</param>
/// <param name="Verdict">Why in one word: sent, underway, waiting, held, scheduled, paced, blocked, undecided, or never.</param>
/// <param name="NextAttempt">When it is tried next.</param>
/// <param name="Sentences">The explanation.</param>
/// <param name="Breaker">What the breaker record says, by which the workflow acts.</param>
/// <param name="Alarm">What the alarm says now.</param>
internal sealed record Explanation(
    string Id,
    [property: System.Text.Json.Serialization.JsonIgnore] string Verdict,
    string? NextAttempt,
    IReadOnlyList<string> Sentences,
    BreakerFacts Breaker,
    AlarmFacts? Alarm
)
{
    /// <summary>The word for where it is; see <see cref="MessageState"/>.</summary>
    public string State { get; init; } = MessageState.Waiting;

    /// <summary>Reads what is around an item, and explains it.</summary>
    public static async Task<Explanation> Read(
        AwsSession session,
        Deployment deployment,
        Dictionary<string, AttributeValue> item,
        CancellationToken cancellation
    )
    {
        var message = Message.From(item, deployment.Shape);
        var facts = await DeliveryContext.Read(session, deployment, cancellation).ConfigureAwait(false);
        if (message.Reason == "Blocked" && GroupPlace.Parse(item.GetValueOrDefault(SendAttributes.Behind)?.S) is { } first)
        {
            var behind = await new Outbox(session, deployment).Get(first.Key.Id, cancellation).ConfigureAwait(false);
            facts = facts with { Behind = behind is null ? null : Message.From(behind, deployment.Shape) };
        }

        return Of(item, message, facts);
    }

    /// <param name="item">The item.</param>
    /// <param name="message">The item, read.</param>
    /// <param name="facts">What is around it.</param>
    public static Explanation Of(Dictionary<string, AttributeValue> item, Message message, DeliveryContext facts)
    {
        var said = new List<string>();
        var (verdict, next) = Judge(item, message, facts, said);
        if (verdict is "waiting" or "held" or "undecided" or "underway" or "paced")
        {
            said.Add(BreakerIs(facts));
            if (facts.Alarm is { } alarm)
            {
                said.Add($"The alarm {alarm.Name} is {alarm.State} since {alarm.Since}: {alarm.Reason}");
            }
        }

        return new(message.Id, verdict, next, said, facts.Breaker, facts.Alarm) { State = message.State };
    }

    /// <summary>What the breaker is, why, and what it does next.</summary>
    public static string BreakerIs(DeliveryContext facts) =>
        facts.Breaker.State switch
        {
            BreakerState.Open =>
                $"The breaker is open since {facts.Breaker.Since}: nothing is sent and no attempt is used up, except for one message at a time that tests the topic. {Probe(facts)}",
            BreakerState.Closing =>
                "The breaker is closing, because a message got through or the alarm is OK again: ten messages are sent, then a hundred, then all, longest due first.",
            _ when facts.Breaker.Watch =>
                $"The breaker is closed, although the alarm has been in ALARM since {facts.Breaker.Since}: messages that tested the topic got through. Sending is allowed.",
            null => "The breaker has no record yet: no sweep has run, and sending is allowed.",
            _ => $"The breaker is closed ({facts.Breaker.State} since {facts.Breaker.Since}): sending is allowed.",
        };

    private static string Probe(DeliveryContext facts) =>
        facts.Breaker switch
        {
            { ProbeUntil: { } until } when string.CompareOrdinal(until, Instant.Text(facts.Now)) > 0 => facts.Breaker.ProbeAfter is { } at
            && string.CompareOrdinal(at, Instant.Text(facts.Now)) > 0
                ? $"The next one goes at {at}."
                : "One is on its way.",
            _ => "The next held message, or the next sweep, starts one.",
        };

    private static (string Verdict, string? Next) Judge(
        Dictionary<string, AttributeValue> item,
        Message message,
        DeliveryContext facts,
        List<string> said
    )
    {
        if (message.Status == "Successful")
        {
            said.Add($"It was sent at {message.SentAt}, in attempt {message.Attempts}; SNS accepted it as message {message.SnsMessageId}.");
            return ("sent", null);
        }

        var claim = item.GetValueOrDefault("sendClaim")?.M?.GetValueOrDefault("until")?.S;
        if (
            claim is not null
            && DateTimeOffset.TryParse(claim, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
        )
        {
            if (until > facts.Now)
            {
                said.Add($"Attempt {message.Attempts} is in progress: its sender holds a claim until {claim}.");
                return ("underway", null);
            }

            said.Add(
                $"Attempt {message.Attempts} has no outcome: its claim expired at {claim}. It may have been published; the next attempt has the attribute disa-possible-duplicate."
            );
        }

        if (message.Status is null)
        {
            said.Add(
                claim is null
                    ? $"It has no status yet: no workflow has processed it. The stream delivers a new item within seconds; it does not deliver an item that was updated instead of inserted. `{CommandName.Current} audit` reports the item if it stays without a status."
                    : $"The workflow processes it again when the claim has expired; `{CommandName.Current} audit` reports it if it does not."
            );
            return ("undecided", null);
        }

        return message.Reason == "Blocked"
            ? Blocked(item, message, facts.Behind, said)
            : Failed(message, facts, said, inIndex: item.ContainsKey("sendDue"));
    }

    /// <summary>Of a FIFO topic: an earlier message of its group is not sent, and none may overtake it.</summary>
    private static (string Verdict, string? Next) Blocked(
        Dictionary<string, AttributeValue> item,
        Message message,
        Message? behind,
        List<string> said
    )
    {
        var (state, then) = behind switch
        {
            null => ("gone", "The next sweep sends it."),
            { Status: "Successful" } => ($"sent since {behind.SentAt}", "The next sweep sends it."),
            { Reason: "Cancelled" } => ("cancelled", "The next sweep sends it."),
            { Status: null } => ("undecided", "It is sent after that one."),
            { NextAttempt: { } next } => ($"not sent yet ({behind.Reason}, next attempt at {next})", "It is sent after that one."),
            _ => (
                $"parked ({behind.Reason})",
                $"Redrive that one (`{CommandName.Current} redrive --reason {behind.Reason}`), or delete its item if it should not be sent."
            ),
        };
        var group = item.GetValueOrDefault(SendAttributes.GroupId)?.S;
        var first = GroupPlace.Parse(item.GetValueOrDefault(SendAttributes.Behind)?.S)?.Key.Id ?? "?";
        said.Add(
            $"It waits behind message {first} of its group{(group is null ? "" : $" {group}")}, which is {state}, so that the order is kept. {then}"
        );
        return ("blocked", message.NextAttempt);
    }

    private static (string Verdict, string? Next) Failed(Message message, DeliveryContext facts, List<string> said, bool inIndex)
    {
        var error = message.ErrorCode is null ? "" : $"{message.ErrorCode} ({message.ErrorClass}): {message.ErrorText}".TrimEnd('.');
        if (!inIndex)
        {
            said.Add(
                message.Reason switch
                {
                    "InvalidMessage" => $"It cannot be sent in this form. {error}.",
                    "Expired" => $"Its time is over. {error}.",
                    "AttemptsExhausted" =>
                        $"It is parked after {message.Attempts} attempts, the maximum of the stack. The last error: {error}.",
                    "Cancelled" => "It was cancelled by hand.",
                    null => $"It is a Failure without a reason and without a next attempt. `{CommandName.Current} audit` reports it.",
                    _ => $"It is parked: another attempt would fail with the same error. {error}.",
                }
            );
            said.Add($"It will not be sent unless you redrive it (`{CommandName.Current} redrive`).");
            return ("never", null);
        }

        switch (message.Reason)
        {
            case "Held":
                said.Add(
                    $"It is held: when the workflow processed it, at {message.NextAttempt}, the breaker was open. This used up no attempt, and held messages are sent first when the breaker closes."
                );
                return ("held", null);
            case "Scheduled":
                said.Add($"It must not be sent before {message.NextAttempt}, the item's sendAt. The first sweep after that sends it.");
                return ("scheduled", message.NextAttempt);
            case "FunctionChanged":
                said.Add(
                    $"The process function was updated while it was about to publish the message, and its old topic no longer exists: the workflow calls it again at {message.NextAttempt}. This used up no attempt."
                );
                return ("waiting", message.NextAttempt);
            case "Paced":
                var pace = facts.PerSecond is { } most
                    ? $"the stack sends at most {most} messages a second"
                    : "the stack limits how many messages it sends a second";
                said.Add($"It is paced: {pace}; it will be sent at {message.NextAttempt}. This used up no attempt.");
                return ("paced", message.NextAttempt);
            case "ProcessFailed":
                said.Add(
                    $"The process function failed, so the workflow wrote the status: {error}. The message is due at once: the next sweep sends it."
                );
                return ("waiting", message.NextAttempt);
            case "Adopted":
                said.Add("An audit found it unaccounted for, and made it due: the next sweep sends it.");
                return ("waiting", message.NextAttempt);
            case "Redriven":
                said.Add("It was redriven by hand and is due: the next sweep sends it.");
                return ("waiting", message.NextAttempt);
        }

        said.Add($"Attempt {message.Attempts} failed: {error}.");
        var backoff = new Backoff(
            TimeSpan.FromSeconds(facts.FirstDelaySeconds),
            TimeSpan.FromSeconds(facts.LongestDelaySeconds),
            facts.MaxAttempts
        );
        var bound = backoff.Bound(Math.Max(message.Attempts, 1)).TotalSeconds;
        said.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"It will be retried at {message.NextAttempt}: a random delay of at most {bound:0} s after attempt {message.Attempts} ({facts.FirstDelaySeconds} s, doubled with each attempt, never more than {facts.LongestDelaySeconds} s). The first sweep after that sends it."
            )
        );
        said.Add(
            message.ErrorClass == "configuration"
                ? "The cause is the topic, its key or missing rights, not the message: it is retried without a limit."
                : $"After {facts.MaxAttempts} attempts, it is parked."
        );
        return ("waiting", message.NextAttempt);
    }
}

/// <summary>What decides about a message besides itself.</summary>
internal sealed record DeliveryContext(
    DateTimeOffset Now,
    BreakerFacts Breaker,
    AlarmFacts? Alarm,
    int FirstDelaySeconds,
    int LongestDelaySeconds,
    int MaxAttempts
)
{
    /// <summary>Messages a second at most; null where there is no limit.</summary>
    public int? PerSecond { get; init; }

    /// <summary>The message that this one waits behind; null where it is gone, or there is none.</summary>
    public Message? Behind { get; init; }

    public static async Task<DeliveryContext> Read(AwsSession session, Deployment deployment, CancellationToken cancellation)
    {
        var record =
            (
                await session
                    .DynamoDb.GetItemAsync(
                        new GetItemRequest
                        {
                            TableName = deployment.ControlTableName,
                            Key = new() { ["id"] = new() { S = "breaker" } },
                            ConsistentRead = true,
                        },
                        cancellation
                    )
                    .ConfigureAwait(false)
            ).Item
            ?? [];
        var alarm = (
            await session
                .CloudWatch.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [deployment.AlarmName] }, cancellation)
                .ConfigureAwait(false)
        ).MetricAlarms.FirstOrDefault();
        var configuration = await session
            .Lambda.GetFunctionConfigurationAsync(new() { FunctionName = deployment.ProcessFunctionName }, cancellation)
            .ConfigureAwait(false);
        return new(
            await EmulatorApi.Now(session, cancellation).ConfigureAwait(false),
            new(
                record.GetValueOrDefault("state")?.S,
                record.GetValueOrDefault("since")?.S,
                record.GetValueOrDefault("checkedAt")?.S,
                record.GetValueOrDefault("watch")?.BOOL == true,
                record.GetValueOrDefault("probeAfter")?.S,
                record.GetValueOrDefault("probeUntil")?.S
            ),
            alarm is null
                ? null
                : new(
                    alarm.AlarmName,
                    alarm.StateValue,
                    alarm.StateReason,
                    alarm.StateUpdatedTimestamp?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
                ),
            Setting("RETRY_FIRST_DELAY_SECONDS", 30),
            Setting("RETRY_MAX_DELAY_SECONDS", 3600),
            Setting("RETRY_MAX_ATTEMPTS", 24)
        )
        {
            PerSecond = Setting("MAX_SENDS_PER_SECOND", 0) is > 0 and var most ? most : null,
        };

        int Setting(string name, int otherwise) =>
            int.TryParse(
                configuration.Environment?.Variables?.GetValueOrDefault(name),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number
                : otherwise;
    }
}

/// <summary>The breaker record, as the workflow reads it.</summary>
/// <param name="State">ALARM (open), RAMP (closing), OK or INSUFFICIENT_DATA.</param>
/// <param name="Since">Since when the alarm is in the state that the record has taken note of.</param>
/// <param name="CheckedAt">When it was last looked after.</param>
/// <param name="Watch">Closed by messages that tested the topic, while the alarm is still In Alarm.</param>
/// <param name="ProbeAfter">No such message before this time.</param>
/// <param name="ProbeUntil">One is in progress; after this time it counts as lost.</param>
internal sealed record BreakerFacts(string? State, string? Since, string? CheckedAt, bool Watch, string? ProbeAfter, string? ProbeUntil);

/// <summary>The alarm as CloudWatch tells of it; its reason names the points.</summary>
internal sealed record AlarmFacts(string? Name, string? State, string? Reason, string? Since);
