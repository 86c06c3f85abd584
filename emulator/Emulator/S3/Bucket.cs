using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Disa.Emulator.Kms;

namespace Disa.Emulator.S3;

/// <summary>A bucket as it is kept: its configuration; objects are rows.</summary>
internal sealed record Bucket
{
    public required string Name { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    /// <summary>How it was made to lie there, where that is not the Region's name: <c>EU</c>.</summary>
    public string? LocationConstraint { get; init; }

    public required DateTimeOffset CreationDate { get; init; }

    /// <summary>Null until versioning was first set; then <c>Enabled</c> or <c>Suspended</c>.</summary>
    public string? Versioning { get; init; }

    public BucketEncryption Encryption { get; init; } = BucketEncryption.S3Managed;

    /// <summary>New buckets block all public access, as AWS makes them since April 2023.</summary>
    public PublicAccessBlock? PublicAccessBlock { get; init; } = new(true, true, true, true);

    public string? ObjectOwnership { get; init; } = "BucketOwnerEnforced";

    public string? Policy { get; init; }

    public IReadOnlyList<LifecycleRule>? Lifecycle { get; init; }

    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Who may do what beside the bucket's policy; null where it is all the owner's.</summary>
    public IReadOnlyList<AclGrant>? Acl { get; init; }

    /// <summary>Documents that are kept as they came: XML by sub-resource, and by id where there are many.</summary>
    public IReadOnlyDictionary<string, string>? Configurations { get; init; }

    /// <summary>Whether objects may be locked; once they may, this stays.</summary>
    public bool ObjectLock { get; init; }

    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>With one of the documents, or without it.</summary>
    public Bucket With(string kind, string? document)
    {
        var all = new Dictionary<string, string>(Configurations ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        if (document is null)
        {
            all.Remove(kind);
        }
        else
        {
            all[kind] = document;
        }

        return this with
        {
            Configurations = all.Count == 0 ? null : all,
        };
    }

    [JsonIgnore]
    public string Arn => $"arn:{Aws.Arn.Partition(Region)}:s3:::{Name}";
}

/// <param name="Algorithm"><c>AES256</c> or <c>aws:kms</c>.</param>
/// <param name="KmsKey">As it was set; null under <c>aws:kms</c> for <c>alias/aws/s3</c>.</param>
internal sealed record BucketEncryption(string Algorithm, string? KmsKey, bool BucketKeyEnabled)
{
    public static readonly BucketEncryption S3Managed = new("AES256", null, false);
}

internal sealed record PublicAccessBlock(bool BlockPublicAcls, bool IgnorePublicAcls, bool BlockPublicPolicy, bool RestrictPublicBuckets);

/// <summary>One lifecycle rule: days after which things go.</summary>
/// <remarks>Transitions are in its document alone: what an object costs is the same here in every storage class.</remarks>
internal sealed record LifecycleRule(
    string Id,
    bool Enabled,
    string Prefix,
    int? ExpirationDays,
    bool ExpiredObjectDeleteMarker,
    int? NoncurrentDays,
    int? NewerNoncurrentVersions,
    int? AbortDays
)
{
    /// <summary>As it came; null for a rule of a template.</summary>
    public string? Document { get; init; }

    public DateTimeOffset? ExpirationDate { get; init; }

    /// <summary>What an object must be tagged with.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Bytes.</summary>
    public long? LargerThan { get; init; }

    /// <summary>Bytes.</summary>
    public long? SmallerThan { get; init; }

    /// <summary>Whether an object is one of those that the rule is for.</summary>
    public bool IsFor(string key, long size, ObjectMeta? meta) =>
        key.StartsWith(Prefix, StringComparison.Ordinal)
        && (LargerThan is null || size > LargerThan)
        && (SmallerThan is null || size < SmallerThan)
        && Tags?.All(tag => meta?.Tags.GetValueOrDefault(tag.Key) == tag.Value) != false;

    /// <summary>When a current object goes: at a midnight.</summary>
    public DateTimeOffset? Expires(DateTimeOffset modified) =>
        ExpirationDate
        ?? (ExpirationDays is { } days ? new DateTimeOffset(modified.AddDays(days).UtcDateTime.Date, TimeSpan.Zero).AddDays(1) : null);
}

/// <summary>What goes with an object's bytes.</summary>
internal sealed record ObjectMeta
{
    /// <summary>Content-Type, Cache-Control and their like, by header name.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>What came in <c>x-amz-meta-</c> headers.</summary>
    public Dictionary<string, string> Metadata { get; init; } = [];

    public Dictionary<string, string> Tags { get; init; } = [];

    public Checksum? Checksum { get; init; }

    /// <summary>Null for STANDARD.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Of an archived object: from when until when a copy can be read.</summary>
    public Restoration? Restored { get; init; }

    /// <summary>Where a website sends those who ask for it.</summary>
    public string? WebsiteRedirect { get; init; }

    public IReadOnlyList<AclGrant>? Acl { get; init; }

    public ObjectRetention? Retention { get; init; }

    /// <summary><c>ON</c>, <c>OFF</c>, or null where it was never set.</summary>
    public string? LegalHold { get; init; }

    /// <summary>Whether its upload named the checksum that its parts have.</summary>
    public bool HasPartChecksums { get; init; }

    public required BucketEncryption Encryption { get; init; }

    /// <summary>The key that its bytes are encrypted with, wrapped.</summary>
    public required DataKeyEnvelope Envelope { get; init; }

    /// <summary>More than one after a multipart upload.</summary>
    public required IReadOnlyList<ObjectPart> Parts { get; init; }
}

/// <param name="Mode"><c>GOVERNANCE</c> or <c>COMPLIANCE</c>.</param>
internal sealed record ObjectRetention(string Mode, DateTimeOffset Until);

internal sealed record Restoration(DateTimeOffset From, DateTimeOffset Until);

/// <param name="Id">A canonical user's, or null.</param>
/// <param name="Uri">A group's, or null.</param>
internal sealed record AclGrant(string? Id, string? Uri, string Permission);

internal sealed record ObjectPart(int Number, long Size, string? Checksum);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Bucket))]
[JsonSerializable(typeof(ObjectMeta))]
[JsonSerializable(typeof(PendingNotification))]
internal sealed partial class S3Documents : JsonSerializerContext;

/// <summary>What a bucket may be called (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).</summary>
internal static partial class BucketName
{
    public static bool IsValid(string? name) =>
        name is { Length: >= 3 and <= 63 }
        && Allowed().IsMatch(name)
        && !name.Contains("..", StringComparison.Ordinal)
        && !Address().IsMatch(name)
        && !name.StartsWith("xn--", StringComparison.Ordinal)
        && !name.StartsWith("sthree-", StringComparison.Ordinal)
        && !name.EndsWith("-s3alias", StringComparison.Ordinal)
        && !name.EndsWith("--ol-s3", StringComparison.Ordinal);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]*[a-z0-9]\z")]
    private static partial Regex Allowed();

    [GeneratedRegex(@"^\d+\.\d+\.\d+\.\d+\z")]
    private static partial Regex Address();
}
