using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Process;

/// <summary>The last attempts on an item, oldest first, ten at most; written together with the status.</summary>
public static class History
{
    public const int Length = 10;

    /// <summary>The history with one more attempt.</summary>
    /// <param name="seen">The item as it was read before the attempt was claimed.</param>
    /// <param name="attempt">The number of the attempt.</param>
    /// <param name="at">When it ended.</param>
    /// <param name="messageId">SNS's id, where it was sent.</param>
    /// <param name="fault">What went wrong, where it was not.</param>
    public static AttributeValue With(
        IReadOnlyDictionary<string, AttributeValue> seen,
        int attempt,
        DateTimeOffset at,
        string? messageId,
        Fault? fault
    )
    {
        ArgumentNullException.ThrowIfNull(seen);
        var entries = Entries(seen, attempt - 1);
        entries.Add(
            Entry(
                attempt,
                at,
                fault is null ? "Sent"
                    : fault.Class == FaultClass.Unknown ? "Unknown"
                    : "Failed",
                fault?.Code,
                messageId
            )
        );
        return new() { L = Last(entries) };
    }

    /// <summary>The history of an item that is parked without an attempt; null where no attempt was left without an outcome.</summary>
    /// <param name="seen">The item as it was read.</param>
    /// <param name="attempts">How many attempts it has.</param>
    public static AttributeValue? OfParked(IReadOnlyDictionary<string, AttributeValue> seen, int attempts)
    {
        ArgumentNullException.ThrowIfNull(seen);
        return seen.ContainsKey(SendAttributes.Claim) ? new() { L = Last(Entries(seen, attempts)) } : null;
    }

    /// <summary>Those of an item; where a claim is still there, its attempt never came back.</summary>
    private static List<AttributeValue> Entries(IReadOnlyDictionary<string, AttributeValue> seen, int attempts)
    {
        var entries = new List<AttributeValue>(seen.GetValueOrDefault(SendAttributes.History)?.L ?? []);
        if (seen.GetValueOrDefault(SendAttributes.Claim)?.M is { } left)
        {
            var claimed = Instant.TryParse(left.GetValueOrDefault("until")?.S, out var until)
                ? until - Timeouts.Lease
                : (DateTimeOffset?)null;
            entries.Add(Entry(attempts, claimed, "Unknown", "NoOutcome", null));
        }

        return entries;
    }

    /// <summary>The last ten; one without an outcome is not forgotten as long as the message is tried.</summary>
    private static List<AttributeValue> Last(List<AttributeValue> entries)
    {
        if (entries.Count <= Length)
        {
            return entries;
        }

        var last = entries[^Length..];
        return !last.Exists(IsUnknown) && entries.FindLast(IsUnknown) is { } unknown ? [unknown, .. last[1..]] : last;
    }

    private static bool IsUnknown(AttributeValue entry) => entry.M?.GetValueOrDefault("outcome")?.S == "Unknown";

    /// <summary>Whether an attempt ended without anybody knowing how: it may have been sent. Later errors on the item do not undo that.</summary>
    public static bool HasUnknown(IReadOnlyDictionary<string, AttributeValue> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.GetValueOrDefault(SendAttributes.History)?.L?.Exists(IsUnknown) == true;
    }

    private static AttributeValue Entry(int attempt, DateTimeOffset? at, string outcome, string? code, string? messageId)
    {
        var entry = new Dictionary<string, AttributeValue>
        {
            ["attempt"] = new() { N = attempt.ToString(CultureInfo.InvariantCulture) },
            ["outcome"] = new() { S = outcome },
        };
        if (at is { } time)
        {
            entry["at"] = new() { S = Instant.Text(time) };
        }

        if (code is not null)
        {
            entry["code"] = new() { S = code };
        }

        if (messageId is not null)
        {
            entry["messageId"] = new() { S = messageId };
        }

        return new() { M = entry };
    }
}
