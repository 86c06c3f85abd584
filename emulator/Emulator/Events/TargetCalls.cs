using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Jsonata;

namespace Disa.Emulator.Events;

/// <summary>Calls a target: functions and queues directly, everything else by service and name.</summary>
/// <param name="Invoke">Invokes a function asynchronously: ARN, payload.</param>
/// <param name="Send">Sends to a queue: ARN, body, attributes, group, deduplication id.</param>
/// <param name="Services">For Step Functions, SNS and universal targets.</param>
/// <param name="Bus">For schedules that put events.</param>
/// <param name="Trusts">Whether a role lets a service take it for a rule or schedule: role, service, ARN.</param>
public sealed record TargetCalls(
    Func<string, ReadOnlyMemory<byte>, Caller, CancellationToken, Task> Invoke,
    Func<string, string, IReadOnlyDictionary<string, string>, string?, string?, Caller, Task> Send,
    ServiceDirectory Services,
    EventBus Bus,
    Func<string, string, string, bool> Trusts
)
{
    /// <summary>Universal targets: <c>arn:aws:scheduler:::aws-sdk:service:action</c>.</summary>
    internal const string Universal = "aws-sdk:";

    private const int ExecutionNameLimit = 80;

    /// <summary>What rules may target; refused otherwise.</summary>
    internal static bool IsSupported(string arn) =>
        Arn.TryParse(arn) is { } target
        && (
            target.Service is "lambda" or "states" or "sqs" or "sns" or "logs"
            || (target.Service == "events" && target.After("event-bus/") is not null)
        );

    internal Task Call(Delivery delivery, int attempt, CancellationToken cancellation)
    {
        var scope = new Scope(delivery.Account, delivery.Region);
        var caller = As(delivery) with { TraceHeader = delivery.TraceHeader };
        var payload = delivery.IsSchedule
            ? delivery.Payload.Replace(
                "<aws.scheduler.attempt-number>",
                attempt.ToString(CultureInfo.InvariantCulture),
                StringComparison.Ordinal
            )
            : delivery.Payload;
        var target = Arn.Parse(delivery.TargetArn);
        switch (target.Service)
        {
            case "lambda":
                return Invoke(delivery.TargetArn, Encoding.UTF8.GetBytes(payload), caller, cancellation);
            case "sqs":
                // The key as the deduplication id: a FIFO queue takes a repeated delivery once.
                return Send(
                    delivery.TargetArn,
                    payload,
                    new Dictionary<string, string>(),
                    delivery.MessageGroupId,
                    delivery.MessageGroupId is null ? null : delivery.Key,
                    caller
                );
            case "states":
                return StartExecution(delivery, payload, caller, cancellation);
            case "sns":
                return Services.Call(
                    "sns",
                    "Publish",
                    Request(("TopicArn", delivery.TargetArn), ("Message", payload)),
                    caller,
                    cancellation
                );
            case "events":
                Services.Rights?.Require(
                    caller,
                    new Access("events:PutEvents", delivery.TargetArn) { Policy = Bus.PolicyOf(delivery.TargetArn) },
                    message => new AwsException("AccessDeniedException", message)
                );
                var bus = target.After("event-bus/") ?? "";
                return delivery.IsSchedule
                    ? Bus.PutOwn(scope, bus, delivery.EventSource!, delivery.DetailType!, JsonInput.Parse(payload))
                    : Bus.Forward(target.Scope, bus, JsonInput.Parse(delivery.DeadLetterBody), delivery.TraceHeader);
            case "logs":
                return Log(delivery, target, payload, caller, cancellation);
            case "scheduler" when target.Resource.StartsWith(Universal, StringComparison.Ordinal):
                var parts = target.Resource.Split(':');
                return Services.Call(
                    parts[1],
                    char.ToUpperInvariant(parts[2][0]) + parts[2][1..],
                    JsonInput.Parse(payload),
                    caller,
                    cancellation
                );
            default:
                throw AwsException.NotImplemented($"the target {delivery.TargetArn}");
        }
    }

    /// <summary>Who delivers: the role that came with the target, or the service by itself, which the target's policy must let.</summary>
    /// <exception cref="AwsException">AccessDeniedException: the role does not let the service take it.</exception>
    internal Caller As(Delivery delivery)
    {
        var scope = new Scope(delivery.Account, delivery.Region);
        var principal = delivery.IsSchedule ? "scheduler.amazonaws.com" : "events.amazonaws.com";
        return delivery.RoleArn is not { } role ? Caller.Service(principal, scope) with { SourceArn = delivery.SourceArn }
            : !Services.Enforces || Trusts(role, principal, delivery.SourceArn)
                ? Caller.Role(role, delivery.IsSchedule ? "scheduler" : "events", scope)
            : throw new AwsException("AccessDeniedException", $"The execution role {role} does not let {principal} assume it.", 403);
    }

    /// <summary>Into a log stream of the rule's own: what AWS calls its streams is not documented.</summary>
    private async Task Log(Delivery delivery, Arn target, string payload, Caller caller, CancellationToken cancellation)
    {
        var group = (target.After("log-group:") ?? "").Split(':')[0];
        var stream = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(delivery.SourceArn)).AsSpan(0, 16)).ToString();
        try
        {
            await Services
                .Call(
                    "cloudwatchlogs",
                    "CreateLogStream",
                    Request(("logGroupName", group), ("logStreamName", stream)),
                    caller,
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (AwsException already) when (already.Code == "ResourceAlreadyExistsException")
        {
            // An earlier event of the rule made it.
        }

        await Services
            .Call(
                "cloudwatchlogs",
                "PutLogEvents",
                JsonSerializer.SerializeToElement(
                    new LoggedEvents(group, stream, [new(Bus.Now.ToUnixTimeMilliseconds(), payload)]),
                    EventsStore.Default.LoggedEvents
                ),
                caller,
                cancellation
            )
            .ConfigureAwait(false);
    }

    /// <summary>The same name again is the same execution; one that is over already has had the event.</summary>
    private async Task StartExecution(Delivery delivery, string payload, Caller caller, CancellationToken cancellation)
    {
        var name = delivery.Key.Length <= ExecutionNameLimit ? delivery.Key : delivery.Key[..ExecutionNameLimit];
        try
        {
            await Services
                .Call(
                    "sfn",
                    "StartExecution",
                    Request(("stateMachineArn", delivery.TargetArn), ("name", name), ("input", payload)),
                    caller,
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (AwsException already) when (already.Code == "ExecutionAlreadyExists")
        {
            // An earlier attempt of this delivery started it.
        }
    }

    private static JsonElement Request(params (string Name, string Value)[] members) =>
        JsonSerializer.SerializeToElement(
            members.ToDictionary(member => member.Name, member => member.Value),
            EventsStore.Default.DictionaryStringString
        );
}

/// <summary>What goes to a log group.</summary>
internal sealed record LoggedEvents(
    [property: JsonPropertyName("logGroupName")] string Group,
    [property: JsonPropertyName("logStreamName")] string Stream,
    [property: JsonPropertyName("logEvents")] IReadOnlyList<LoggedEvent> Events
);

internal sealed record LoggedEvent(
    [property: JsonPropertyName("timestamp")] long Timestamp,
    [property: JsonPropertyName("message")] string Message
);
