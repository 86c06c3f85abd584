using System.Globalization;
using System.Text.Json.Serialization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Contract.SendAttributes;

namespace Disa.Functions.Upkeep;

/// <summary>Reads the table, a page at a time, and says of each item whether it is accounted for: sent, failed with a reason or a next attempt, or on its way.</summary>
/// <remarks>
/// In a table that is shared, what has no message is not Disa's and is not counted. An item does not say when it was inserted: an undecided
/// one that carries no time yet gets the time of the first audit that met it (sendSeenAt), and is unaccounted for when that is too long ago.
/// What is kept in memory does not grow with the table.
/// </remarks>
public sealed class Audit(AmazonDynamoDBClient client, string tableName, TableShape shape)
{
    /// <summary>Findings that are listed by name; all are counted.</summary>
    public const int MaxListed = 1000;

    /// <summary>Audits the whole table, changing nothing but the times at which undecided items were first seen.</summary>
    /// <param name="now">The time.</param>
    /// <param name="olderThan">How long an item may be undecided, or a claim be over, before it counts as a finding.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task<AuditReport> RunAsync(DateTimeOffset now, TimeSpan olderThan, CancellationToken cancellation)
    {
        var count = new AuditCount();
        var findings = new List<AuditFinding>();
        Dictionary<string, AttributeValue>? from = null;
        var remembered = true;
        do
        {
            var page = await PageAsync(from, null, now, olderThan, cancellation).ConfigureAwait(false);
            count.Add(page.Count);
            remembered &= page.Remembered;
            findings.AddRange(page.Findings.Take(MaxListed - findings.Count));
            from = page.Next;
        } while (from is not null);

        return new(
            Instant.Text(now),
            olderThan.TotalMinutes,
            Complete: true,
            count.Total,
            count.States,
            count.OldestDue is { } oldest && oldest < now ? (now - oldest).TotalSeconds : 0,
            count.Unaccounted,
            findings,
            remembered
        );
    }

    /// <summary>Audits one page.</summary>
    /// <param name="from">The key after which it starts; null for the start.</param>
    /// <param name="segment">Which part of the table, and of how many; null for all of it.</param>
    /// <param name="now">The time.</param>
    /// <param name="olderThan">How long an item may be undecided, or a claim be over.</param>
    /// <param name="cancellation">Ends the calls.</param>
    internal async Task<AuditPage> PageAsync(
        Dictionary<string, AttributeValue>? from,
        (int Segment, int Of)? segment,
        DateTimeOffset now,
        TimeSpan olderThan,
        CancellationToken cancellation
    )
    {
        string[] read = [.. shape.KeyNames, .. DueAgain.Compared, Claim, Shard, SeenAt];
        var names = read.Distinct(StringComparer.Ordinal)
            .Select((name, i) => (Name: name, Alias: $"#a{i.ToString(CultureInfo.InvariantCulture)}"))
            .ToList();
        var answer = await client
            .ScanAsync(
                new ScanRequest
                {
                    TableName = tableName,
                    FilterExpression = shape.IsShared ? $"attribute_exists({SendAttributes.Message})" : null,
                    ProjectionExpression = string.Join(", ", names.Select(name => name.Alias)),
                    ExpressionAttributeNames = names.ToDictionary(name => name.Alias, name => name.Name),
                    ExclusiveStartKey = from,
                    Segment = segment?.Segment,
                    TotalSegments = segment?.Of,
                },
                cancellation
            )
            .ConfigureAwait(false);
        var count = new AuditCount();
        var findings = new List<AuditFinding>();
        var unseen = new List<ItemKey>();
        foreach (var item in answer.Items ?? [])
        {
            var key = ItemKey.Of(item, shape.KeyNames);
            var isSeen = Instant.TryParse(item.GetValueOrDefault(SeenAt)?.S, out var seen);
            var (state, finding) = AuditItem.Judge(item, key.Id, isSeen && seen < now ? seen : now, now, olderThan);
            count.Add(state, Instant.TryParse(item.GetValueOrDefault(Due)?.S, out var due) ? due : null, finding is not null);
            if (finding is not null)
            {
                findings.Add(finding with { Item = item });
            }

            if (!isSeen && !item.ContainsKey(Status))
            {
                unseen.Add(key);
            }
        }

        return new(
            count,
            findings,
            answer.LastEvaluatedKey is { Count: > 0 } next ? next : null,
            await RememberAsync(unseen, now, cancellation).ConfigureAwait(false)
        );
    }

