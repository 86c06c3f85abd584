using System.Globalization;
using System.Text.Json.Serialization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Functions.SendAttributes;

namespace Disa.Functions;

/// <summary>Reads the whole table and says of each item whether it is accounted for: sent, failed with a reason or a next attempt, or on its way.</summary>
/// <remarks>In a table that is shared, what has no message is not Disa's and is not counted. An item does not say when it was inserted. The audits remember, on a record of the control table, since when they have seen an item undecided.</remarks>
public sealed class Audit(AmazonDynamoDBClient client, string tableName, string controlTable, TableShape shape)
{
    /// <summary>Findings that are listed by name; all are counted.</summary>
    public const int MaxListed = 1000;

    private const string RecordId = "audit";

    /// <param name="now">The time.</param>
    /// <param name="olderThan">How long an item may be undecided, or a claim be over, before it counts as a finding.</param>
    /// <param name="until">The scan stops here and the report is incomplete; null scans to the end.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task<AuditReport> RunAsync(DateTimeOffset now, TimeSpan olderThan, Func<bool>? until, CancellationToken cancellation)
    {
        var record = await ReadRecordAsync(cancellation).ConfigureAwait(false);
        var seen = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var findings = new List<AuditFinding>();
        var (total, unaccounted, complete) = (0, 0, true);
        DateTimeOffset? oldestDue = null;
        await foreach (var item in ScanAsync(until, () => complete = false, cancellation).ConfigureAwait(false))
        {
            total++;
            var id = ItemKey.Of(item, shape.KeyNames).Id;
            var since = now;
            if (!item.ContainsKey(Status))
            {
                var hash = AuditItem.Hash(id);
                since = Instant.TryParse(record.GetValueOrDefault(hash)?.S, out var first) && first < now ? first : now;
                seen.TryAdd(hash, new() { S = Instant.Text(since) });
            }

            var (state, finding) = AuditItem.Judge(item, id, since, now, olderThan);
            counts[state] = counts.GetValueOrDefault(state) + 1;
            if (item.GetValueOrDefault(Due)?.S is { } text && Instant.TryParse(text, out var due) && due <= now && !(due >= oldestDue))
            {
                oldestDue = due;
            }

            if (finding is not null)
            {
                unaccounted++;
                if (findings.Count < MaxListed)
                {
                    findings.Add(finding with { Item = item });
                }
            }
        }

        var remembered = await KeepRecordAsync(complete ? [] : record, seen, unaccounted, now, cancellation).ConfigureAwait(false);
        return new(
            Instant.Text(now), olderThan.TotalMinutes, complete, total, counts, oldestDue is { } oldest ? (now - oldest).TotalSeconds : 0, unaccounted, findings, remembered);
    }

    private async IAsyncEnumerable<Dictionary<string, AttributeValue>> ScanAsync(
        Func<bool>? until, Action stopped, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        string[] read = [.. shape.KeyNames, .. DueAgain.Compared, Claim, Shard];
        var names = read.Select((name, i) => (Name: name, Alias: $"#a{i.ToString(CultureInfo.InvariantCulture)}")).ToList();
        var request = new ScanRequest
        {
            TableName = tableName,
            FilterExpression = shape.IsShared ? $"attribute_exists({SendAttributes.Message})" : null,
            ProjectionExpression = string.Join(", ", names.Select(name => name.Alias)),
            ExpressionAttributeNames = names.ToDictionary(name => name.Alias, name => name.Name),
        };
        do
        {
            if (until?.Invoke() == true)
            {
                stopped();
                yield break;
            }

            var page = await client.ScanAsync(request, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                yield return item;
            }

            request.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (request.ExclusiveStartKey is { Count: > 0 });
    }

    private static Dictionary<string, AttributeValue> Key() => new() { ["id"] = new() { S = RecordId } };

    private async Task<Dictionary<string, AttributeValue>> ReadRecordAsync(CancellationToken cancellation)
    {
        var response = await client.GetItemAsync(new GetItemRequest { TableName = controlTable, Key = Key(), ConsistentRead = true }, cancellation).ConfigureAwait(false);
        return response.Item?.GetValueOrDefault("undecidedSince")?.M ?? [];
    }

    /// <returns>False where whoever asks may read but not write: then nothing is remembered for the next audit.</returns>
    private async Task<bool> KeepRecordAsync(
        Dictionary<string, AttributeValue> unseen, Dictionary<string, AttributeValue> seen, int unaccounted, DateTimeOffset now, CancellationToken cancellation)
    {
        const int atMost = 1000; // About 60 KB; the oldest are what matters.
        var since = unseen.Concat(seen).GroupBy(pair => pair.Key, StringComparer.Ordinal).Select(same => same.Last())
            .OrderBy(pair => pair.Value.S, StringComparer.Ordinal).Take(atMost).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        try
        {
            await client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = controlTable,
                    Key = Key(),
                    UpdateExpression = "SET undecidedSince = :since, unaccounted = :unaccounted, auditedAt = :now",
                    ExpressionAttributeValues = new()
                    {
                        [":since"] = new() { M = since, IsMSet = true },
                        [":unaccounted"] = new() { N = unaccounted.ToString(CultureInfo.InvariantCulture) },
                        [":now"] = new() { S = Instant.Text(now) },
                    },
                },
                cancellation).ConfigureAwait(false);
            return true;
        }
        catch (AmazonDynamoDBException refused) when (refused.ErrorCode is "AccessDeniedException")
        {
            return false;
        }
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
public sealed record AuditReport(
    string At, double OlderThanMinutes, bool Complete, int Total, IReadOnlyDictionary<string, int> States, double OldestDueAgeSeconds, int Unaccounted,
    IReadOnlyList<AuditFinding> Findings, bool Remembered, int Adopted = 0);

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
