using System.Text.Json.Serialization;
using Disa.Emulator.Kms;

namespace Disa.Emulator.Logs;

/// <summary>A log group as it is kept.</summary>
/// <param name="Id">Under which its streams and events are filed: a group deleted and made again shares nothing with the old one.</param>
internal sealed record LogGroup(string Name, long Id, long Created)
{
    public int? RetentionInDays { get; init; }

    /// <summary>The key that new events are encrypted with.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>The data keys that events were ever encrypted with; an event says which, from 1.</summary>
    public IReadOnlyList<DataKeyEnvelope> DataKeys { get; init; } = [];

    public string Class { get; init; } = "STANDARD";

    public Dictionary<string, string> Tags { get; init; } = [];

    public IReadOnlyList<MetricFilter> MetricFilters { get; init; } = [];

    public IReadOnlyList<SubscriptionFilter> SubscriptionFilters { get; init; } = [];

    /// <summary>The CloudFormation step that made it, so that the step repeated finds it.</summary>
    public string? Token { get; init; }

    /// <summary>Events older than this are gone, in milliseconds since 1970.</summary>
    public long OldestKept(long now) => RetentionInDays is { } days ? now - (days * 86_400_000L) : 0;
}

/// <summary>How the room's documents are written on disk.</summary>
[JsonSerializable(typeof(LogGroup))]
[JsonSerializable(typeof(ResourcePolicy))]
[JsonSerializable(typeof(KeptDestination))]
internal sealed partial class LogsDocuments : JsonSerializerContext;
