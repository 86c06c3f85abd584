using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Logs;

internal sealed record MetricFilterProperties
{
    public string? FilterName { get; init; }

    public string? FilterPattern { get; init; }

    public string? LogGroupName { get; init; }

    public IReadOnlyList<MetricTransformationProperties>? MetricTransformations { get; init; }

    public bool? ApplyOnTransformedLogs { get; init; }
}

internal sealed record MetricTransformationProperties
{
    public string? MetricName { get; init; }

    public string? MetricNamespace { get; init; }

    public string? MetricValue { get; init; }

    public double? DefaultValue { get; init; }

    public IReadOnlyList<MetricFilterDimension>? Dimensions { get; init; }

    public string? Unit { get; init; }
}

internal sealed record MetricFilterDimension(string Key, string Value);

[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(MetricFilterProperties))]
[JsonSerializable(typeof(SubscriptionFilterProperties))]
internal sealed partial class FilterResourceJson : JsonSerializerContext;

/// <summary><c>AWS::Logs::MetricFilter</c>: Ref is the filter's name.</summary>
internal sealed class MetricFilterResource(MetricFilters filters) : IResource
{
    public string Type => "AWS::Logs::MetricFilter";

    public ResourceActions? Actions => new("logs:PutMetricFilter", "logs:PutMetricFilter", "logs:DeleteMetricFilter");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>
        {
            ["FilterName"] = new(UpdateType.Replacement),
            ["FilterPattern"] = new(Required: true),
            ["LogGroupName"] = new(UpdateType.Replacement, Required: true),
            ["MetricTransformations"] = new(Required: true),
            ["ApplyOnTransformedLogs"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = [];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => FilterResourceJson.Default.MetricFilterProperties;

    public Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = FilterResources.Read(request, FilterResourceJson.Default.MetricFilterProperties);
        return Put(request, properties, properties.FilterName ?? request.GenerateName(512));
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) =>
        Put(request, FilterResources.Read(request, FilterResourceJson.Default.MetricFilterProperties), request.PhysicalId!);

    public Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var properties = FilterResources.Read(request, FilterResourceJson.Default.MetricFilterProperties);
        return FilterResources.Gone(filters.Delete(new(properties.LogGroupName, request.PhysicalId), request.Caller));
    }

    private async Task<ResourceState> Put(ResourceRequest request, MetricFilterProperties properties, string name)
    {
        await filters
            .Put(
                new()
                {
                    LogGroupName = properties.LogGroupName,
                    FilterName = name,
                    FilterPattern = properties.FilterPattern,
                    MetricTransformations =
                    [
                        .. (properties.MetricTransformations ?? []).Select(transformation => new MetricTransformation
                        {
                            MetricName = transformation.MetricName,
                            MetricNamespace = transformation.MetricNamespace,
                            MetricValue = transformation.MetricValue,
                            DefaultValue = transformation.DefaultValue,
                            Dimensions = transformation.Dimensions?.ToDictionary(dimension => dimension.Key, dimension => dimension.Value),
                            Unit = transformation.Unit,
                        }),
                    ],
                },
                request.Caller
            )
            .ConfigureAwait(false);
        return ResourceState.Of(name);
    }
}

/// <summary>What the two resource types of filters share.</summary>
internal static class FilterResources
{
    public static T Read<T>(ResourceRequest request, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return request.Properties.Deserialize(type)!;
        }
        catch (JsonException failure)
        {
            throw new AwsException("ValidationError", $"Properties validation failed for resource {request.LogicalId}: {failure.Message}");
        }
    }

    /// <summary>A deletion of what may be gone already, with its group or alone.</summary>
    public static async Task Gone(Task deletion)
    {
        try
        {
            await deletion.ConfigureAwait(false);
        }
        catch (AwsException gone) when (gone.Code == "ResourceNotFoundException")
        {
            // That is what was asked.
        }
    }
}
