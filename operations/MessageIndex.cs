using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>An entry of the index of decided messages.</summary>
/// <param name="Key">The item.</param>
/// <param name="State">Its state: see <see cref="ListedState"/>.</param>
/// <param name="At">Since when, as <see cref="Instant"/> writes it.</param>
internal sealed record ListedMessage(ItemKey Key, string State, string At)
{
    /// <summary>The newest first; of one millisecond, in the order of their keys.</summary>
    public static readonly IComparer<ListedMessage> NewestFirst = Comparer<ListedMessage>.Create(
        (left, right) =>
            string.CompareOrdinal(right.At, left.At) is not 0 and var byTime
                ? byTime
                : string.CompareOrdinal(left.Key.Identity, right.Key.Identity)
    );
}

/// <summary>How many messages are in each state.</summary>
/// <param name="States">By state.</param>
/// <param name="AtLeast">The states of which there are more than were counted.</param>
/// <param name="SentLastMinute">Messages sent in the last minute.</param>
/// <param name="SentLastHour">Messages sent in the last hour.</param>
internal sealed record StateCounts(
    IReadOnlyDictionary<string, long> States,
    IReadOnlyList<string> AtLeast,
    long SentLastMinute,
    long SentLastHour
);

/// <summary>
/// The decided messages by state, from the index that Disa keeps of them; the table is not read for it. The index follows the table within
/// milliseconds on AWS. A query reads half a unit for each 4 KB of entries, some 40 of them.
/// </summary>
internal sealed class MessageIndex(AwsSession session, Deployment deployment)
{
    private readonly AwsSession session = session;
    private readonly Deployment deployment = deployment;

    /// <summary>Keys that one BatchGetItem takes.</summary>
    private const int OneBatch = 100;

    /// <summary>Pages of 1 MB that are counted in a partition: some 10,000 entries each.</summary>
    private const int PagesCounted = 8;

    private const int FirstPage = 10;
    private const int LargestPage = 500;

    /// <summary>Counts what is there now.</summary>
    public async Task<StateCounts> Count(DateTimeOffset now, CancellationToken cancellation)
    {
        var minute = Count(ListedState.Sent, now - TimeSpan.FromMinutes(1), cancellation);
        var hour = Count(ListedState.Sent, now - TimeSpan.FromHours(1), cancellation);
        var states = await Task.WhenAll(
                ListedState.All.Select(async state => (State: state, Counted: await Count(state, null, cancellation).ConfigureAwait(false)))
            )
            .ConfigureAwait(false);
        return new(
            states.ToDictionary(state => state.State, state => state.Counted.Number),
            [.. states.Where(state => state.Counted.IsMore).Select(state => state.State)],
            (await minute.ConfigureAwait(false)).Number,
            (await hour.ConfigureAwait(false)).Number
        );
    }

    /// <summary>The messages of some states, from the newest on.</summary>
    /// <param name="states">Which.</param>
    /// <param name="from">None before this time; null for all.</param>
    /// <param name="to">None from this time on; null for all.</param>
    /// <param name="after">Only what comes after this one in the list; null for the start.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async IAsyncEnumerable<ListedMessage> NewestFirst(
        IReadOnlyList<string> states,
        DateTimeOffset? from,
        DateTimeOffset? to,
        ListedMessage? after,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var readers = states
            .SelectMany(state => IndexShards.All.Select(shard => new PartitionReader(this, state, shard, from, to, after)))
            .ToList();
        await Task.WhenAll(readers.Select(reader => reader.Fill(cancellation))).ConfigureAwait(false);
        var heads = new PriorityQueue<PartitionReader, ListedMessage>(ListedMessage.NewestFirst);
        foreach (var reader in readers.Where(reader => reader.Head is not null))
        {
            heads.Enqueue(reader, reader.Head!);
        }

