using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.CloudFormation;

/// <summary>Calls other services in the name of the caller who deploys, through the service directory: CloudFormation knows no other room.</summary>
internal sealed class ServiceCalls(ServiceDirectory services)
{
    /// <param name="members">The request's members, as JSON.</param>
    /// <param name="payload">Not a member: the body of Lambda's Invoke.</param>
    /// <returns>The answer; undefined where the operation answers nothing.</returns>
    /// <exception cref="AwsException">The service's, the caller's lack of a right included.</exception>
    public async Task<JsonElement> Call(
        string service,
        string operation,
        string members,
        Caller caller,
        CancellationToken cancellation,
        ReadOnlyMemory<byte>? payload = null
    )
    {
        var found = services.Find(service);
        var called = found.Find(operation);
        var request = JsonSerializer.Deserialize(members, called.Request)!;
        if (payload is { } body)
        {
            called.Rest!.SetPayload!(request, body);
        }

        if (services.Rights is { } rights)
        {
            found.Check(called, request, caller, rights);
        }

        var answer = await found.Call(called, request, caller, cancellation).ConfigureAwait(false);
        return called.Response is { } response && called.Rest?.GetPayload is null
            ? JsonSerializer.SerializeToElement(answer, response)
            : default;
    }

    /// <summary>Invokes a function and waits for its answer; null where it failed.</summary>
    public async Task<ReadOnlyMemory<byte>?> Invoke(
        string function,
        ReadOnlyMemory<byte> payload,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var service = services.Find("lambda");
        var operation = service.Find("Invoke");
        var members = new Dictionary<string, string> { ["FunctionName"] = function };
        var request = JsonSerializer.SerializeToElement(members, AwsJson.Default.DictionaryStringString).Deserialize(operation.Request)!;
        operation.Rest!.SetPayload!(request, payload);
        if (services.Rights is { } rights)
        {
            service.Check(operation, request, caller, rights);
        }

        var answer = await service.Call(operation, request, caller, cancellation).ConfigureAwait(false);
        var failed = operation.Rest.GetHeaders?.Invoke(answer).Any(header => header is { Name: "X-Amz-Function-Error", Value: not null });
        return failed == true ? null : operation.Rest.GetPayload!(answer);
    }
}
