using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Asl.States;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>Does what a task asks for, as the state machine's role, and says how that went.</summary>
internal sealed class TaskRunner(ServiceDirectory services, Neighbours neighbours, TimeProvider clock)
{
    private const string Latest = ":$LATEST";

    public async Task<Happening> Run(
        ExecutionRow execution,
        StateMachineDocument machine,
        Position position,
        CancellationToken cancellation
    )
    {
        var task = position.Task!;
        var session = execution.Name.Length <= 64 ? execution.Name : execution.Name[..64];
        var caller = Caller.Role(machine.RoleArn, session, machine.Scope) with
        {
            TraceHeader = Telemetry.IsOn ? execution.TraceHeader : null,
        };
        try
        {
            if (!neighbours.Trusts(machine.RoleArn, machine.Arn))
            {
                throw new AwsException(
                    "AccessDeniedException",
                    $"Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role: {machine.RoleArn}"
                );
            }

            if (task.RoleArn is not null)
            {
                caller = await Assume(task.RoleArn, caller, session, machine, cancellation).ConfigureAwait(false);
            }

            var output = await Call(execution, machine, position, caller, cancellation).ConfigureAwait(false);
            return TaskResource.IsSubmitted(task.Resource)
                ? new TaskSubmitted(position.Id, task.Id, output)
                : new TaskSucceeded(position.Id, task.Id, output);
        }
        catch (TaskException failure)
        {
            return new TaskFailed(position.Id, task.Id, failure.Error);
        }
        catch (AwsException failure)
        {
            return new TaskFailed(position.Id, task.Id, Name(task.Resource, failure, caller.RequestId));
        }
    }

    /// <summary>The role of a task's Credentials: the machine's role must be let take it, on both sides, and acts in that role's account.</summary>
    private async Task<Caller> Assume(
        string role,
        Caller caller,
        string session,
        StateMachineDocument machine,
        CancellationToken cancellation
    )
    {
        if (Arn.TryParse(role) is not { Service: "iam" } arn || !arn.Resource.StartsWith("role/", StringComparison.Ordinal))
        {
            throw new TaskException(new WorkflowError(WorkflowError.Runtime, $"Invalid Role Arn: '{role}'"));
        }

        if (services.Enforces)
        {
            var request = Json.Write(w =>
            {
                w.WriteStartObject();
                w.WriteString("RoleArn", role);
                w.WriteString("RoleSessionName", session);
                w.WriteEndObject();
            });
            await services.Call("sts", "AssumeRole", request, caller, cancellation).ConfigureAwait(false);
        }

        return Caller.Role(role, session, new Scope(arn.Account, machine.Scope.Region));
    }

    private Task<JsonElement> Call(
        ExecutionRow execution,
        StateMachineDocument machine,
        Position position,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var task = position.Task!;
        if (TaskResource.IsFunction(task.Resource))
        {
            return FunctionTask.CallByArn(neighbours.Invoke, task.Resource, task.Parameters, caller, cancellation);
        }

        var integration = Integration.Of(task.Resource);
        return integration.Style == IntegrationStyle.Sdk
                ? CallSdk(integration, task.Parameters, TaskKey.Of(execution.Arn, task.Id), caller, cancellation)
            : integration.Style == IntegrationStyle.Lambda
                ? FunctionTask.Invoke(neighbours.Invoke, task.Parameters, caller, clock.GetUtcNow(), cancellation)
            : CallOptimised(integration, execution, machine, task, caller, cancellation);
    }

    private async Task<JsonElement> CallSdk(
        Integration integration,
        JsonElement parameters,
        string key,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var operation = services.Find(integration.SdkName).Find(integration.Operation);
        if (operation.Request.Type == typeof(RestCall))
        {
            var called = await new S3Calls(services).Call(operation.Name, parameters, caller, cancellation).ConfigureAwait(false);
            return RestXmlAnswer.Of(operation.Name, called);
        }

        parameters = WithToken(operation, parameters, key);
        var answer = await Send(integration, operation, parameters, caller, cancellation).ConfigureAwait(false);
        return operation.Response is { } shape ? SdkShape.Dress(answer, shape, ShapeMember.Pascal) : Json.EmptyObject;
    }

    /// <summary>Secrets Manager asks for a token, which every SDK makes up where a caller gives none.</summary>
    /// <remarks>https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html#SecretsManager-CreateSecret-request-ClientRequestToken</remarks>
    private static JsonElement WithToken(Operation operation, JsonElement parameters, string key)
    {
        const string token = "ClientRequestToken";
        return
            operation.Name is "CreateSecret" or "PutSecretValue" or "UpdateSecret" or "RotateSecret"
            && parameters.ValueKind == JsonValueKind.Object
            && !parameters.TryGetProperty(token, out _)
            ? Json.With(parameters, token, Json.Of(key))
            : parameters;
    }

    /// <summary>The answer as it is on the wire.</summary>
    private Task<JsonElement> Send(
        Integration integration,
        Operation operation,
        JsonElement parameters,
        Caller caller,
        CancellationToken cancellation
    ) =>
        services.Call(
            integration.SdkName,
            integration.Operation,
            SdkShape.Undress(AsTexts(parameters, operation.Request), operation.Request),
            caller,
            cancellation
        );