        while (heads.TryDequeue(out var reader, out var newest))
        {
            yield return newest;
            await reader.Move(cancellation).ConfigureAwait(false);
            if (reader.Head is { } next)
            {
                heads.Enqueue(reader, next);
            }
        }
    }

    /// <summary>The items of these entries as they are now, in the same order; those that are gone are left out.</summary>
    /// <param name="entries">Any number.</param>
    /// <param name="attributes">What is read of them beside their keys; null for all.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task<IReadOnlyList<Dictionary<string, AttributeValue>>> Items(
        IReadOnlyList<ListedMessage> entries,
        IReadOnlyList<string>? attributes,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<string, Dictionary<string, AttributeValue>>(StringComparer.Ordinal);
        foreach (var batches in entries.Chunk(OneBatch).Chunk(8))
        {
            var answers = await Task.WhenAll(batches.Select(batch => Batch(batch, attributes, cancellation))).ConfigureAwait(false);
            foreach (var item in answers.SelectMany(answer => answer))
            {
                found[ItemKey.Of(item, deployment.Shape.KeyNames).Identity] = item;
            }
        }

        return [.. entries.Select(entry => found.GetValueOrDefault(entry.Key.Identity)).OfType<Dictionary<string, AttributeValue>>()];
    }

    private async Task<List<Dictionary<string, AttributeValue>>> Batch(
        ListedMessage[] entries,
        IReadOnlyList<string>? attributes,
        CancellationToken cancellation
    )
    {
        var wanted = new KeysAndAttributes { Keys = [.. entries.Select(entry => entry.Key.ToDictionary())] };
        if (attributes is not null)
        {
            string[] read = [.. attributes.Concat(deployment.Shape.KeyNames).Distinct(StringComparer.Ordinal)];
            wanted.ProjectionExpression = string.Join(", ", read.Select((_, i) => $"#a{i}"));
            wanted.ExpressionAttributeNames = read.Select((name, i) => (name, i)).ToDictionary(pair => $"#a{pair.i}", pair => pair.name);
        }

        var found = new List<Dictionary<string, AttributeValue>>();
        var left = new Dictionary<string, KeysAndAttributes> { [deployment.TableName] = wanted };
        do
        {
            var answer = await session
                .DynamoDb.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = left }, cancellation)
                .ConfigureAwait(false);
            found.AddRange(answer.Responses?.GetValueOrDefault(deployment.TableName) ?? []);
            left = answer.UnprocessedKeys;
        } while (left is { Count: > 0 });

        return found;
    }

    private async Task<(long Number, bool IsMore)> Count(string state, DateTimeOffset? since, CancellationToken cancellation)
    {
        var counted = await Task.WhenAll(
                IndexShards.All.Select(async shard =>
                {
                    var request = Query(state, shard, since, null);
                    request.Select = Select.COUNT;
                    long number = 0;
                    var pages = 0;
                    do
                    {
                        var page = await session.DynamoDb.QueryAsync(request, cancellation).ConfigureAwait(false);
                        number += page.Count ?? 0;
                        request.ExclusiveStartKey = page.LastEvaluatedKey;
                    } while (request.ExclusiveStartKey is { Count: > 0 } && ++pages < PagesCounted);

                    return (Number: number, IsMore: request.ExclusiveStartKey is { Count: > 0 });
                })
            )
            .ConfigureAwait(false);
        return (counted.Sum(shard => shard.Number), counted.Any(shard => shard.IsMore));
    }

    /// <param name="to">The sort key's upper end, itself included.</param>
    private QueryRequest Query(string state, string shard, DateTimeOffset? from, string? to)
    {
        var request = new QueryRequest
        {
            TableName = deployment.TableName,
            IndexName = SendAttributes.ListIndex,
            KeyConditionExpression = $"{SendAttributes.List} = :list",
            ExpressionAttributeValues = new() { [":list"] = new() { S = ListedState.Partition(state, shard) } },
        };
        if (from is not null || to is not null)
        {
            // The first and the last text that a time can be.
            request.KeyConditionExpression += $" AND {SendAttributes.ListedAt} BETWEEN :from AND :to";
            request.ExpressionAttributeValues[":from"] = new() { S = from is { } start ? Instant.Text(start) : "0" };
            request.ExpressionAttributeValues[":to"] = new() { S = to ?? "9" };
        }

        return request;
    }

    /// <summary>One partition of the index, read backwards as far as it is needed.</summary>
    private sealed class PartitionReader
    {
        private readonly MessageIndex index;
        private readonly string state;
        private readonly ListedMessage? after;
        private readonly QueryRequest request;
        private readonly Queue<ListedMessage> read = new();

        /// <summary>Of the last time of a page: the next one may have more of it, and their order is by key.</summary>
        private readonly List<ListedMessage> held = [];

        private bool isEnded;

        public PartitionReader(
            MessageIndex index,
            string state,
            string shard,
            DateTimeOffset? from,
            DateTimeOffset? to,
            ListedMessage? after
        )
        {
            this.index = index;
            this.state = state;
            this.after = after;

            // Times are kept to the millisecond.
            var end = to is { } before ? Instant.Text(before - TimeSpan.FromMilliseconds(1)) : null;
            request = index.Query(
                state,
                shard,
                from,
                after is not null && (end is null || string.CompareOrdinal(after.At, end) < 0) ? after.At : end
            );
            request.ScanIndexForward = false;
            request.Limit = FirstPage;
        }

        /// <summary>The newest that was not taken; null at the end.</summary>
        public ListedMessage? Head => read.TryPeek(out var head) ? head : null;

        /// <summary>Takes the head.</summary>
        public Task Move(CancellationToken cancellation)
        {
            read.Dequeue();
            return Fill(cancellation);
        }

        public async Task Fill(CancellationToken cancellation)
        {
            while (read.Count == 0 && !isEnded)
            {
                var page = await index.session.DynamoDb.QueryAsync(request, cancellation).ConfigureAwait(false);
                request.ExclusiveStartKey = page.LastEvaluatedKey;
                request.Limit = Math.Min(LargestPage, request.Limit!.Value * 4);
                isEnded = page.LastEvaluatedKey is not { Count: > 0 };
                held.AddRange((page.Items ?? []).Select(Entry));
                var last = held.Count > 0 ? held[^1].At : null;
                foreach (var entry in held.Where(entry => isEnded || entry.At != last).Order(ListedMessage.NewestFirst))
                {
                    if (after is null || ListedMessage.NewestFirst.Compare(entry, after) > 0)
                    {
                        read.Enqueue(entry);
                    }
                }

                held.RemoveAll(entry => isEnded || entry.At != last);
            }
        }

        private ListedMessage Entry(Dictionary<string, AttributeValue> item) =>
            new(ItemKey.Of(item, index.deployment.Shape.KeyNames), state, item[SendAttributes.ListedAt].S);
    }
}
