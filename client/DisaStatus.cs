using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Client;

/// <summary>Whether a message has been sent.</summary>
public enum DisaOutcome
{
    /// <summary>Nothing is decided yet.</summary>
    Pending,

    /// <summary>SNS has accepted it.</summary>
    Successful,

    /// <summary>It has not been sent: see <see cref="DisaStatus.Reason"/>; where there is a <see cref="DisaStatus.NextAttempt"/> it is tried again.</summary>
    Failure,
}

/// <summary>What became of a message.</summary>
public sealed record DisaStatus
{
    /// <summary>Whether it has been sent.</summary>
    public required DisaOutcome Outcome { get; init; }

    /// <summary>Why not, such as SendFailed, Held, InvalidMessage, Scheduled, Expired, AttemptsExhausted or Cancelled.</summary>
    public string? Reason { get; init; }

    /// <summary>Code of the last error.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Text of the last error.</summary>
    public string? ErrorText { get; init; }

    /// <summary>Publishes tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it is tried next; null where it is not.</summary>
    public DateTimeOffset? NextAttempt { get; init; }

    /// <summary>When SNS accepted it.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>SNS's id of it.</summary>
    public string? MessageId { get; init; }

    /// <summary>Whether nothing more happens by itself: it is sent, or parked.</summary>
    public bool IsFinal => Outcome == DisaOutcome.Successful || (Outcome == DisaOutcome.Failure && NextAttempt is null);

    /// <summary>Reads it from an item, as a query or a stream gives it.</summary>
    public static DisaStatus Of(IReadOnlyDictionary<string, AttributeValue> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var error = item.GetValueOrDefault("sendError")?.M;
        return new DisaStatus
        {
            Outcome = item.GetValueOrDefault("sendStatus")?.S switch
            {
                "Successful" => DisaOutcome.Successful,
                "Failure" => DisaOutcome.Failure,
                _ => DisaOutcome.Pending,
            },
            Reason = item.GetValueOrDefault("sendReason")?.S,
            ErrorCode = error?.GetValueOrDefault("code")?.S,
            ErrorText = error?.GetValueOrDefault("text")?.S,
            Attempts = int.TryParse(
                item.GetValueOrDefault("sendAttempts")?.N,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var attempts
            )
                ? attempts
                : 0,
            NextAttempt = Time(item, "sendNextAttempt"),
            SentAt = Time(item, "sentAt"),
            MessageId = item.GetValueOrDefault("sendMessageId")?.S,
        };
    }

    private static DateTimeOffset? Time(IReadOnlyDictionary<string, AttributeValue> item, string name) =>
        DateTimeOffset.TryParse(
            item.GetValueOrDefault(name)?.S,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : null;
}
