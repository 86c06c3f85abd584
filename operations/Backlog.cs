using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>What waits for an attempt, from the index of due messages, longest due first in each shard, and no more of it than a bound.</summary>
/// <param name="Due">Messages that are due now.</param>
/// <param name="Later">Messages whose time comes later.</param>
/// <param name="IsMore">Whether there are more than were counted.</param>
/// <param name="OldestDue">Since when the longest due one waits.</param>
/// <param name="NextLater">When the first of the later ones is due.</param>
/// <param name="Reasons">Why those that are listed wait, by reason; of at most a hundred, the longest due.</param>
/// <param name="Looked">How many the reasons are of.</param>
internal sealed record Backlog(
    int Due,
    int Later,
    bool IsMore,
    string? OldestDue,
    string? NextLater,
    IReadOnlyList<(string Reason, int Count)> Reasons,
    int Looked
)
{
    private const int EarliestOf = 50;

    /// <summary>The messages that are due first, now or later, with the time; of at most fifty.</summary>
    public IReadOnlyList<(string Id, string Due)> Earliest { get; private init; } = [];

    private const int OfEachShard = 250;
    private const int ReasonsOf = 100;

    public static async Task<Backlog> Read(AwsSession session, Deployment deployment, DateTimeOffset now, CancellationToken cancellation)
    {
        var pages = await Task.WhenAll(IndexShards.All.Select(shard => Shard(session, deployment, shard, cancellation)))
            .ConfigureAwait(false);
        var entries = pages
            .SelectMany(page => page.Items ?? [])
            .OrderBy(item => item[SendAttributes.Due].S, StringComparer.Ordinal)
            .ToList();
        var text = Instant.Text(now);
        var due = entries.TakeWhile(item => string.CompareOrdinal(item[SendAttributes.Due].S, text) <= 0).Count();
        var listed = entries.Take(ReasonsOf).ToList();
        var reasons = listed.Count == 0 ? [] : await ReasonsFor(session, deployment, listed, cancellation).ConfigureAwait(false);
        return new(
            due,
            entries.Count - due,
            pages.Any(page => page.LastEvaluatedKey is { Count: > 0 }),
            due > 0 ? entries[0][SendAttributes.Due].S : null,
            due < entries.Count ? entries[due][SendAttributes.Due].S : null,
            reasons,
            listed.Count
        )
        {
            Earliest =
            [
                .. entries.Take(EarliestOf).Select(entry => (ItemKey.Of(entry, deployment.Shape.KeyNames).Id, entry[SendAttributes.Due].S)),
            ],
        };
    }

    private static Task<QueryResponse> Shard(AwsSession session, Deployment deployment, string shard, CancellationToken cancellation) =>
        session.DynamoDb.QueryAsync(
            new QueryRequest
            {
                TableName = deployment.TableName,
                IndexName = SendAttributes.DueIndex,
                KeyConditionExpression = $"{SendAttributes.Shard} = :shard",
                ExpressionAttributeValues = new() { [":shard"] = new() { S = shard } },
                Limit = OfEachShard,
            },
            cancellation
        );

    private static async Task<IReadOnlyList<(string Reason, int Count)>> ReasonsFor(
        AwsSession session,
        Deployment deployment,
        List<Dictionary<string, AttributeValue>> entries,
        CancellationToken cancellation
    )
    {
        var keys = entries
            .Select(entry =>
                entry
                    .Where(pair => pair.Key is not (SendAttributes.Shard or SendAttributes.Due))
                    .ToDictionary(pair => pair.Key, pair => pair.Value)
            )
            .ToList();
        var answer = await session
            .DynamoDb.BatchGetItemAsync(
                new BatchGetItemRequest
                {
                    RequestItems = new()
                    {
                        [deployment.TableName] = new() { Keys = keys, ProjectionExpression = SendAttributes.Reason },
                    },
                },
                cancellation
            )
            .ConfigureAwait(false);
        return
        [
            .. answer
                .Responses[deployment.TableName]
                .GroupBy(item => item.GetValueOrDefault(SendAttributes.Reason)?.S ?? "none")
                .Select(same => (same.Key, same.Count()))
                .OrderByDescending(pair => pair.Item2),
        ];
    }
}
