using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Retry;

/// <summary>How many messages are in each state but Sent, from the index of states: nothing else of the table is read.</summary>
/// <remarks>
/// Each of the sixteen shards of a state is one Query that counts, of 1 MB at most, which is some 10,000 messages: a state that has more
/// is counted as that many. A Query reads half a unit where it finds nothing, and one for each 8 KB otherwise.
/// </remarks>
public sealed class StateCounter(AmazonDynamoDBClient client, string tableName)
{
    private static readonly IReadOnlyList<string> Counted = [.. ListedState.All.Where(state => state != ListedState.Sent)];

    public async Task<IReadOnlyDictionary<string, int>> CountAsync(CancellationToken cancellation)
    {
        var counts = await Task.WhenAll(Counted.Select(state => StateAsync(state, cancellation))).ConfigureAwait(false);
        return Counted.Zip(counts).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    private async Task<int> StateAsync(string state, CancellationToken cancellation)
    {
        var shards = await Task.WhenAll(
                IndexShards.All.Select(shard =>
                    client.QueryAsync(
                        new QueryRequest
                        {
                            TableName = tableName,
                            IndexName = SendAttributes.ListIndex,
                            KeyConditionExpression = $"{SendAttributes.List} = :list",
                            ExpressionAttributeValues = new() { [":list"] = new() { S = ListedState.Partition(state, shard) } },
                            Select = Select.COUNT,
                        },
                        cancellation
                    )
                )
            )
            .ConfigureAwait(false);
        return shards.Sum(shard => shard.Count ?? 0);
    }
}
