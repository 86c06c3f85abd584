using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace Amazon.Lambda.Model;

/// <summary>What UpdateFunctionConfiguration asks.</summary>
public sealed class UpdateFunctionConfigurationRequest : AmazonWebServiceRequest
{
    [JsonIgnore]
    public string? FunctionName { get; set; }

    public string? Role { get; set; }

    public string? Handler { get; set; }

    public string? Description { get; set; }

    public int? Timeout { get; set; }

    public int? MemorySize { get; set; }

    public Environment? Environment { get; set; }

    public string? Runtime { get; set; }

    public string? KMSKeyArn { get; set; }

    public string? RevisionId { get; set; }
}

/// <summary>What UpdateFunctionConfiguration answers.</summary>
public sealed class UpdateFunctionConfigurationResponse : FunctionConfigurationResponse;

/// <summary>Part of UpdateFunctionConfiguration.</summary>
public sealed class Environment
{
    public Dictionary<string, string> Variables { get; set; } = [];
}
