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

    /// <summary>Which stack step made it: CloudFormation may repeat the step.</summary>
    public string? CreatedBy { get; init; }

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
internal sealed record LifecycleRule(
    string Id,
    bool Enabled,
    string Prefix,
    int? ExpirationDays,
    bool ExpiredObjectDeleteMarker,
    int? NoncurrentDays,
    int? NewerNoncurrentVersions,
    int? AbortDays
);

/// <summary>What goes with an object's bytes.</summary>
internal sealed record ObjectMeta
{
    /// <summary>Content-Type, Cache-Control and their like, by header name.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>What came in <c>x-amz-meta-</c> headers.</summary>
    public Dictionary<string, string> Metadata { get; init; } = [];

    public Dictionary<string, string> Tags { get; init; } = [];

    public Checksum? Checksum { get; init; }

    public required BucketEncryption Encryption { get; init; }

    /// <summary>The key that its bytes are encrypted with, wrapped.</summary>
    public required DataKeyEnvelope Envelope { get; init; }

    /// <summary>More than one after a multipart upload.</summary>
    public required IReadOnlyList<ObjectPart> Parts { get; init; }
}

internal sealed record ObjectPart(int Number, long Size, string? Checksum);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Bucket))]
[JsonSerializable(typeof(ObjectMeta))]
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
