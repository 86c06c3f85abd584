using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Retry;

/// <summary>A pass of the scheduled audit over the whole table, as far as it has come: in parts, each with the key after which it goes on.</summary>
internal sealed class AuditPass
{
    /// <summary>Parts of the table that are read independently.</summary>
    public const int Segments = 16;

    private const string RecordId = "audit";

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; private init; }

    /// <summary>When the newest pass ended that read the whole table; null before the first one.</summary>
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>When the first pass of all began.</summary>
    public DateTimeOffset FirstStartedAt { get; private init; }

    /// <summary>Of each part: null before its first page, then the key after which it goes on.</summary>
    public Dictionary<string, AttributeValue>?[] From { get; } = new Dictionary<string, AttributeValue>?[Segments];

    /// <summary>Of each part, whether its last page was read.</summary>
    public bool[] Done { get; } = new bool[Segments];

    public AuditCount Count { get; } = new();

    public bool IsDone => Done.All(done => done);

    public double Progress => (double)Done.Count(done => done) / Segments;

    /// <summary>How old the newest knowledge of the whole table is.</summary>
    public TimeSpan Age(DateTimeOffset now) => now - (CompletedAt ?? FirstStartedAt);

    /// <summary>The pass that goes on, or a new one.</summary>
    public static async Task<AuditPass> ReadAsync(
        AmazonDynamoDBClient client,
        string controlTable,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var item =
            (
                await client
                    .GetItemAsync(
                        new GetItemRequest
                        {
                            TableName = controlTable,
                            Key = Key(),
                            ConsistentRead = true,
                        },
                        cancellation
                    )
                    .ConfigureAwait(false)
            ).Item
            ?? [];
        DateTimeOffset? Time(string name) => Instant.TryParse(item.GetValueOrDefault(name)?.S, out var time) ? time : null;
        int Number(string name) =>
            int.TryParse(item.GetValueOrDefault(name)?.N, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var first = Time("firstStartedAt") ?? now;
        if (item.GetValueOrDefault("parts")?.L is not { Count: Segments } parts)
        {
            return new()
            {
                StartedAt = now,
                FirstStartedAt = first,
                CompletedAt = Time("completedAt"),
            };
        }

        var pass = new AuditPass
        {
            StartedAt = Time("startedAt") ?? now,
            FirstStartedAt = first,
            CompletedAt = Time("completedAt"),
        };
        for (var i = 0; i < Segments; i++)
        {
            pass.Done[i] = parts[i].BOOL == true;
            pass.From[i] = parts[i].M is { Count: > 0 } from ? from : null;
        }

        (pass.Count.Total, pass.Count.Unaccounted, pass.Count.OldestDue) = (Number("total"), Number("unaccounted"), Time("oldestDue"));
        foreach (var (state, count) in item.GetValueOrDefault("states")?.M ?? [])
        {
            pass.Count.States[state] = int.Parse(count.N, CultureInfo.InvariantCulture);
        }

        return pass;
    }

    /// <summary>Keeps how far it has come; one that is done is kept without its parts, so that the next one starts again.</summary>
    public async Task WriteAsync(AmazonDynamoDBClient client, string controlTable, DateTimeOffset now, CancellationToken cancellation)
    {
        var item = Key();
        item["auditedAt"] = new() { S = Instant.Text(now) };
        item["startedAt"] = new() { S = Instant.Text(StartedAt) };
        item["firstStartedAt"] = new() { S = Instant.Text(FirstStartedAt) };
        item["total"] = Number(Count.Total);
        item["unaccounted"] = Number(Count.Unaccounted);
        item["states"] = new() { M = Count.States.ToDictionary(pair => pair.Key, pair => Number(pair.Value)), IsMSet = true };
        if (Count.OldestDue is { } oldest)
        {
            item["oldestDue"] = new() { S = Instant.Text(oldest) };
        }

        if (CompletedAt is { } completed)
        {
            item["completedAt"] = new() { S = Instant.Text(completed) };
        }

        if (!IsDone)
        {
            item["parts"] = new()
            {
                L =
                [
                    .. Enumerable
                        .Range(0, Segments)
                        .Select(i =>
                            Done[i] ? new AttributeValue { BOOL = true } : new AttributeValue { M = From[i] ?? [], IsMSet = true }
                        ),
                ],
            };
        }

        await client.PutItemAsync(new PutItemRequest { TableName = controlTable, Item = item }, cancellation).ConfigureAwait(false);
    }

    private static AttributeValue Number(int value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };

    private static Dictionary<string, AttributeValue> Key() => new() { ["id"] = new() { S = RecordId } };
}