    private async Task<JsonElement> CallOptimised(
        Integration integration,
        ExecutionRow execution,
        StateMachineDocument machine,
        TaskOrder task,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var parameters = task.Parameters;
        if (integration.Style == IntegrationStyle.Sqs)
        {
            parameters = Texts(parameters, "MessageBody");
            CheckHost(parameters);
        }
        else if (integration.Style == IntegrationStyle.Sns)
        {
            parameters = Texts(parameters, "Message");
        }
        else if (integration.Style == IntegrationStyle.StepFunctions)
        {
            parameters = NestedExecution.Request(Texts(parameters, "Input"), execution.Arn, task.Id);
        }
        else if (
            integration.Style == IntegrationStyle.Events
            && parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty("Entries", out var entries)
            && entries.ValueKind == JsonValueKind.Array
        )
        {
            parameters = Json.With(
                parameters,
                "Entries",
                Json.Array(entries.EnumerateArray().Select(entry => Sourced(Texts(entry, "Detail"), machine.Arn, execution.Arn)))
            );
        }

        var operation = services.Find(integration.SdkName).Find(integration.Operation);
        var sent = await Send(integration, operation, parameters, caller, cancellation).ConfigureAwait(false);
        var answer = SdkShape.Dress(sent, operation.Response!, SdkShape.Capital);
        if (
            integration.Style == IntegrationStyle.Events
            && answer.TryGetProperty("FailedEntryCount", out var failed)
            && failed.GetInt32() > 0
        )
        {
            throw new TaskException(new WorkflowError("EventBridge.FailedEntry", Json.Compact(answer)));
        }

        return HttpMetadata.Of(integration.Style, caller.RequestId, clock.GetUtcNow(), sent) is { } metadata
            ? metadata.With(answer)
            : answer;
    }

    /// <summary>An event names the state machine and the execution that it comes from, after the resources that it names itself.</summary>
    /// <remarks>Recorded on AWS: localstack/localstack, services/test_events_task_service.snapshot.json, test_put_events_base.</remarks>
    private static JsonElement Sourced(JsonElement entry, string machine, string execution)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return entry;
        }

        IEnumerable<JsonElement> named =
            entry.TryGetProperty("Resources", out var own) && own.ValueKind == JsonValueKind.Array ? own.EnumerateArray() : [];
        return Json.With(entry, "Resources", Json.Array(named.Append(Json.Of(machine)).Append(Json.Of(execution))));
    }

    /// <summary>The SDK sends a message to where the queue's URL says, and a text without a host leads nowhere.</summary>
    /// <remarks>Recorded on AWS: localstack/localstack, error_handling/test_task_service_sqs.snapshot.json, test_send_message_no_such_queue.</remarks>
    private static void CheckHost(JsonElement parameters)
    {
        if (
            parameters.ValueKind == JsonValueKind.Object
            && parameters.TryGetProperty("QueueUrl", out var url)
            && url.ValueKind == JsonValueKind.String
            && url.GetString() is { Length: > 0 } queue
            && !queue.Contains('/', StringComparison.Ordinal)
        )
        {
            throw new TaskException(
                new WorkflowError("SQS.SdkClientException", $"Unable to execute HTTP request: {queue}: Name or service not known")
            );
        }
    }

    /// <summary>Members that are texts by the operation's model: what a workflow gives them as JSON is written out (recorded on AWS).</summary>
    private static JsonElement AsTexts(JsonElement parameters, JsonTypeInfo request) =>
        parameters.ValueKind != JsonValueKind.Object
            ? parameters
            : parameters
                .EnumerateObject()
                .Where(member =>
                    member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                    && request.Properties.Any(property =>
                        property.PropertyType == typeof(string)
                        && string.Equals(property.Name, member.Name, StringComparison.OrdinalIgnoreCase)
                    )
                )
                .Aggregate(parameters, (changed, member) => Texts(changed, member.Name));

    /// <summary>Members that are texts on the wire, and may be JSON in a workflow.</summary>
    private static JsonElement Texts(JsonElement parameters, string member) =>
        parameters.ValueKind == JsonValueKind.Object
        && parameters.TryGetProperty(member, out var value)
        && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
            ? Json.With(parameters, member, Json.Of(Json.Compact(value)))
            : parameters;

    /// <summary>S3 has a second id for each request.</summary>
    private static string Extended(string prefix, string requestId) => prefix == "S3" ? $", Extended Request ID: {requestId}" : "";

    /// <summary>The error as Retry and Catch see it.</summary>
    private WorkflowError Name(string resource, AwsException failure, string requestId)
    {
        var integration = TaskResource.IsFunction(resource)
            ? new Integration("lambda", "Invoke", IntegrationStyle.Lambda)
            : Integration.Of(resource);
        var style = integration.Style;
        if (style == IntegrationStyle.Sdk)
        {
            var prefix = services.Find(integration.SdkName).SdkErrorPrefix;
            return new WorkflowError(
                $"{prefix}.{ModelledErrors.Find(integration.SdkName, failure.Code) ?? (failure.IsLost ? failure.Code : prefix + "Exception")}",
                $"{failure.Message} (Service: {prefix}, Status Code: {failure.StatusCode}, Request ID: {requestId}{Extended(prefix, requestId)})"
            );
        }

        // As the older SDK has them: the query protocol's code, and a function without a version that nobody asked for (both recorded on AWS).
        var code = style == IntegrationStyle.Sqs ? failure.QueryCode ?? failure.Code : failure.Code;
        var message =
            style == IntegrationStyle.Lambda && failure.Message.EndsWith(Latest, StringComparison.Ordinal)
                ? failure.Message[..^Latest.Length]
                : failure.Message;
        return new WorkflowError(
            $"{style.Prefix}.{ModelledErrors.Find(integration.SdkName, failure.Code) ?? (failure.IsLost ? failure.Code : style.General)}",
            $"{message} (Service: {style.ServiceName}; Status Code: {failure.StatusCode}; Error Code: {code}; Request ID: {requestId}; Proxy: null)"
        );
    }
}

/// <summary>A task's failure that has its name already.</summary>
internal sealed class TaskException(WorkflowError error) : Exception(error.Cause)
{
    public WorkflowError Error { get; } = error;
}
