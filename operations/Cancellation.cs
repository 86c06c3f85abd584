using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>What a cancellation did.</summary>
internal sealed record Cancelled(string Id, string? WasStatus, string? WasReason);

/// <summary>Parks a message that is not sent and not being sent, until someone redrives it.</summary>
internal static class Cancellation
{
    private const string Reason = "Cancelled";

    /// <remarks>
    /// What the item was is read before, and the write is for just that: where the answer is lost and the SDK repeats the call, the item
    /// that it meets is cancelled already and no longer says what it was.
    /// </remarks>
    /// <exception cref="FailureException">There is no such message, it is sent already, or it is being sent right now.</exception>
    public static async Task<Cancelled> Cancel(AwsSession session, Deployment deployment, string id, CancellationToken cancellation)
    {
        var outbox = new Outbox(session, deployment);
        var now = Instant.Text(await EmulatorApi.Now(session, cancellation).ConfigureAwait(false));
        while (true)
        {
            var item = await outbox.Get(id, cancellation).ConfigureAwait(false) ?? throw new FailureException($"there is no message {id}.");
            var seen = Message.From(item, deployment.Shape);
            if (seen.Status == SendAttributes.Successful)
            {
                throw new FailureException($"{id} has already been sent.");
            }

            Claims.RefuseClaimed(id, item, now);
            if (await Write(session, deployment, item, now, cancellation).ConfigureAwait(false))
            {
                var cancelled = new Cancelled(id, seen.Status, seen.Reason);
                var details = JsonSerializer.Serialize(cancelled, OperationsJson.Default.Cancelled);
                await ActionRecord.Write(session, deployment, "cancel", null, details, cancellation).ConfigureAwait(false);
                return cancelled;
            }
        }
    }

    /// <summary>The messages of a group of failures that would still be tried again.</summary>
    public static async Task<IReadOnlyList<string>> Waiting(
        AwsSession session,
        Deployment deployment,
        string group,
        CancellationToken cancellation
    )
    {
        var filter = new RedriveFilter(SendAttributes.Failure, [], null, Waiting: true) { Group = group };
        var items = await new Redrive(session, deployment).Freeze(filter, cancellation).ConfigureAwait(false);
        return
        [
            .. items.Where(item => item.ContainsKey(SendAttributes.Due)).Select(item => ItemKey.Of(item, deployment.Shape.KeyNames).Id),
        ];
    }

    /// <summary>Parks these messages, one after the other.</summary>
    /// <param name="said">Told after each how many are parked.</param>
    /// <returns>How many were parked; the others were sent, or being sent, by the time it was their turn.</returns>
    public static async Task<int> All(
        AwsSession session,
        Deployment deployment,
        IReadOnlyList<string> ids,
        Action<int> said,
        CancellationToken cancellation
    )
    {
        var done = 0;
        foreach (var id in ids)
        {
            try
            {
                await Cancel(session, deployment, id, cancellation).ConfigureAwait(false);
                said(++done);
            }
            catch (FailureException)
            {
                // Sent, or being sent, meanwhile: the count says so.
            }
        }

        return done;
    }

    /// <returns>False where the item is not any more what was seen.</returns>
    private static async Task<bool> Write(
        AwsSession session,
        Deployment deployment,
        Dictionary<string, AttributeValue> seen,
        string now,
        CancellationToken cancellation
    )
    {
        var key = ItemKey.Of(seen, deployment.Shape.KeyNames);
        var values = new Dictionary<string, AttributeValue>
        {
            [":failure"] = new() { S = SendAttributes.Failure },
            [":cancelled"] = new() { S = Reason },
            [":now"] = new() { S = now },
            [":list"] = new() { S = ListedState.Partition(ListedState.Parked, key.Shard) },
        };
        try
        {
            await session
                .DynamoDb.UpdateItemAsync(
                    new UpdateItemRequest
                    {
                        TableName = deployment.TableName,
                        Key = key.ToDictionary(),
                        UpdateExpression =
                            "SET sendStatus = :failure, sendReason = :cancelled, sendList = :list, sendListedAt = :now REMOVE sendNextAttempt, sendDue, sendShard",
                        ConditionExpression =
                            $"attribute_exists(#needed) AND {Claims.IsNotClaimed}"
                            + $" AND {AsSeen(SendAttributes.Status)} AND {AsSeen(SendAttributes.Reason)}",
                        ExpressionAttributeNames = new() { ["#needed"] = deployment.Shape.Needed(key), ["#until"] = "until" },
                        ExpressionAttributeValues = values,
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                    },
                    cancellation
                )
                .ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException refused)
        {
            // Cancelled: by this call, whose first answer was lost, or by another one at the same time.
            return refused.Item?.GetValueOrDefault(SendAttributes.Reason)?.S == Reason && !refused.Item.ContainsKey(SendAttributes.Due);
        }

        string AsSeen(string name)
        {
            if (seen.GetValueOrDefault(name) is not { } value)
            {
                return $"attribute_not_exists({name})";
            }

            values[$":{name}"] = value;
            return $"{name} = :{name}";
        }
    }
}
