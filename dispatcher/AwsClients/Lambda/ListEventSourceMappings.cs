using System.Text.Json.Serialization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.Lambda.Model;

/// <summary>What ListEventSourceMappings asks.</summary>
public sealed class ListEventSourceMappingsRequest : AmazonWebServiceRequest
{
    [JsonIgnore]
    public string? EventSourceArn { get; set; }

    [JsonIgnore]
    public string? FunctionName { get; set; }

    [JsonIgnore]
    public string? Marker { get; set; }

    internal static void Bind(ListEventSourceMappingsRequest input, IRequest request)
    {
        foreach (
            var (name, value) in ((string, string?)[])
                [(nameof(EventSourceArn), input.EventSourceArn), (nameof(FunctionName), input.FunctionName), (nameof(Marker), input.Marker)]
        )
        {
            if (value is not null)
            {
                request.Parameters[name] = value;
            }
        }
    }
}

/// <summary>What ListEventSourceMappings answers.</summary>
public sealed class ListEventSourceMappingsResponse : AmazonWebServiceResponse
{
    public List<EventSourceMappingConfiguration> EventSourceMappings { get; set; } = [];

    public string? NextMarker { get; set; }
}

/// <summary>Part of ListEventSourceMappings.</summary>
public sealed class EventSourceMappingConfiguration
{
    public string? UUID { get; set; }

    public string? EventSourceArn { get; set; }

    public string? FunctionArn { get; set; }

    /// <summary>Creating, Enabling, Enabled, Disabling, Disabled, Updating, or Deleting.</summary>
    public string? State { get; set; }
}
