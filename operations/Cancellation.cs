using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Disa.Functions;

namespace Disa.Operations;

/// <summary>What a cancellation did.</summary>
internal sealed record Cancelled(string Id, string? WasStatus, string? WasReason);

/// <summary>Parks a message that is not sent and not being sent, until somebody redrives it.</summary>
internal static class Cancellation
{
    /// <exception cref="FailureException">There is no such message, it is sent already, or it is being sent right now.</exception>
    public static async Task<Cancelled> Cancel(AwsSession session, Deployment deployment, string id, CancellationToken cancellation)
    {
        var outbox = new Outbox(session, deployment);
        var key = MessageId.Key(id, null, deployment);
        var now = Instant.Text(await EmulatorApi.Now(session, cancellation).ConfigureAwait(false));
        Cancelled cancelled;
        try
        {
            var answer = await session.DynamoDb.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = deployment.TableName,
                    Key = key.ToDictionary(),
                    UpdateExpression = "SET sendStatus = :failure, sendReason = :cancelled REMOVE sendNextAttempt, sendDue, sendShard",
                    ConditionExpression = "attribute_exists(#needed) AND (attribute_not_exists(sendStatus) OR sendStatus <> :successful) AND (attribute_not_exists(sendClaim) OR sendClaim.#until <= :now)",
                    ExpressionAttributeNames = new() { ["#needed"] = deployment.Shape.Needed(key), ["#until"] = "until" },
                    ExpressionAttributeValues = new()
                    {
                        [":failure"] = new() { S = SendAttributes.Failure },
                        [":cancelled"] = new() { S = "Cancelled" },
                        [":successful"] = new() { S = SendAttributes.Successful },
                        [":now"] = new() { S = now },
                    },
                    ReturnValues = Amazon.DynamoDBv2.ReturnValue.ALL_OLD,
                },
                cancellation).ConfigureAwait(false);
            var old = Message.From(answer.Attributes ?? [], deployment.Shape);
            cancelled = new(id, old.Status, old.Reason);
        }
        catch (ConditionalCheckFailedException)
        {
            var item = await outbox.Get(id, cancellation).ConfigureAwait(false);
            throw new FailureException(item is null ? $"there is no message {id}."
                : Message.From(item, deployment.Shape).Status == SendAttributes.Successful ? $"{id} is sent already."
                : $"{id} is being sent right now; ask again when its claim has ended (`disa explain {id}`).");
        }

        await ActionRecord.Write(session, deployment, "cancel", null, JsonSerializer.Serialize(cancelled, OperationsJson.Default.Cancelled), cancellation).ConfigureAwait(false);
        return cancelled;
    }
}
