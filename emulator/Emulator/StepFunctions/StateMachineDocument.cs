using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

/// <summary>A state machine as it is kept; each revision is kept too, because executions go on with the one they began with.</summary>
internal sealed record StateMachineDocument
{
    public const string Standard = "STANDARD";
    public const string Express = "EXPRESS";

    public required string Arn { get; init; }

    public required string Name { get; init; }

    public required string Definition { get; init; }

    public required string RoleArn { get; init; }

    public string Type { get; init; } = Standard;

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Updated { get; init; }

    public required string Revision { get; init; }

    /// <summary>The revision that it was created with, which has no id.</summary>
    public string? FirstRevision { get; init; }

    /// <summary>The number of the version that was published last.</summary>
    public int LastVersion { get; init; }

    /// <summary>Whether it was created with a version, and how that was described: part of what makes a repeated creation the same.</summary>
    public bool WasPublished { get; init; }

    public string? VersionDescription { get; init; }

    public LoggingConfiguration Logging { get; init; } = LoggingConfiguration.Off;

    public TracingConfiguration Tracing { get; init; } = new() { Enabled = false };

    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>CloudFormation's token of the step that created it: the same step again finds its own.</summary>
    public string? Token { get; init; }

    /// <summary>Of the machine of a distributed Map's child executions: the Map's label.</summary>
    [JsonIgnore]
    public string? Label { get; init; }

    [JsonIgnore]
    public string? RevisionId => Updated is null || Revision == FirstRevision ? null : Revision;

    [JsonIgnore]
    public bool IsExpress => Type == Express;

    /// <summary>The variables that its states read, by state; null where none does.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? References =>
        Asl.VariableReferences.Of(Definition) is { Count: > 0 } found ? found : null;

    /// <summary>The machine of a distributed Map's child executions: it has no document of its own.</summary>
    public StateMachineDocument Child(string label, string type)
    {
        var (arn, name) = (Arn.Split('/')[0], Name.Split('/')[0]);
        return this with { Arn = $"{arn}/{label}", Name = $"{name}/{label}", Label = label, Type = type };
    }

    /// <summary>Where its history is logged; null where nothing says so.</summary>
    [JsonIgnore]
    public (Scope Scope, string Group)? LogGroup
    {
        get
        {
            // arn:aws:logs:region:account:log-group:NAME:*
            var arn = Aws.Arn.TryParse(Logging.Destinations is [var first, ..] ? first.CloudWatchLogsLogGroup?.LogGroupArn : null);
            return arn?.Resource.Split(':') is ["log-group", var name, ..] ? (arn.Value.Scope, name) : null;
        }
    }

    [JsonIgnore]
    public Scope Scope => Aws.Arn.Parse(Arn).Scope;
}

/// <summary>What is logged, and where to.</summary>
internal sealed record LoggingConfiguration
{
    public static readonly LoggingConfiguration Off = new() { Level = "OFF", IncludeExecutionData = false };

    public string? Level { get; init; }

    public bool? IncludeExecutionData { get; init; }

    public IReadOnlyList<LogDestination>? Destinations { get; init; }
}

internal sealed record LogDestination
{
    public LogGroupDestination? CloudWatchLogsLogGroup { get; init; }
}

internal sealed record LogGroupDestination
{
    public string? LogGroupArn { get; init; }
}

internal sealed record TracingConfiguration
{
    public bool? Enabled { get; init; }
}

internal sealed record EncryptionConfiguration
{
    public string? Type { get; init; }

    public string? KmsKeyId { get; init; }

    public int? KmsDataKeyReusePeriodSeconds { get; init; }
}

internal sealed record Tag
{
    public string? Key { get; init; }

    public string? Value { get; init; }
}
