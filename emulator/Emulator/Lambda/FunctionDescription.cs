using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>A function's configuration as Lambda answers it.</summary>
internal sealed record FunctionDescription
{
    public required string FunctionName { get; init; }

    public required string FunctionArn { get; init; }

    public required string Runtime { get; init; }

    public required string Role { get; init; }

    public required string Handler { get; init; }

    public required long CodeSize { get; init; }

    public required string Description { get; init; }

    public required int Timeout { get; init; }

    public required int MemorySize { get; init; }

    public required string LastModified { get; init; }

    public required string CodeSha256 { get; init; }

    public required string Version { get; init; }

    public DeadLetterConfig? DeadLetterConfig { get; init; }

    public EnvironmentVariables? Environment { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("KMSKeyArn")]
    public string? KmsKeyArn { get; init; }

    public required TracingConfig TracingConfig { get; init; }

    public required string RevisionId { get; init; }

    public string? State { get; init; }

    public string? StateReason { get; init; }

    public string? StateReasonCode { get; init; }

    public string? LastUpdateStatus { get; init; }

    public string? LastUpdateStatusReason { get; init; }

    public string? LastUpdateStatusReasonCode { get; init; }

    public string PackageType { get; init; } = "Zip";

    public required IReadOnlyList<string> Architectures { get; init; }

    public required EphemeralStorage EphemeralStorage { get; init; }

    public SnapStart SnapStart { get; init; } = new("None") { OptimizationStatus = "Off" };

    public required LoggingConfig LoggingConfig { get; init; }

    public IReadOnlyList<LayerReferenceDescription>? Layers { get; init; }

    public RuntimeVersionConfig? RuntimeVersionConfig { get; init; }

    /// <param name="qualified">Whether the ARN carries the version, as it does where a qualifier was asked for.</param>
    public static FunctionDescription Of(Scope scope, string name, FunctionVersion version, bool qualified, string? qualifier = null) =>
        new()
        {
            FunctionName = name,
            FunctionArn = FunctionReference.ArnOf(scope, name, qualified ? qualifier ?? version.Version : null),
            Runtime = version.Runtime,
            Role = version.Role,
            Handler = version.Handler,
            CodeSize = version.CodeSize,
            Description = version.Description,
            Timeout = version.Timeout,
            MemorySize = version.MemorySize,
            LastModified = version.LastModified.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture),
            CodeSha256 = version.CodeSha256,
            Version = version.Version,
            DeadLetterConfig = version.DeadLetterTarget is { } target ? new(target) : null,
            Environment = version.Environment is { } variables ? new(variables) : null,
            TracingConfig = new(version.TracingMode),
            RevisionId = version.RevisionId,
            State = version.State,
            StateReason = version.StateReason,
            StateReasonCode = version.StateReasonCode,
            // A function that is being created has had no update yet; one that is updated "is being created" (both recorded on AWS).
            LastUpdateStatus = version.State == "Pending" ? null : version.LastUpdateStatus,
            LastUpdateStatusReason = version.IsUpdating ? "The function is being created." : null,
            LastUpdateStatusReasonCode = version.IsUpdating ? "Creating" : null,
            Architectures = [version.Architecture],
            EphemeralStorage = new(version.EphemeralStorage),
            LoggingConfig = new()
            {
                LogFormat = version.LogFormat,
                ApplicationLogLevel = version.ApplicationLogLevel,
                SystemLogLevel = version.SystemLogLevel,
                LogGroup = version.LogGroup ?? "/aws/lambda/" + name,
            },
            RuntimeVersionConfig = RuntimeVersionConfig.Of(scope, version.Runtime),
            Layers =
                version.Layers.Count > 0
                    ? [.. version.Layers.Select(layer => new LayerReferenceDescription(layer.Arn, layer.CodeSize))]
                    : null,
        };

    /// <summary>All versions of a function, the unpublished one first.</summary>
    public static IEnumerable<FunctionDescription> OfVersions(Scope scope, Function function) =>
        function.Published.Prepend(function.Latest).Select(version => Of(scope, function.Name, version, qualified: true));

    /// <summary>As lists have it.</summary>
    public static FunctionDescription WithoutState(FunctionDescription function) =>
        function with
        {
            State = null,
            StateReason = null,
            StateReasonCode = null,
            LastUpdateStatus = null,
            LastUpdateStatusReason = null,
            LastUpdateStatusReasonCode = null,
            RuntimeVersionConfig = null,
        };
}

/// <summary>Which release of a runtime runs: here each runtime has one, and a name for it that stays.</summary>
internal sealed record RuntimeVersionConfig(string RuntimeVersionArn)
{
    public static RuntimeVersionConfig Of(Scope scope, string runtime) =>
        new(
            $"arn:{Arn.Partition(scope.Region)}:lambda:{scope.Region}::runtime:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(runtime)))}"
        );
}

/// <summary>A layer of a function, as answers show it.</summary>
internal sealed record LayerReferenceDescription(string Arn, long CodeSize);

internal sealed record DeadLetterConfig(string? TargetArn);

internal sealed record EnvironmentVariables(IReadOnlyDictionary<string, string>? Variables);

internal sealed record TracingConfig(string? Mode);

internal sealed record EphemeralStorage(int Size);

internal sealed record SnapStart(string ApplyOn)
{
    public string? OptimizationStatus { get; init; }
}

internal sealed record LoggingConfig
{
    public string? LogFormat { get; init; }

    public string? ApplicationLogLevel { get; init; }

    public string? SystemLogLevel { get; init; }

    public string? LogGroup { get; init; }
}

internal sealed record VpcConfig
{
    public IReadOnlyList<string>? SubnetIds { get; init; }

    public IReadOnlyList<string>? SecurityGroupIds { get; init; }

    public bool? Ipv6AllowedForDualStack { get; init; }
}
