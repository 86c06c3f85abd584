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
public sealed class UpdateFunctionConfigurationResponse : AmazonWebServiceResponse
{
    public string? FunctionName { get; set; }

    public string? FunctionArn { get; set; }

    public string? Runtime { get; set; }

    public string? Role { get; set; }

    public string? Handler { get; set; }

    public long? CodeSize { get; set; }

    public string? Description { get; set; }

    public int? Timeout { get; set; }

    public int? MemorySize { get; set; }

    public string? LastModified { get; set; }

    public string? CodeSha256 { get; set; }

    public string? Version { get; set; }

    public EnvironmentResponse? Environment { get; set; }

    public string? KMSKeyArn { get; set; }

    public string? RevisionId { get; set; }

    public string? State { get; set; }

    public string? StateReason { get; set; }

    public string? StateReasonCode { get; set; }

    public string? LastUpdateStatus { get; set; }

    public string? LastUpdateStatusReason { get; set; }

    public string? LastUpdateStatusReasonCode { get; set; }

    public string? PackageType { get; set; }

    public List<string> Architectures { get; set; } = [];
}

/// <summary>Part of UpdateFunctionConfiguration.</summary>
public sealed class Environment
{
    public Dictionary<string, string> Variables { get; set; } = [];
}
