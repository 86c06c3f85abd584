using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Jsonata;

namespace Disa.Emulator.Lambda;

internal sealed record InvokeRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }

    public string? InvocationType { get; init; }

    public string? LogType { get; init; }

    public string? ClientContext { get; init; }

    /// <summary>On the wire it is the body; through an integration a JSON value or a text.</summary>
    public JsonElement Payload { get; init; }

    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; set; }
}

internal sealed record InvokeResponse
{
    public int StatusCode { get; init; }

    public string? FunctionError { get; init; }

    public string? LogResult { get; init; }

    public string? ExecutedVersion { get; init; }

    /// <summary>A text, as the SDKs answer it.</summary>
    public string? Payload { get; init; }

    [JsonIgnore]
    public ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>Invokes a function: there is no natural key, every call is an invocation, as on AWS.</summary>
internal static class Invoke
{
    public static readonly RestBinding Binding = new("POST", "/2015-03-31/functions/{FunctionName}/invocations")
    {
        Query = new Dictionary<string, string> { ["Qualifier"] = "Qualifier" },
        Headers = new Dictionary<string, string>
        {
            ["X-Amz-Invocation-Type"] = "InvocationType",
            ["X-Amz-Log-Type"] = "LogType",
            ["X-Amz-Client-Context"] = "ClientContext",
        },
        SetPayload = (request, body) => ((InvokeRequest)request).Body = body,
        GetPayload = response => ((InvokeResponse)response).Body,
        GetStatus = response => ((InvokeResponse)response).StatusCode,
        GetHeaders = response => Headers((InvokeResponse)response),
    };

    public static async Task<InvokeResponse> Run(Invoker invoker, InvokeRequest request, Caller caller, CancellationToken cancellation)
    {
        var type = request.InvocationType switch
        {
            null or "RequestResponse" => InvocationType.RequestResponse,
            "Event" => InvocationType.Event,
            "DryRun" => InvocationType.DryRun,
            var other => throw LambdaErrors.Constraint(
                other,
                "invocationType",
                "Member must satisfy enum value set: [Event, RequestResponse, DryRun]"
            ),
        };
        var payload = request.Payload.ValueKind switch
        {
            JsonValueKind.Undefined => request.Body,
            JsonValueKind.String => Encoding.UTF8.GetBytes(request.Payload.GetString()!),
            _ => Encoding.UTF8.GetBytes(request.Payload.GetRawText()),
        };
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        var invocation = await invoker
            .Invoke(reference, payload, type, ClientContextOf(request.ClientContext), caller, caller.RequestId, cancellation)
            .ConfigureAwait(false);
        return new InvokeResponse
        {
            StatusCode = invocation.StatusCode,
            FunctionError = invocation.FunctionError,
            LogResult =
                request.LogType == "Tail" && type == InvocationType.RequestResponse
                    ? Convert.ToBase64String(Encoding.UTF8.GetBytes(invocation.LogTail))
                    : null,
            ExecutedVersion = type == InvocationType.RequestResponse ? invocation.ExecutedVersion : null,
            Payload = Encoding.UTF8.GetString(invocation.Payload.Span),
            Body = invocation.Payload,
        };
    }

    /// <summary>Base64 on the way here; from the Runtime API functions get the JSON itself, which a header carries in ASCII alone.</summary>
    private static string? ClientContextOf(string? base64)
    {
        if (string.IsNullOrEmpty(base64))
        {
            return null;
        }

        try
        {
            var json = JsonInput.Parse(Convert.FromBase64String(base64));
            if (json.ValueKind == JsonValueKind.Object)
            {
                using var buffer = new MemoryStream();
                using (var writer = new Utf8JsonWriter(buffer))
                {
                    json.WriteTo(writer);
                }

                return Encoding.ASCII.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
            }
        }
        catch (Exception failure) when (failure is FormatException or JsonException)
        {
            // As anything else that is no object.
        }

        throw new AwsException("InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.");
    }

    private static IEnumerable<(string, string?)> Headers(InvokeResponse response) =>
        [
            ("X-Amz-Function-Error", response.FunctionError),
            ("X-Amz-Log-Result", response.LogResult),
            ("X-Amz-Executed-Version", response.ExecutedVersion),
        ];
}
