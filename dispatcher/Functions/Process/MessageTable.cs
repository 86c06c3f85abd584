using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Functions.SendAttributes;

namespace Disa.Functions.Process;

/// <summary>The table of messages: every write says on which state of the item it rests, so that a late one changes nothing.</summary>
public sealed class MessageTable(AmazonDynamoDBClient client, string tableName, TableShape shape)
{
    /// <summary>Longer than the function may run and the workflow may have tried to call it: who holds a claim that has passed is dead. The workflow waits as long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const string Exists = "attribute_exists(#needed)";
    private const string Unclaimed = "(attribute_not_exists(#claim) OR #claim.#until <= :now)";

    /// <summary>The items as they are now, by <see cref="ItemKey.Identity"/>, with what Disa reads of them; those that are gone are not among them.</summary>
    /// <param name="keys">Different keys, a hundred at most.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task<IReadOnlyDictionary<string, Dictionary<string, AttributeValue>>> ReadAsync(IReadOnlyList<ItemKey> keys, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var found = new Dictionary<string, Dictionary<string, AttributeValue>>(StringComparer.Ordinal);
        if (keys.Count > 1)
        {
            var (projection, names) = Projection(keys[0]);
            var request = new BatchGetItemRequest
            {
                RequestItems = new()
                {
                    [tableName] = new()
                    {
                        Keys = [.. keys.Select(key => key.ToDictionary())], ConsistentRead = true, ProjectionExpression = projection, ExpressionAttributeNames = names,
                    },
                },
            };
            var response = await client.BatchGetItemAsync(request, cancellation).ConfigureAwait(false);
            foreach (var item in response.Responses?.GetValueOrDefault(tableName) ?? [])
            {
                found[ItemKey.Of(item, keys[0].Attributes.Keys).Identity] = item;
            }
        }

        // Alone, left unprocessed (16 MB an answer), or written in another way than the table writes it.
        foreach (var key in keys.Where(key => !found.ContainsKey(key.Identity)).ToList())
        {
            if (await ReadAsync(key, cancellation).ConfigureAwait(false) is { } item)
            {
                found[key.Identity] = item;
            }
        }

