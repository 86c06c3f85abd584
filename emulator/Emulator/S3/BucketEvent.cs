using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>Something that happened to an object, as notifications tell of it.</summary>
internal sealed record BucketEvent
{
    /// <summary>As S3 calls it, without <c>s3:</c>: <c>ObjectCreated:Put</c>.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Key { get; init; }

    /// <summary>Null where the object has none.</summary>
    public string? VersionId { get; init; }

    public string? ETag { get; init; }

    /// <summary>Bytes; null where the event does not tell.</summary>
    public long? Size { get; init; }

    /// <summary>Of two events of a key, the later has the higher; null for events that S3 does not order.</summary>
    public string? Sequencer { get; init; }

    /// <summary>Whose request it was; null for S3's own doing.</summary>
    public string? Account { get; init; }

    public string? UserId { get; init; }

    public string? SourceIp { get; init; }

    public required string RequestId { get; init; }

    public string? TraceHeader { get; init; }

    /// <summary>Of an archived object that was restored: where it lies.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Until when the restored copy can be read.</summary>
    public DateTimeOffset? RestoredUntil { get; init; }

    /// <param name="caller">Null for S3's own doing.</param>
    public static BucketEvent Of(string name, Caller? caller, string key, DateTimeOffset now) =>
        new()
        {
            Name = name,
            Time = now,
            Key = key,
            Account = caller?.Account,
            UserId = caller?.UserId,
            SourceIp = caller?.SourceIp,
            RequestId = caller?.RequestId ?? Guid.NewGuid().ToString(),
            TraceHeader = caller?.TraceHeader,
        };

    /// <summary>With what identifies the version that it happened to.</summary>
    public BucketEvent On(ObjectVersion version, bool withSize) =>
        this with
        {
            VersionId = version.VersionId == Versions.NullId ? null : version.VersionId,
            ETag = version.ETag,
            Size = withSize ? version.Size : null,
        };
}

/// <summary>An event on its way.</summary>
/// <param name="Target">The ARN of a queue, topic or function; <see cref="Notifications.EventBridge"/>; null for who is to have it when it is due.</param>
/// <param name="ConfigurationId">Of the configuration that asks for it.</param>
internal sealed record PendingNotification(
    string Bucket,
    string Account,
    string Region,
    string? Target,
    string? ConfigurationId,
    BucketEvent Event
)
{
    [JsonIgnore]
    public Scope Scope => new(Account, Region);
}
