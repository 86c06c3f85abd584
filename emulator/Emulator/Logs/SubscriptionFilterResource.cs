using Disa.Emulator.Rooms;

namespace Disa.Emulator.Logs;

internal sealed record SubscriptionFilterProperties
{
    public string? FilterName { get; init; }

    public string? FilterPattern { get; init; }

    public string? LogGroupName { get; init; }

    public string? DestinationArn { get; init; }

    public string? RoleArn { get; init; }

    public string? Distribution { get; init; }

    public bool? ApplyOnTransformedLogs { get; init; }
}

/// <summary><c>AWS::Logs::SubscriptionFilter</c>: Ref is the filter's name.</summary>
internal sealed class SubscriptionFilterResource(SubscriptionFilters filters) : IResource
{
    public string Type => "AWS::Logs::SubscriptionFilter";

    public ResourceActions? Actions => new("logs:PutSubscriptionFilter", "logs:PutSubscriptionFilter", "logs:DeleteSubscriptionFilter");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["FilterName"] = new(UpdateType.Replacement),
            ["FilterPattern"] = new(Required: true),
            ["LogGroupName"] = new(UpdateType.Replacement, Required: true),
            ["DestinationArn"] = new(Required: true),
            ["RoleArn"] = new(),
            ["Distribution"] = new(),
            ["ApplyOnTransformedLogs"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = [];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => FilterResourceJson.Default.SubscriptionFilterProperties;

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = FilterResources.Read(request, FilterResourceJson.Default.SubscriptionFilterProperties);
        return Put(request, properties, properties.FilterName ?? request.GenerateName(512), cancellation);
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Put(
            request,
            FilterResources.Read(request, FilterResourceJson.Default.SubscriptionFilterProperties),
            request.PhysicalId!,
            cancellation
        );

    public Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = FilterResources.Read(request, FilterResourceJson.Default.SubscriptionFilterProperties);
        return FilterResources.Gone(filters.Delete(new(properties.LogGroupName, request.PhysicalId), request.Caller));
    }

    private async Task<ResourceState> Put(
        ResourceRequest request,
        SubscriptionFilterProperties properties,
        string name,
        CancellationToken cancellation
    )
    {
        await filters
            .Put(
                new()
                {
                    LogGroupName = properties.LogGroupName,
                    FilterName = name,
                    FilterPattern = properties.FilterPattern,
                    DestinationArn = properties.DestinationArn,
                    RoleArn = properties.RoleArn,
                    Distribution = properties.Distribution,
                },
                request.Caller,
                cancellation
            )
            .ConfigureAwait(false);
        return ResourceState.Of(name);
    }
}
