using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;
using Disa.Jsonata;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Lambda;

/// <summary>
/// Where records of invocations go: queues, topics, functions and event buses. A record that its destination does not take is lost
/// but for a log line, as on AWS (DestinationDeliveryFailures, DeadLetterErrors).
/// </summary>
internal sealed partial class Destinations(QueueSender queues, ServiceDirectory services, ExecutionRoles roles, ILogger logger)
{
    /// <summary>The invoker, which comes later: a function may be a destination.</summary>
    public Invoker? Invoker { get; set; }

    /// <param name="functionArn">Whose role needs the right to send.</param>
    public Task Send(string target, string record, string functionArn, Scope scope) =>
        Try(target, () => SendRecord(target, record, roles.Of(functionArn, scope)));

    /// <summary>The event itself, with RequestID, ErrorCode and ErrorMessage as attributes.</summary>
    public Task SendDeadLetter(string target, string payload, string requestId, string error, string functionArn, Scope scope) =>
        Try(target, () => SendEvent(target, payload, requestId, error, roles.Of(functionArn, scope)));

    private async Task Try(string target, Func<Task> send)
    {
        try
        {
            await send().ConfigureAwait(false);
        }
        catch (AwsException failure)
        {
            LogLost(target, failure);
        }
    }

    private async Task SendRecord(string target, string record, Caller caller)
    {
        switch (Arn.Parse(target).Service)
        {
            case "sqs":
                await queues.Send(target, record, null, caller).ConfigureAwait(false);
                break;
            case "sns":
                await Publish(target, record, [], caller).ConfigureAwait(false);
                break;
            case "lambda":
                await Invoker!
                    .InvokeAs(target, null, Encoding.UTF8.GetBytes(record), InvocationType.Event, caller, CancellationToken.None)
                    .ConfigureAwait(false);
                break;
            default:
                await PutEvent(target, record, caller).ConfigureAwait(false);
                break;
        }
    }

    private async Task SendEvent(string target, string payload, string requestId, string error, Caller caller)
    {
        const int errorLimit = 1024;
        List<(string Name, string Type, string Value)> attributes = [("RequestID", "String", requestId), ("ErrorCode", "Number", "200")];
        if (error.Length > 0)
        {
            attributes.Add(("ErrorMessage", "String", error.Length > errorLimit ? error[..errorLimit] : error));
        }

        if (Arn.Parse(target).Service == "sqs")
        {
            await queues
                .Send(
                    target,
                    payload,
                    attributes.ToDictionary(
                        entry => entry.Name,
                        entry => new MessageAttribute { DataType = entry.Type, StringValue = entry.Value }
                    ),
                    caller
                )
                .ConfigureAwait(false);
        }
        else
        {
            await Publish(target, payload, attributes, caller).ConfigureAwait(false);
        }
    }

    private Task<JsonElement> Publish(
        string topic,
        string message,
        List<(string Name, string Type, string Value)> attributes,
        Caller caller
    ) =>
        services.Call(
            "sns",
            "Publish",
            OwnJson.Parse(
                JsonText
                    .Bytes(writer =>
                    {
                        writer.WriteStartObject();
                        writer.WriteString("TopicArn", topic);
                        writer.WriteString("Message", message);
                        if (attributes.Count > 0)
                        {
                            writer.WriteStartObject("MessageAttributes");
                            foreach (var (name, type, value) in attributes)
                            {
                                writer.WriteStartObject(name);
                                writer.WriteString("DataType", type);
                                writer.WriteString("StringValue", value);
                                writer.WriteEndObject();
                            }

                            writer.WriteEndObject();
                        }

                        writer.WriteEndObject();
                    })
                    .Span
            ),
            caller,
            CancellationToken.None
        );

    private Task<JsonElement> PutEvent(string bus, string record, Caller caller)
    {
        using var json = JsonInput.Document(record, new JsonDocumentOptions { MaxDepth = OwnJson.Depth });
        var context = json.RootElement.GetProperty("requestContext");
        var isSuccess = context.GetProperty("condition").GetString() == "Success";
        return services.Call(
            "eventbridge",
            "PutEvents",
            OwnJson.Parse(
                JsonText
                    .Bytes(writer =>
                    {
                        writer.WriteStartObject();
                        writer.WriteStartArray("Entries");
                        writer.WriteStartObject();
                        writer.WriteString("EventBusName", bus);
                        writer.WriteString("Source", "lambda");
                        writer.WriteString(
                            "DetailType",
                            isSuccess ? "Lambda Function Invocation Result - Success" : "Lambda Function Invocation Result - Failure"
                        );
                        writer.WriteString("Detail", record);
                        writer.WriteStartArray("Resources");
                        writer.WriteStringValue(context.GetProperty("functionArn").GetString());
                        writer.WriteEndArray();
                        writer.WriteEndObject();
                        writer.WriteEndArray();
                        writer.WriteEndObject();
                    })
                    .Span
            ),
            caller,
            CancellationToken.None
        );
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "the destination {Target} did not take a record, which is lost")]
    private partial void LogLost(string target, Exception failure);
}
