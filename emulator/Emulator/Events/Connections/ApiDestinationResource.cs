using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Events;

internal sealed record ApiDestinationProperties(
    string? Name,
    string? Description,
    string? ConnectionArn,
    string? InvocationEndpoint,
    string? HttpMethod,
    int? InvocationRateLimitPerSecond
);

/// <summary><c>AWS::Events::ApiDestination</c>: Ref is the name.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-apidestination.html</remarks>
internal sealed class ApiDestinationResource(ApiDestinations destinations) : IResource
{
    /// <summary>Calls a second where a template does not say it.</summary>
    private const int DefaultRate = 300;

    public string Type => "AWS::Events::ApiDestination";

    public ResourceActions? Actions => new("events:CreateApiDestination", "events:UpdateApiDestination", "events:DeleteApiDestination");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["Name"] = new(UpdateType.Replacement),
            ["Description"] = new(),
            ["ConnectionArn"] = new(Required: true),
            ["InvocationEndpoint"] = new(Required: true),
            ["HttpMethod"] = new(Required: true),
            ["InvocationRateLimitPerSecond"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "ArnForPolicy"];

    public JsonTypeInfo Schema => EventsTemplate.Default.ApiDestinationProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var asked = Read(request, null);
        var made = await destinations.Create(asked, request.Caller, cancellation).ConfigureAwait(false);
        return State(asked.Name!, made, request.Caller);
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var made = await destinations.Update(Read(request, request.PhysicalId), request.Caller, cancellation).ConfigureAwait(false);
        return State(request.PhysicalId!, made, request.Caller);
    }

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        try
        {
            await destinations.Delete(new ApiDestinationRequest(request.PhysicalId), request.Caller, cancellation).ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // It went before.
        }
    }

    /// <summary>What the template no longer says is as if it never had.</summary>
    private static CreateApiDestinationRequest Read(ResourceRequest request, string? name)
    {
        var properties = request.Properties.Deserialize(EventsTemplate.Default.ApiDestinationProperties)!;
        return new(
            name ?? properties.Name ?? request.GenerateName(64),
            properties.Description ?? "",
            properties.ConnectionArn,
            properties.InvocationEndpoint,
            properties.HttpMethod,
            properties.InvocationRateLimitPerSecond ?? DefaultRate
        );
    }

    private static ResourceState State(string name, ApiDestinationResponse made, Caller caller) =>
        ResourceState.Of(
            name,
            ("Arn", made.ApiDestinationArn),
            ("ArnForPolicy", Arn.Of("events", caller.Scope, $"api-destination/{name}"))
        );
}