    /// <returns>False where whoever asks may read but not write: then nothing is remembered for the next audit.</returns>
    private async Task<bool> RememberAsync(IReadOnlyList<ItemKey> unseen, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var key in unseen)
        {
            try
            {
                await client
                    .UpdateItemAsync(
                        new UpdateItemRequest
                        {
                            TableName = tableName,
                            Key = key.ToDictionary(),
                            UpdateExpression = $"SET {SeenAt} = if_not_exists({SeenAt}, :now)",
                            ConditionExpression = $"attribute_exists(#needed) AND attribute_not_exists({Status})",
                            ExpressionAttributeNames = new() { ["#needed"] = shape.Needed(key) },
                            ExpressionAttributeValues = new() { [":now"] = new() { S = Instant.Text(now) } },
                        },
                        cancellation
                    )
                    .ConfigureAwait(false);
            }
            catch (ConditionalCheckFailedException)
            {
                // Decided or deleted meanwhile.
            }
            catch (AmazonDynamoDBException refused) when (refused.ErrorCode is "AccessDeniedException")
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What one page of the table has.</summary>
/// <param name="Count">Its items by state.</param>
/// <param name="Findings">What nobody accounts for.</param>
/// <param name="Next">The key after which the next page starts; null at the end.</param>
/// <param name="Remembered">Whether the next audit will know which items were undecided at this one.</param>
internal sealed record AuditPage(
    AuditCount Count,
    IReadOnlyList<AuditFinding> Findings,
    Dictionary<string, AttributeValue>? Next,
    bool Remembered
);

/// <summary>Items by state, as far as they were read.</summary>
internal sealed class AuditCount
{
    public int Total { get; set; }

    public int Unaccounted { get; set; }

    public SortedDictionary<string, int> States { get; } = new(StringComparer.Ordinal);

    /// <summary>When the longest due message was due.</summary>
    public DateTimeOffset? OldestDue { get; set; }

    public void Add(string state, DateTimeOffset? due, bool isFinding)
    {
        Total++;
        Unaccounted += isFinding ? 1 : 0;
        States[state] = States.GetValueOrDefault(state) + 1;
        OldestDue = OldestDue is { } oldest && !(due < oldest) ? oldest : due;
    }

    public void Add(AuditCount other)
    {
        Total += other.Total;
        Unaccounted += other.Unaccounted;
        foreach (var (state, count) in other.States)
        {
            States[state] = States.GetValueOrDefault(state) + count;
        }

        OldestDue = OldestDue is { } oldest && !(other.OldestDue < oldest) ? oldest : other.OldestDue;
    }
}

/// <summary>What an audit found.</summary>
/// <param name="At">The time of the audit.</param>
/// <param name="OlderThanMinutes">The bound.</param>
/// <param name="Complete">Whether the whole table was read.</param>
/// <param name="Total">Items read.</param>
/// <param name="States">Items in each state.</param>
/// <param name="OldestDueAgeSeconds">How long the longest due message has been waiting; 0 where none is due.</param>
/// <param name="Unaccounted">Number of findings.</param>
/// <param name="Findings">The findings, a thousand at most.</param>
/// <param name="Remembered">Whether the next audit will know which items were undecided at this one.</param>
/// <param name="Adopted">Findings that the scheduled audit made due; whoever only asks changes nothing.</param>
/// <param name="Progress">How much of the table the scheduled audit has read since its pass began, from 0 to 1.</param>
/// <param name="CompletedAt">When the newest pass of the scheduled audit ended that read the whole table.</param>
public sealed record AuditReport(
    string At,
    double OlderThanMinutes,
    bool Complete,
    int Total,
    IReadOnlyDictionary<string, int> States,
    double OldestDueAgeSeconds,
    int Unaccounted,
    IReadOnlyList<AuditFinding> Findings,
    bool Remembered,
    int Adopted = 0,
    double Progress = 1,
    string? CompletedAt = null
);

/// <summary>An item that nobody will take up again, or that says too little.</summary>
/// <param name="Id">The item's key.</param>
/// <param name="Kind">NoStatus, StuckInFlight, NoNextAttempt or UnknownStatus.</param>
/// <param name="Why">In words.</param>
public sealed record AuditFinding(string Id, string Kind, string Why)
{
    /// <summary>The item as the audit saw it.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, AttributeValue> Item { get; init; } = new Dictionary<string, AttributeValue>();
}
