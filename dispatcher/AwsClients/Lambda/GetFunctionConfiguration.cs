using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace Amazon.Lambda.Model;

/// <summary>What GetFunctionConfiguration asks.</summary>
public sealed class GetFunctionConfigurationRequest : AmazonWebServiceRequest
{
    [JsonIgnore]
    public string? FunctionName { get; set; }

    [JsonIgnore]
    public string? Qualifier { get; set; }
}

/// <summary>What GetFunctionConfiguration answers.</summary>
public sealed class GetFunctionConfigurationResponse : FunctionConfigurationResponse;
