using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

/// <summary>An archive as it is kept; its events are rows of their own.</summary>
internal sealed record Archive
{
    public const string Enabled = "ENABLED";

    public required string Name { get; init; }

    public required string Arn { get; init; }

    /// <summary>The name of the bus whose events it keeps.</summary>
    public required string Bus { get; init; }

    public string? Description { get; init; }

    public string? EventPattern { get; init; }

    /// <summary>For how long an event is kept; 0 for ever.</summary>
    public int RetentionDays { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Under which its events lie: an archive of the same name that is created later has none of them.</summary>
    public required string Key { get; init; }

    /// <summary>The token of the CloudFormation step that created it.</summary>
    public string? CreationToken { get; init; }

    public static string ArnOf(string name, Scope scope) => Aws.Arn.Of("events", scope, $"archive/{name}");
}

/// <summary>A replay as it is kept, and how far it has come.</summary>
internal sealed record Replay
{
    public required string Name { get; init; }

    public required string Arn { get; init; }

    public string? Description { get; init; }

    /// <summary>Of the archive.</summary>
    public required string EventSourceArn { get; init; }

    /// <summary>Under which the archive's events lie.</summary>
    public required string ArchiveKey { get; init; }

    public required string Bus { get; init; }

    public required ReplayDestination Destination { get; init; }

    public required DateTimeOffset EventStartTime { get; init; }

    public required DateTimeOffset EventEndTime { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>STARTING, RUNNING, COMPLETED, CANCELLING or CANCELLED.</summary>
    public required string State { get; init; }

    /// <summary>When STARTING or CANCELLING is over.</summary>
    public DateTimeOffset SettlesAt { get; init; }

    public DateTimeOffset? LastReplayed { get; init; }

    /// <summary>The minute of the last event that was replayed; null before the first.</summary>
    public long? LastMinute { get; init; }

    /// <summary>The number of that event.</summary>
    public long LastId { get; init; }

    /// <summary>"only 10 replays are allowed to be in state STARTING or RUNNING at the same time" (recorded on AWS by localstack).</summary>
    [JsonIgnore]
    public bool IsActive => State is "STARTING" or "RUNNING";

    [JsonIgnore]
    public bool IsOver => State is "COMPLETED" or "CANCELLED";

    public static string ArnOf(string name, Scope scope) => Aws.Arn.Of("events", scope, $"replay/{name}");
}

public sealed record ReplayDestination(string? Arn, List<string>? FilterArns);
