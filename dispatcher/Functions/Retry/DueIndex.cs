using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Retry;

/// <summary>A message that waits for another attempt.</summary>
public sealed record DueMessage(ItemKey Key, string Due);

/// <summary>The sparse index of messages that wait: sixteen shards, each sorted by due time, keys only.</summary>
public sealed class DueIndex(AmazonDynamoDBClient client, string tableName)
{
    /// <summary>The longest due, over all shards.</summary>
    /// <param name="by">The time by which they are due; null for all that wait.</param>
    /// <param name="atMost">How many are taken.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <returns>The messages, and whether there are more.</returns>
    public async Task<(IReadOnlyList<DueMessage> Messages, bool More)> FindAsync(
        DateTimeOffset? by,
        int atMost,
        CancellationToken cancellation
    )
    {
        var shards = await Task.WhenAll(IndexShards.All.Select(shard => ShardAsync(shard, by, atMost, cancellation))).ConfigureAwait(false);
        var all = shards.SelectMany(shard => shard).OrderBy(message => message.Due, StringComparer.Ordinal).ToList();
        return (all.Count <= atMost ? all : all[..atMost], all.Count > atMost);
    }

    /// <summary>One more than can be taken, so as to know whether there are more.</summary>
    private async Task<List<DueMessage>> ShardAsync(string shard, DateTimeOffset? by, int atMost, CancellationToken cancellation)
    {
        var found = new List<DueMessage>();
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            var request = new QueryRequest
            {
                TableName = tableName,
                IndexName = SendAttributes.DueIndex,
                KeyConditionExpression = "sendShard = :shard",
                ExpressionAttributeValues = new() { [":shard"] = new() { S = shard } },
                ExclusiveStartKey = from,
                Limit = atMost + 1 - found.Count,
            };
            if (by is { } time)
            {
                request.KeyConditionExpression += " AND sendDue <= :by";
                request.ExpressionAttributeValues[":by"] = new() { S = Instant.Text(time) };
            }

            var page = await client.QueryAsync(request, cancellation).ConfigureAwait(false);
            foreach (var item in page.Items ?? [])
            {
                var due = item[SendAttributes.Due].S;
                found.Add(
                    new(ItemKey.Of(item.Where(pair => pair.Key is not (SendAttributes.Shard or SendAttributes.Due)).ToDictionary()), due)
                );
            }

            from = page.LastEvaluatedKey is { Count: > 0 } last ? last : null;
        } while (from is not null && found.Count <= atMost);

        return found;
    }
}
