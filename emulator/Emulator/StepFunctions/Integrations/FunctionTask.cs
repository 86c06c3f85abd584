using System.Text;
using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;
using Disa.Asl.States;
using Disa.Emulator.Aws;
using Disa.Emulator.Lambda;
using Disa.Jsonata;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>Calls of functions: <c>lambda:invoke</c>, and a function's own ARN as Resource.</summary>
internal static class FunctionTask
{
    private static readonly string[] Members = ["FunctionName", "Payload", "InvocationType", "Qualifier", "LogType"];

    public static async Task<JsonElement> CallByArn(
        InvokeFunction invoke,
        string arn,
        JsonElement payload,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var answer = await invoke(arn, null, Bytes(payload), InvocationType.RequestResponse, caller, cancellation).ConfigureAwait(false);
        return Payload(answer);
    }

    public static async Task<JsonElement> Invoke(
        InvokeFunction invoke,
        JsonElement parameters,
        Caller caller,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (
            parameters.ValueKind != JsonValueKind.Object
            || !parameters.TryGetProperty("FunctionName", out var name)
            || name.ValueKind != JsonValueKind.String
        )
        {
            throw new TaskException(new WorkflowError(WorkflowError.Runtime, "The field 'FunctionName' is required but was missing"));
        }

        if (parameters.EnumerateObject().Select(member => member.Name).FirstOrDefault(member => !Members.Contains(member)) is { } unknown)
        {
            throw AwsException.NotImplemented($"the parameter {unknown} of lambda:Invoke");
        }

        var type = Text(parameters, "InvocationType") switch
        {
            null or "RequestResponse" => InvocationType.RequestResponse,
            "Event" => InvocationType.Event,
            "DryRun" => InvocationType.DryRun,
            var other => throw StepFunctionsErrors.NotOneOf(other, "invocationType", "Event", "RequestResponse", "DryRun"),
        };
        var payload = parameters.TryGetProperty("Payload", out var given) ? given : Json.EmptyObject;
        var answer = await invoke(name.GetString()!, Text(parameters, "Qualifier"), Raw(payload), type, caller, cancellation)
            .ConfigureAwait(false);
        var result = Payload(answer);
        return Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("ExecutedVersion", answer.ExecutedVersion);
            if (Text(parameters, "LogType") == "Tail")
            {
                w.WriteString("LogResult", answer.LogTail);
            }

            if (type == InvocationType.RequestResponse)
            {
                w.WritePropertyName("Payload");
                result.WriteTo(w);
            }

            HttpMetadata.OfFunction(answer.RequestId, now, answer.StatusCode, answer.ExecutedVersion, answer.Payload.Length).Write(w);
            w.WriteNumber("StatusCode", answer.StatusCode);
            w.WriteEndObject();
        });
    }

    /// <exception cref="TaskException">The function failed: under the name of its errorType.</exception>
    private static JsonElement Payload(Invocation answer)
    {
        var payload = answer.Payload.IsEmpty ? Json.Null : Parse(answer.Payload);
        if (answer.FunctionError is null)
        {
            return payload;
        }

        var text = Encoding.UTF8.GetString(answer.Payload.Span);
        throw new TaskException(
            Text(payload, "errorType") is { Length: > 0 } type
                ? new WorkflowError(type, text)
                : new WorkflowError(
                    "Lambda.Unknown",
                    $"The cause could not be determined because Lambda did not return an error type. Returned payload: {text}"
                )
        );
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonInput.Parse(payload.Span);
        }
        catch (JsonException)
        {
            return Json.Of(Encoding.UTF8.GetString(payload.Span));
        }
    }

    /// <summary>Payload is bytes on Lambda's wire: a text goes there as it is, and anything else as JSON (recorded on AWS).</summary>
    private static byte[] Raw(JsonElement payload) =>
        payload.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(payload.GetString()!) : Bytes(payload);

    private static byte[] Bytes(JsonElement payload) => Encoding.UTF8.GetBytes(payload.GetRawText());

    private static string? Text(JsonElement source, string name) =>
        source.ValueKind == JsonValueKind.Object && source.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
