using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using static Disa.Contract.SendAttributes;

namespace Disa.Functions.Upkeep;

/// <summary>Puts an item into the index of due messages, due now, unless it is not any more what was seen: the one door back to a send.</summary>
public sealed class DueAgain(AmazonDynamoDBClient client, string tableName, TableShape shape)
{
    /// <summary>What must have been read of an item to be compared.</summary>
    public static readonly IReadOnlyList<string> Compared = [Status, Reason, Attempts, NextAttempt, Due];

    /// <param name="key">The item.</param>
    /// <param name="seen">The item as it was seen; <see cref="Compared"/> must not have changed since.</param>
    /// <param name="reason">The reason that it gets.</param>
    /// <param name="now">The time; a claim that is not over keeps the item out.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>False when the item has changed.</returns>
    public async Task<bool> MakeAsync(
        ItemKey key,
        IReadOnlyDictionary<string, AttributeValue> seen,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(seen);
        var values = new Dictionary<string, AttributeValue>
        {
            [":failure"] = new() { S = Failure },
            [":reason"] = new() { S = reason },
            [":now"] = new() { S = Instant.Text(now) },
            [":shard"] = new() { S = key.Shard },
            [":list"] = new() { S = ListedState.Partition(ListedState.Of(reason, isDueAgain: true), key.Shard) },
        };
        var unchanged = Compared.Select(
            (name, i) =>
            {
                if (seen.TryGetValue(name, out var value))
                {
                    values[string.Create(CultureInfo.InvariantCulture, $":seen{i}")] = value;
                    return string.Create(CultureInfo.InvariantCulture, $"{name} = :seen{i}");
                }

                return $"attribute_not_exists({name})";
            }
        );
        Dictionary<string, AttributeValue> written = new()
        {
            [Status] = values[":failure"],
            [Reason] = values[":reason"],
            [NextAttempt] = values[":now"],
            [Due] = values[":now"],
            [Shard] = values[":shard"],
            [List] = values[":list"],
            [ListedAt] = values[":now"],
        };
        try
        {
            await client
                .UpdateItemAsync(
                    new UpdateItemRequest
                    {
                        TableName = tableName,
                        Key = key.ToDictionary(),
                        UpdateExpression =
                            $"SET {Status} = :failure, {Reason} = :reason, {NextAttempt} = :now, {Due} = :now, {Shard} = :shard, {List} = :list, {ListedAt} = :now",
                        ConditionExpression =
                            $"attribute_exists(#needed) AND (attribute_not_exists({Claim}) OR {Claim}.#until <= :now) AND {string.Join(" AND ", unchanged)}",
                        ExpressionAttributeNames = new() { ["#needed"] = shape.Needed(key), ["#until"] = "until" },
                        ExpressionAttributeValues = values,
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException failed)
        {
            return AttributeValues.Has(failed.Item, written); // Its own write, applied before, and its answer lost.
        }
    }
}
