using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Events;

internal sealed record ConnectionProperties(string? Name, string? Description, string? AuthorizationType, ConnectionAuth? AuthParameters);

/// <summary><c>AWS::Events::Connection</c>: Ref is the name.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-connection.html</remarks>
internal sealed class ConnectionResource(Connections connections) : IResource
{
    public string Type => "AWS::Events::Connection";

    public ResourceActions? Actions => new("events:CreateConnection", "events:UpdateConnection", "events:DeleteConnection");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Name"] = new(UpdateType.Replacement),
            ["Description"] = new(),
            ["AuthorizationType"] = new(),
            ["AuthParameters"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "ArnForPolicy", "SecretArn"];

    public JsonTypeInfo Schema => EventsTemplate.Default.ConnectionProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var asked = Read(request, null);
        await connections.Create(asked, request.Caller, cancellation).ConfigureAwait(false);
        return State(asked.Name!, request.Caller);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        await connections.Update(Read(request, request.PhysicalId), request.Caller, cancellation).ConfigureAwait(false);
        return State(request.PhysicalId!, request.Caller);
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        try
        {
            await connections.Delete(new ConnectionRequest(request.PhysicalId), request.Caller, cancellation).ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // It went before.
        }
    }

    /// <summary>What the template no longer describes has no description.</summary>
    private static CreateConnectionRequest Read(ResourceRequest request, string? name)
    {
        var properties = request.Properties.Deserialize(EventsTemplate.Default.ConnectionProperties)!;
        return new(
            name ?? properties.Name ?? request.GenerateName(64),
            properties.Description ?? "",
            properties.AuthorizationType,
            properties.AuthParameters,
            null,
            null
        );
    }

    private ResourceState State(string name, Caller caller)
    {
        var made = connections.Describe(new ConnectionRequest(name), caller);
        return ResourceState.Of(
            name,
            ("Arn", made.ConnectionArn),
            ("ArnForPolicy", Arn.Of("events", caller.Scope, $"connection/{name}")),
            ("SecretArn", made.SecretArn)
        );
    }
}
