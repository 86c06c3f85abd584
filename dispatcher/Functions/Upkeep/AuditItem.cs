using Amazon.DynamoDBv2.Model;
using static Disa.Contract.SendAttributes;

namespace Disa.Functions.Upkeep;

/// <summary>The verdict of an audit on one item.</summary>
public static class AuditItem
{
    /// <param name="item">Its key, and what Disa wrote on it.</param>
    /// <param name="id">Its key as text.</param>
    /// <param name="undecidedSince">Since when it is known, while it has no status.</param>
    /// <param name="now">The time.</param>
    /// <param name="olderThan">How long it may be undecided, or its claim over.</param>
    /// <returns>Its state, and what is wrong with it, if anything is.</returns>
    public static (string State, AuditFinding? Finding) Judge(
        IReadOnlyDictionary<string, AttributeValue> item,
        string id,
        DateTimeOffset undecidedSince,
        DateTimeOffset now,
        TimeSpan olderThan
    )
    {
        ArgumentNullException.ThrowIfNull(item);
        var status = item.GetValueOrDefault(Status)?.S;
        var indexed = item.ContainsKey(Due) && item.ContainsKey(Shard);
        var claimed = Instant.TryParse(item.GetValueOrDefault(Claim)?.M?.GetValueOrDefault("until")?.S, out var until);
        if (status == Successful)
        {
            return (Successful, null);
        }

        if (item.ContainsKey(Status) && status != Failure)
        {
            return ("Unknown", new(id, "UnknownStatus", $"Its sendStatus is '{status ?? "not a string"}', which Disa never writes."));
        }

        if (claimed && until > now)
        {
            return ("InFlight", null);
        }

        if (status == Failure && item.GetValueOrDefault(Reason)?.S is "Cancelled" && !indexed)
        {
            return ("Parked", null);
        }

        if (claimed && !indexed && until <= now - olderThan)
        {
            return (
                "InFlight",
                new(
                    id,
                    "StuckInFlight",
                    $"Its claim ended at {Instant.Text(until)}, no outcome was recorded, and it is not in the index of due messages."
                )
            );
        }

        if (status is null)
        {
            return (
                "Undecided",
                undecidedSince <= now - olderThan
                    ? new(id, "NoStatus", $"It has had no status since {Instant.Text(undecidedSince)} at the latest.")
                    : null
            );
        }

        if (indexed)
        {
            return (
                item.GetValueOrDefault(Reason)?.S switch
                {
                    "Held" => "Held",
                    "Scheduled" => "Scheduled",
                    "Paced" => "Paced",
                    "Blocked" => "Blocked",
                    _ => "Waiting",
                },
                null
            );
        }

        return (
            "Parked",
            item switch
            {
                _ when claimed => null, // Its lease is over, but not for long.
                _ when item.ContainsKey(NextAttempt) => new(
                    id,
                    "NoNextAttempt",
                    "It says when it is tried next, but it is not in the index of due messages."
                ),
                _ when item.GetValueOrDefault(Reason)?.S is not { Length: > 0 } => new(
                    id,
                    "NoNextAttempt",
                    "It is a Failure without a next attempt and without a reason."
                ),
                _ => null,
            }
        );
    }
}
