using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Contract.SendAttributes;

namespace Disa.Functions.Process;

/// <summary>The table of messages: every write says on which state of the item it rests, so that a late one changes nothing.</summary>
public sealed class MessageTable(AmazonDynamoDBClient client, string tableName, TableShape shape)
{
    private const string Exists = "attribute_exists(#needed)";
    private const string Unclaimed = "(attribute_not_exists(#claim) OR #claim.#until <= :now)";

    private readonly TableCalls calls = new(client, tableName);

    /// <summary>How long one call may take, its repetitions included.</summary>
    public TimeSpan CallLimit
    {
        get => calls.Limit;
        init => calls.Limit = value;
    }

    /// <summary>The items as they are now, by <see cref="ItemKey.Identity"/>, with what Disa reads of them; those that are gone are not among them.</summary>
    /// <param name="keys">Different keys, a hundred at most.</param>
    /// <param name="cancellation">Ends the calls.</param>
    public async Task<IReadOnlyDictionary<string, Dictionary<string, AttributeValue>>> ReadAsync(
        IReadOnlyList<ItemKey> keys,
        CancellationToken cancellation
    )
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
                        Keys = [.. keys.Select(key => key.ToDictionary())],
                        ConsistentRead = true,
                        ProjectionExpression = projection,
                        ExpressionAttributeNames = names,
                    },
                },
            };
            var response = await calls.CallAsync(token => client.BatchGetItemAsync(request, token), cancellation).ConfigureAwait(false);
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

    /// <summary>The item as it is now; null when it is gone.</summary>
    public Task<Dictionary<string, AttributeValue>?> OneAsync(ItemKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ReadAsync(key, cancellation);
    }

    private async Task<Dictionary<string, AttributeValue>?> ReadAsync(ItemKey key, CancellationToken cancellation)
    {
        var (projection, names) = Projection(key);
        var request = new GetItemRequest
        {
            TableName = tableName,
            Key = key.ToDictionary(),
            ConsistentRead = true,
            ProjectionExpression = projection,
            ExpressionAttributeNames = names,
        };
        var response = await calls.CallAsync(token => client.GetItemAsync(request, token), cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? item : null;
    }

    private static (string Expression, Dictionary<string, string> Names) Projection(ItemKey key)
    {
        string[] read =
        [
            SendAttributes.Message,
            Subject,
            SendAttributes.Attributes,
            GroupId,
            DeduplicationId,
            TraceParent,
            SendAt,
            ExpiresAt,
            Status,
            Reason,
            Attempts,
            Error,
            NextAttempt,
            SendAttributes.SeenAt,
            SendAttributes.History,
            Claim,
            Shard,
            Due,
            Place,
            Behind,
            Next,
        ];
        var names = read.Concat(key.Attributes.Keys)
            .Distinct(StringComparer.Ordinal)
            .Select((name, i) => (Name: name, Alias: $"#a{i}"))
            .ToList();
        return (string.Join(", ", names.Select(name => name.Alias)), names.ToDictionary(name => name.Alias, name => name.Name));
    }

    /// <summary>Takes the item for one attempt, until <see cref="Attempt.Until"/>.</summary>
    /// <param name="attempt">The attempt: the number of attempts before it fences the claim.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="writes">The batch that it joins; null to send it by itself.</param>
    /// <returns>Whether it was taken; if not, the item as it is, where it is not gone.</returns>
    public Task<Written> ClaimAsync(Attempt attempt, DateTimeOffset now, CancellationToken cancellation, WritesTogether? writes = null)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var seen = attempt.Seen;
        var until = Instant.Text(attempt.Until);
        var update = new Update(attempt.Key, shape.Needed(attempt.Key))
            .Set(
                Claim,
                new()
                {
                    M = new()
                    {
                        ["token"] = new() { S = attempt.Token },
                        ["until"] = new() { S = until },
                    },
                }
            )
            .Set(Attempts, new() { N = attempt.NumberText })
            .Set(TraceId, new() { S = attempt.Trace.TraceId })
            .Name("#claim", Claim)
            .Name("#until", "until")
            .Name("#status", Status)
            .Name("#attempts", Attempts)
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

        return WriteAsync(
            update,
            $"{Exists} AND (attribute_not_exists(#status) OR #status <> :successful) AND {Unclaimed} AND {fence}",
            cancellation,
            writes
        );
    }

    /// <summary>Puts an undecided item that someone else is sending into the index, due when that claim ends, should its holder be dead.</summary>
    /// <param name="key">The item.</param>
    /// <param name="item">The item as it was read, with the claim.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>False when it is decided, gone, or claimed by another one meanwhile.</returns>
    public async Task<bool> WatchAsync(ItemKey key, IReadOnlyDictionary<string, AttributeValue> item, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(item);
        if (item.GetValueOrDefault(Claim)?.M is not { } claim || claim.GetValueOrDefault("until")?.S is not { } until)
        {
            return false;
        }

        var update = new Update(key, shape.Needed(key))
            .Set(Due, new() { S = until })
            .Set(Shard, new() { S = key.Shard })
            .Name("#claim", Claim)
            .Name("#token", "token")
            .Name("#status", Status)
            .Value(":token", claim.GetValueOrDefault("token") ?? new() { S = "" });
        return (
            await WriteAsync(update, $"{Exists} AND #claim.#token = :token AND attribute_not_exists(#status)", cancellation)
                .ConfigureAwait(false)
        ).Done;
    }

    /// <summary>Says on an item who waits for it in the line of its group.</summary>
    /// <returns>False where that place is taken by another message by now, or it was sent.</returns>
    public async Task<bool> CallNextAsync(GroupPlace before, ItemKey next, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(next);
        var update = new Update(before.Key, Place)
            .Set(Next, new() { S = next.Json.GetRawText() })
            .Name("#status", Status)
            .Value(":place", new() { S = before.Token })
            .Value(":successful", new() { S = Successful });
        return (
            await WriteAsync(update, "#needed = :place AND (attribute_not_exists(#status) OR #status <> :successful)", cancellation)
                .ConfigureAwait(false)
        ).Done;
    }

    /// <summary>Takes what lost its message, and is the user's own now, out of the index: nobody will ever send it.</summary>
    public async Task<bool> ForgetAsync(ItemKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        var update = new Update(key, SendAttributes.Message).Remove(NextAttempt, Shard, Due, List, ListedAt);
        return (await WriteAsync(update, "attribute_not_exists(#needed)", cancellation).ConfigureAwait(false)).Done;
    }

    /// <summary>Successful, for good. Not done when the item is gone or the claim was lost.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="messageId">SNS's id of the message.</param>
    /// <param name="history">The attempts so far, this one included.</param>
    /// <param name="now">The time.</param>
    /// <param name="retention">After this time DynamoDB may delete the item; zero keeps it. Nothing but a sent item ever gets such a time.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="writes">The batch that it joins; null to send it by itself.</param>
    public Task<Written> RecordSentAsync(
        Attempt attempt,
        string? messageId,
        AttributeValue history,
        DateTimeOffset now,
        TimeSpan retention,
        CancellationToken cancellation,
        WritesTogether? writes = null
    )
    {
        var update = ItemUpdates
            .Owned(attempt, shape)
            .Set(Status, new() { S = Successful })
            .Set(SentAt, new() { S = Instant.Text(now) })
            .Set(MessageId, new() { S = messageId ?? "" })
            .Set(SendAttributes.History, history)
            .Remove(Reason, Error, NextAttempt, Claim, Shard, Due);
        ItemUpdates.Listed(update, attempt.Key, ListedState.Sent, now);
        if (retention > TimeSpan.Zero)
        {
            update.Set(RemoveAt, new() { N = (now + retention).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) });
        }

        return WriteAsync(update, ItemUpdates.OwnedCondition, cancellation, writes);
    }

    /// <summary>Failure, to be tried again at a time, or parked where there is none.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="reason">Why it is not sent.</param>
    /// <param name="fault">What went wrong.</param>
    /// <param name="history">The attempts so far, this one included.</param>
    /// <param name="next">When it is tried again; null parks it.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Written> RecordFailureAsync(
        Attempt attempt,
        string reason,
        Fault fault,
        AttributeValue history,
        DateTimeOffset? next,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(fault);
        var update = ItemUpdates
            .Owned(attempt, shape)
            .Set(Status, new() { S = Failure })
            .Set(Reason, new() { S = reason })
            .Set(Error, ItemUpdates.Describe(fault))
            .Set(SendAttributes.History, history);
        ItemUpdates.Listed(update, attempt.Key, ListedState.Of(reason, next is not null), now);
        return WriteAsync(
            next is { } time ? ItemUpdates.PutOff(update, attempt.Key, time).Remove(Claim) : update.Remove(NextAttempt, Claim, Shard, Due),
            ItemUpdates.OwnedCondition,
            cancellation
        );
    }

    /// <summary>A claim that ends without an attempt: put off to a time, and everything else is what it was.</summary>
    /// <param name="attempt">The attempt that is not made.</param>
    /// <param name="reason">Why it is put off.</param>
    /// <param name="next">When it is tried.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<Written> GiveBackAsync(
        Attempt attempt,
        string reason,
        DateTimeOffset next,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var update = ItemUpdates.Owned(attempt, shape).Set(Status, new() { S = Failure }).Set(Reason, new() { S = reason });
        ItemUpdates.Listed(update, attempt.Key, ListedState.Of(reason, isDueAgain: true), now);
        foreach (var claimed in (string[])[Attempts, Claim])
        {
            if (attempt.Seen.TryGetValue(claimed, out var before))
            {
                update.Set(claimed, before);
            }
            else
            {
                update.Remove(claimed);
            }
        }

        return WriteAsync(ItemUpdates.PutOff(update, attempt.Key, next), ItemUpdates.OwnedCondition, cancellation);
    }

    /// <summary>Failure without an attempt: parked for what is wrong with the item, or put off to a time.</summary>
    /// <remarks>
    /// A claim that someone left behind tells the next attempt that the message may be out already: it stays on what is put off. What is
    /// parked has none; its history says so instead.
    /// </remarks>
    public Task<Written> DecideAsync(
        WorkItem item,
        string reason,
        Fault? fault,
        DateTimeOffset? next,
        DateTimeOffset now,
        CancellationToken cancellation,
        AttributeValue? history = null
    )
    {
        ArgumentNullException.ThrowIfNull(item);
        var update = new Update(item.Key, shape.Needed(item.Key))
            .SetIfAbsent(SendAttributes.SeenAt, new() { S = Instant.Text(item.SeenAt) })
            .Set(Status, new() { S = Failure })
            .Set(Reason, new() { S = reason })
            .Name("#claim", Claim)
            .Name("#until", "until")
            .Name("#status", Status)
            .Value(":now", new() { S = Instant.Text(now) })
            .Value(":successful", new() { S = Successful });
        ItemUpdates.Listed(update, item.Key, ListedState.Of(reason, next is not null), now);
        if (fault is not null)
        {
            update.Set(Error, ItemUpdates.Describe(fault));
        }

        if (history is not null)
        {
            update.Set(SendAttributes.History, history);
        }

        return WriteAsync(
            next is { } time ? ItemUpdates.PutOff(update, item.Key, time) : update.Remove(NextAttempt, Claim, Shard, Due),
            $"{Exists} AND (attribute_not_exists(#status) OR #status <> :successful) AND {Unclaimed}",
            cancellation
        );
    }

    /// <summary>Collects writes of different items that are ready at the same time, to send them in one request.</summary>
    public WritesTogether Together() => new(calls);

    private Task<Written> WriteAsync(Update update, string condition, CancellationToken cancellation, WritesTogether? writes = null) =>
        writes?.Join(update, condition) ?? calls.WriteAsync(update, condition, cancellation);
}
