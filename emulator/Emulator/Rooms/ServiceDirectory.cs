using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Rooms;

/// <summary>
/// An operation by service and name: the one late-bound thing, because a workflow or a schedule may call any service.
/// It throws on an unknown name; it never drops a call.
/// </summary>
public sealed class ServiceDirectory
{
    private readonly Dictionary<string, AwsService> bySdkName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who may call what.</summary>
    internal Authorizer? Rights { get; set; }

    internal bool Enforces => Rights is { Enforces: true };

    public void Add(AwsService service) => bySdkName.Add(service.SdkName, service);

    public IEnumerable<AwsService> Services => bySdkName.Values;

    /// <summary>By the name in <c>arn:aws:states:::aws-sdk:NAME:action</c>.</summary>
    /// <exception cref="AwsException">NotImplemented, naming the service.</exception>
    public AwsService Find(string sdkName) =>
        bySdkName.TryGetValue(sdkName, out var service) ? service : throw AwsException.NotImplemented($"the service {sdkName}");

    /// <summary>Calls an operation as if through the wire, with members as its JSON form has them.</summary>
    /// <returns>The answer's JSON; an empty object where the operation answers nothing.</returns>
    public async Task<JsonElement> Call(
        string sdkName,
        string operation,
        JsonElement request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var service = Find(sdkName);
        var found = service.Find(operation);
        object input;
        try
        {
            input = request.Deserialize(found.Request) ?? throw new JsonException("a request must not be null");
            NullElements.Refuse(found.Request, input);
        }
        catch (JsonException failure)
        {
            throw JsonFault.UnknownMember(failure) is { } member
                ? AwsException.NotImplemented($"the parameter {member} of {service.SigningName}:{found.Name}")
                : new AwsException("SerializationException", JsonFault.Explain(failure));
        }

        if (Rights is not null)
        {
            service.Check(found, input, caller, Rights);
        }

        var output = await service.Call(found, input, caller, cancellation).ConfigureAwait(false);
        return found.Response is null ? JsonElement.Parse("{}"u8) : JsonSerializer.SerializeToElement(output, found.Response);
    }
}