        return found;
    }

    private async Task<Dictionary<string, AttributeValue>?> ReadAsync(ItemKey key, CancellationToken cancellation)
    {
        var (projection, names) = Projection(key);
        var response = await client.GetItemAsync(
            new GetItemRequest { TableName = tableName, Key = key.ToDictionary(), ConsistentRead = true, ProjectionExpression = projection, ExpressionAttributeNames = names },
            cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? item : null;
    }

    private static (string Expression, Dictionary<string, string> Names) Projection(ItemKey key)
    {
        string[] read =
        [
            SendAttributes.Message, Subject, SendAttributes.Attributes, GroupId, DeduplicationId, TraceParent, SendAt, ExpiresAt,
            Status, Attempts, Error, NextAttempt, SendAttributes.SeenAt, SendAttributes.History, Claim, Shard, Due,
        ];
        var names = read.Concat(key.Attributes.Keys).Distinct(StringComparer.Ordinal).Select((name, i) => (Name: name, Alias: $"#a{i}")).ToList();
        return (string.Join(", ", names.Select(name => name.Alias)), names.ToDictionary(name => name.Alias, name => name.Name));
    }

    /// <summary>Takes the item for one attempt; false when somebody else has it, sent it, or deleted it.</summary>
    /// <param name="attempt">The attempt: the number of attempts before it fences the claim.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<bool> ClaimAsync(Attempt attempt, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var seen = attempt.Seen;
        var until = Instant.Text(now + Lease);
        var update = new Update(attempt.Key, shape.Needed(attempt.Key))
            .Set(Claim, new() { M = new() { ["token"] = new() { S = attempt.Token }, ["until"] = new() { S = until } } })
            .Set(Attempts, new() { N = attempt.NumberText })
            .Set(TraceId, new() { S = attempt.Trace.TraceId })
            .Name("#claim", Claim).Name("#until", "until").Name("#status", Status).Name("#attempts", Attempts)
            .Value(":now", new() { S = Instant.Text(now) })
            .Value(":successful", new() { S = Successful });
        if (!seen.ContainsKey(SendAttributes.SeenAt))
        {
            update.Set(SendAttributes.SeenAt, new() { S = Instant.Text(attempt.Item.SeenAt) });
        }

        if (seen.ContainsKey(Due))
        {
            // In the index, the end of the lease is when it is due again, should this process die.
            update.Set(Due, new() { S = until });
        }

        var fence = "attribute_not_exists(#attempts)";
        if (seen.TryGetValue(Attempts, out var before))
        {
            update.Value(":seen", before);
            fence = "#attempts = :seen";
        }

        return WriteAsync(update, $"{Exists} AND (attribute_not_exists(#status) OR #status <> :successful) AND {Unclaimed} AND {fence}", cancellation);
    }

    /// <summary>Successful, for good. False when the item is gone or the claim was lost.</summary>
    public Task<bool> RecordSentAsync(Attempt attempt, string? messageId, AttributeValue history, DateTimeOffset now, CancellationToken cancellation) => WriteAsync(
        Owned(attempt)
            .Set(Status, new() { S = Successful })
            .Set(SentAt, new() { S = Instant.Text(now) })
            .Set(MessageId, new() { S = messageId ?? "" })
            .Set(SendAttributes.History, history)
            .Remove(Reason, Error, NextAttempt, Claim, Shard, Due),
        OwnedCondition,
        cancellation);

    /// <summary>Failure, to be tried again at a time, or parked where there is none.</summary>
    public Task<bool> RecordFailureAsync(Attempt attempt, string reason, Fault fault, AttributeValue history, DateTimeOffset? next, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(fault);
        var update = Owned(attempt).Set(Status, new() { S = Failure }).Set(Reason, new() { S = reason }).Set(Error, Describe(fault)).Set(SendAttributes.History, history);
        return WriteAsync(next is { } time ? PutOff(update, attempt.Key, time).Remove(Claim) : update.Remove(NextAttempt, Claim, Shard, Due), OwnedCondition, cancellation);
    }

    /// <summary>Failure without an attempt: parked for what is wrong with the item, or put off to a time.</summary>
    public Task<bool> DecideAsync(WorkItem item, string reason, Fault? fault, DateTimeOffset? next, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        var update = new Update(item.Key, shape.Needed(item.Key))
            .SetIfAbsent(SendAttributes.SeenAt, new() { S = Instant.Text(item.SeenAt) })
            .Set(Status, new() { S = Failure })
            .Set(Reason, new() { S = reason })
            .Name("#claim", Claim).Name("#until", "until").Name("#status", Status)
            .Value(":now", new() { S = Instant.Text(now) })
            .Value(":successful", new() { S = Successful });
        if (fault is not null)
        {
            update.Set(Error, Describe(fault));
        }

        return WriteAsync(
            next is { } time ? PutOff(update, item.Key, time).Remove(Claim) : update.Remove(NextAttempt, Claim, Shard, Due),
            $"{Exists} AND (attribute_not_exists(#status) OR #status <> :successful) AND {Unclaimed}",
            cancellation);
    }

    private const string OwnedCondition = $"{Exists} AND #claim.#token = :token AND (attribute_not_exists(#status) OR #status <> :successful)";

    private Update Owned(Attempt attempt) => new Update(attempt.Key, shape.Needed(attempt.Key))
        .Name("#claim", Claim).Name("#token", "token").Name("#status", Status)
        .Value(":token", new() { S = attempt.Token }).Value(":successful", new() { S = Successful });

    private static Update PutOff(Update update, ItemKey key, DateTimeOffset time) => update
        .Set(NextAttempt, new() { S = Instant.Text(time) }).Set(Due, new() { S = Instant.Text(time) }).Set(Shard, new() { S = key.Shard });

    private static AttributeValue Describe(Fault fault) => new()
    {
        M = new()
        {
            ["class"] = new() { S = fault.Class.ToString().ToLowerInvariant() },
            ["code"] = new() { S = fault.Code },
            ["text"] = new() { S = fault.Text.Length <= 1000 ? fault.Text : fault.Text[..1000] },
        },
    };

    private async Task<bool> WriteAsync(Update update, string condition, CancellationToken cancellation)
    {
        try
        {
            await client.UpdateItemAsync(update.Request(tableName, condition), cancellation).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }
}
