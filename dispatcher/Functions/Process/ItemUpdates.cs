using Amazon.DynamoDBv2.Model;
using static Disa.Contract.SendAttributes;

namespace Disa.Functions.Process;

/// <summary>What the writes of an item have in common.</summary>
internal static class ItemUpdates
{
    /// <summary>The claim is still the attempt's.</summary>
    public const string OwnedCondition =
        "attribute_exists(#needed) AND #claim.#token = :token AND (attribute_not_exists(#status) OR #status <> :successful)";

    /// <summary>An update of an item that an attempt has claimed.</summary>
    public static Update Owned(Attempt attempt, TableShape shape) =>
        new Update(attempt.Key, shape.Needed(attempt.Key))
            .Name("#claim", Claim)
            .Name("#token", "token")
            .Name("#status", Status)
            .Value(":token", new() { S = attempt.Token })
            .Value(":successful", new() { S = Successful });

    /// <summary>The item is due at another time.</summary>
    public static Update PutOff(Update update, ItemKey key, DateTimeOffset time) =>
        update
            .Set(NextAttempt, new() { S = Instant.Text(time) })
            .Set(Due, new() { S = Instant.Text(time) })
            .Set(Shard, new() { S = key.Shard });

    /// <summary>The item is in the list of a state.</summary>
    public static void Listed(Update update, ItemKey key, string state, DateTimeOffset now) =>
        update.Set(List, new() { S = ListedState.Partition(state, key.Shard) }).Set(ListedAt, new() { S = Instant.Text(now) });

    /// <summary>A fault as the item keeps it.</summary>
    public static AttributeValue Describe(Fault fault) =>
        new()
        {
            M = new()
            {
                ["class"] = new() { S = fault.Class.ToString().ToLowerInvariant() },
                ["code"] = new() { S = fault.Code },
                ["text"] = new() { S = fault.Text.Length <= 1000 ? fault.Text : fault.Text[..1000] },
            },
        };
}
