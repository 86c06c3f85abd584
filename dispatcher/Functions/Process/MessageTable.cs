using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Functions.SendAttributes;

namespace Disa.Functions.Process;

/// <summary>The table of messages: every write says on which state of the item it rests, so that a late one changes nothing.</summary>
public sealed class MessageTable(AmazonDynamoDBClient client, string tableName)
{
    /// <summary>Longer than the function may run and the workflow may have tried to call it: who holds a claim that has passed is dead. The workflow waits as long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const string Exists = "attribute_exists(#key)";
    private const string Unclaimed = "(attribute_not_exists(#claim) OR #claim.#until <= :now)";

    /// <summary>The item as it is now, with what Disa reads of it; null when it is gone.</summary>
    public async Task<Dictionary<string, AttributeValue>?> ReadAsync(ItemKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(key);
        string[] read = [SendAttributes.Message, Subject, SendAttributes.Attributes, SendAt, ExpiresAt, Status, Attempts, Error, NextAttempt, SendAttributes.History, Claim, Shard, Due];
        var names = read.Append(key.AttributeName).Distinct(StringComparer.Ordinal).Select((name, i) => (Name: name, Alias: $"#a{i}")).ToList();
        var response = await client.GetItemAsync(
            new GetItemRequest
            {
                TableName = tableName,
                Key = key.ToDictionary(),
                ConsistentRead = true,
                ProjectionExpression = string.Join(", ", names.Select(name => name.Alias)),
                ExpressionAttributeNames = names.ToDictionary(name => name.Alias, name => name.Name),
            },
            cancellation).ConfigureAwait(false);
        return response.Item is { Count: > 0 } item ? item : null;
    }

    /// <summary>Takes the item for one attempt; false when somebody else has it, sent it, or deleted it.</summary>
    /// <param name="key">The item.</param>
    /// <param name="seen">What was read of it: the number of attempts fences the claim.</param>
    /// <param name="attempt">The number of this attempt.</param>
    /// <param name="token">Whose claim it is.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<bool> ClaimAsync(
        ItemKey key, IReadOnlyDictionary<string, AttributeValue> seen, int attempt, string token, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var until = Instant.Text(now + Lease);
        var update = new Update(key)
            .Set(Claim, new() { M = new() { ["token"] = new() { S = token }, ["until"] = new() { S = until } } })
            .Set(Attempts, new() { N = attempt.ToString(CultureInfo.InvariantCulture) })
            .Name("#claim", Claim).Name("#until", "until").Name("#status", Status).Name("#attempts", Attempts)
            .Value(":now", new() { S = Instant.Text(now) })
            .Value(":successful", new() { S = Successful });
        if (seen.ContainsKey(Due))
        {
            // In the index, the end of the lease is when it is due again, should this process die.
            update.Set(Due, new() { S = until });
        }

        var fence = "attribute_not_exists(#attempts)";
        if (seen.TryGetValue(Attempts, out var attempts))
        {
            update.Value(":seen", attempts);
            fence = "#attempts = :seen";
        }

        return WriteAsync(update, $"{Exists} AND (attribute_not_exists(#status) OR #status <> :successful) AND {Unclaimed} AND {fence}", cancellation);
    }

    /// <summary>Successful, for good. False when the item is gone or the claim was lost.</summary>
    public Task<bool> RecordSentAsync(ItemKey key, string token, string? messageId, AttributeValue history, DateTimeOffset now, CancellationToken cancellation) => WriteAsync(
        Owned(key, token)
            .Set(Status, new() { S = Successful })
            .Set(SentAt, new() { S = Instant.Text(now) })
            .Set(MessageId, new() { S = messageId ?? "" })
            .Set(SendAttributes.History, history)
            .Remove(Reason, Error, NextAttempt, Claim, Shard, Due),
        OwnedCondition,
        cancellation);

    /// <summary>Failure, to be tried again at a time, or parked where there is none.</summary>
    public Task<bool> RecordFailureAsync(ItemKey key, string token, string reason, Fault fault, AttributeValue history, DateTimeOffset? next, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var update = Owned(key, token).Set(Status, new() { S = Failure }).Set(Reason, new() { S = reason }).Set(Error, Describe(fault)).Set(SendAttributes.History, history);
        return WriteAsync(next is { } time ? PutOff(update, key, time).Remove(Claim) : update.Remove(NextAttempt, Claim, Shard, Due), OwnedCondition, cancellation);
    }

    /// <summary>Failure without an attempt: parked for what is wrong with the item, or put off to a time.</summary>
    public Task<bool> DecideAsync(ItemKey key, string reason, Fault? fault, DateTimeOffset? next, DateTimeOffset now, CancellationToken cancellation)
    {
        var update = new Update(key)
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
            next is { } time ? PutOff(update, key, time).Remove(Claim) : update.Remove(NextAttempt, Claim, Shard, Due),
            $"{Exists} AND (attribute_not_exists(#status) OR #status <> :successful) AND {Unclaimed}",
            cancellation);
    }

    private const string OwnedCondition = $"{Exists} AND #claim.#token = :token AND (attribute_not_exists(#status) OR #status <> :successful)";

    private static Update Owned(ItemKey key, string token) => new Update(key)
        .Name("#claim", Claim).Name("#token", "token").Name("#status", Status)
        .Value(":token", new() { S = token }).Value(":successful", new() { S = Successful });

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
