using Amazon.Runtime;

namespace Amazon.Lambda.Model;

/// <summary>A function's configuration, as reading and as changing it answer.</summary>
public abstract class FunctionConfigurationResponse : AmazonWebServiceResponse
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

    public LoggingConfig? LoggingConfig { get; set; }

    public List<string> Architectures { get; set; } = [];
}

/// <summary>Where a function's log goes.</summary>
public sealed class LoggingConfig
{
    public string? LogFormat { get; set; }

    public string? LogGroup { get; set; }
}
