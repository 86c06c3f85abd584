using System.Globalization;
using System.Text.Json.Serialization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Amazon.Lambda.Model;

/// <summary>What ListFunctions asks.</summary>
public sealed class ListFunctionsRequest : AmazonWebServiceRequest
{
    [JsonIgnore]
    public string? Marker { get; set; }

    /// <summary>1 to 10,000; Lambda answers 50 at most.</summary>
    [JsonIgnore]
    public int? MaxItems { get; set; }

    internal static void Bind(ListFunctionsRequest input, IRequest request)
    {
        if (input.Marker is not null)
        {
            request.Parameters[nameof(Marker)] = input.Marker;
        }

        if (input.MaxItems is { } most)
        {
            request.Parameters[nameof(MaxItems)] = most.ToString(CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>What ListFunctions answers.</summary>
public sealed class ListFunctionsResponse : AmazonWebServiceResponse
{
    public List<FunctionConfiguration> Functions { get; set; } = [];

    public string? NextMarker { get; set; }
}

/// <summary>Part of ListFunctions.</summary>
public sealed class FunctionConfiguration
{
    public string? FunctionName { get; set; }

    public string? FunctionArn { get; set; }

    public string? Runtime { get; set; }

    public string? Handler { get; set; }

    public int? Timeout { get; set; }

    public int? MemorySize { get; set; }

    public string? LastModified { get; set; }
}
