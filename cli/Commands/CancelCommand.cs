using System.CommandLine;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Disa.Functions;
using Spectre.Console;

namespace Disa.Cli.Commands;

/// <summary>What <c>disa cancel</c> did.</summary>
internal sealed record Cancelled(string Id, string? WasStatus, string? WasReason);

/// <summary><c>disa cancel</c>: parks a message that is not sent and not being sent.</summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var command = new Command("cancel", "Do not send a message: it is parked as Cancelled until somebody redrives it") { MessageId.Id, MessageId.Sort };
        command.Does(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        using var session = new AwsSession(Target.From(parsed));
        var deployment = await Deployment.Find(session, parsed.GetValue(CommonOptions.Stack)!, cancellation).ConfigureAwait(false);
        var outbox = new Outbox(session, deployment);
        var id = MessageId.Of(parsed, deployment);
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

        await ActionRecord.Write(session, deployment, "cancel", null, JsonSerializer.Serialize(cancelled, CliJson.Default.Cancelled), cancellation).ConfigureAwait(false);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.Json(cancelled, CliJson.Default.Cancelled);
        }
        else
        {
            Terminal.Out.MarkupLine($"{Markup.Escape(id)} is cancelled; `disa redrive --reason Cancelled` sends it after all.");
        }

        return DisaCommand.Done;
    }
}
