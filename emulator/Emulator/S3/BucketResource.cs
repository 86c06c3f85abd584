using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>What a template says of a bucket.</summary>
internal sealed record BucketProperties(
    string? BucketName,
    VersioningProperties? VersioningConfiguration,
    EncryptionProperties? BucketEncryption,
    BlockProperties? PublicAccessBlockConfiguration,
    OwnershipProperties? OwnershipControls,
    LifecycleProperties? LifecycleConfiguration,
    IReadOnlyList<BucketTag>? Tags,
    string? AccessControl,
    CorsProperties? CorsConfiguration,
    WebsiteProperties? WebsiteConfiguration,
    AccelerationProperties? AccelerateConfiguration,
    bool? ObjectLockEnabled,
    LockProperties? ObjectLockConfiguration,
    NotificationProperties? NotificationConfiguration
);

internal sealed record VersioningProperties(string? Status);

internal sealed record EncryptionProperties(IReadOnlyList<EncryptionRuleProperties>? ServerSideEncryptionConfiguration);

internal sealed record EncryptionRuleProperties(EncryptionDefault? ServerSideEncryptionByDefault, bool? BucketKeyEnabled);

internal sealed record EncryptionDefault(string? SSEAlgorithm, string? KMSMasterKeyID);

internal sealed record BlockProperties(bool? BlockPublicAcls, bool? IgnorePublicAcls, bool? BlockPublicPolicy, bool? RestrictPublicBuckets);

internal sealed record OwnershipProperties(IReadOnlyList<OwnershipRule>? Rules);

internal sealed record OwnershipRule(string? ObjectOwnership);

internal sealed record LifecycleProperties(IReadOnlyList<LifecycleRuleProperties>? Rules);

internal sealed record LifecycleRuleProperties(
    string? Id,
    string? Status,
    string? Prefix,
    int? ExpirationInDays,
    bool? ExpiredObjectDeleteMarker,
    NoncurrentProperties? NoncurrentVersionExpiration,
    int? NoncurrentVersionExpirationInDays,
    AbortProperties? AbortIncompleteMultipartUpload
);

internal sealed record NoncurrentProperties(int? NoncurrentDays, int? NewerNoncurrentVersions);

internal sealed record AbortProperties(int? DaysAfterInitiation);

internal sealed record BucketTag(string Key, string Value);

internal sealed record BucketPolicyProperties(string? Bucket, JsonElement PolicyDocument);

/// <summary>What CloudFormation templates say of buckets: scalars may be text.</summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(BooleanTextConverter)]
)]
[JsonSerializable(typeof(BucketProperties))]
[JsonSerializable(typeof(BucketPolicyProperties))]
internal sealed partial class S3Templates : JsonSerializerContext;

/// <summary>AWS::S3::Bucket.</summary>
internal sealed class BucketResource(Buckets buckets) : IResource
{
    public string Type => "AWS::S3::Bucket";

    public ResourceActions? Actions =>
        new(
            "s3:CreateBucket s3:PutEncryptionConfiguration s3:PutBucketVersioning s3:PutLifecycleConfiguration s3:PutBucketOwnershipControls s3:PutBucketPublicAccessBlock s3:PutBucketTagging",
            "s3:PutEncryptionConfiguration s3:PutBucketVersioning s3:PutLifecycleConfiguration s3:PutBucketOwnershipControls s3:PutBucketPublicAccessBlock s3:PutBucketTagging",
            "s3:DeleteBucket"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["BucketName"] = new(UpdateType.Replacement),
            ["VersioningConfiguration"] = new(),
            ["BucketEncryption"] = new(),
            ["PublicAccessBlockConfiguration"] = new(),
            ["OwnershipControls"] = new(),
            ["LifecycleConfiguration"] = new(),
            ["AccessControl"] = new(),
            ["CorsConfiguration"] = new(),
            ["WebsiteConfiguration"] = new(),
            ["AccelerateConfiguration"] = new(),
            ["ObjectLockEnabled"] = new(UpdateType.Replacement),
            ["ObjectLockConfiguration"] = new(),
            ["NotificationConfiguration"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } =
    ["Arn", "DomainName", "RegionalDomainName", "DualStackDomainName", "WebsiteURL"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => S3Templates.Default.BucketProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, S3Templates.Default.BucketProperties);
        var name = wanted.BucketName ?? request.GenerateName(63, lowercase: true);
        var notifications = await Notifications(request, wanted, name).ConfigureAwait(false);
        return State(
            await buckets
                .Database.Write(transaction =>
                {
                    if (buckets.Get(transaction, name) is { } existing)
                    {
                        return existing.CreatedBy == request.Token
                            ? existing
                            : throw new AwsException("BucketAlreadyExists", $"{name} already exists", 409);
                    }

                    var made = Shape(
                        new Bucket
                        {
                            Name = name,
                            Account = request.Caller.Account,
                            Region = request.Caller.Region,
                            CreationDate = buckets.Clock.GetUtcNow(),
                            CreatedBy = request.Token,
                        },
                        wanted,
                        request
                    );
                    return CreateBucket.Make(transaction, buckets, made.With("notification", notifications), request.Caller.Region);
                })
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, S3Templates.Default.BucketProperties);
        var bucket = buckets.Find(request.PhysicalId!, request.Caller);
        var notifications = await Notifications(request, wanted, bucket.Name).ConfigureAwait(false);
        return State(
            await buckets
                .Change(bucket, current => Shape(current, wanted, request).With("notification", notifications))
                .ConfigureAwait(false)
        );
    }

    /// <summary>Looked at before the bucket is made or changed: destinations know it by its name.</summary>
    private async Task<string?> Notifications(ResourceRequest request, BucketProperties wanted, string name) =>
        wanted.NotificationConfiguration is not { } notifications
            ? null
            : await PutBucketNotificationConfiguration
                .Checked(
                    buckets,
                    new Bucket
                    {
                        Name = name,
                        Account = request.Caller.Account,
                        Region = request.Caller.Region,
                        CreationDate = buckets.Clock.GetUtcNow(),
                    },
                    NotificationTemplate.Document(notifications),
                    skipDestinations: false,
                    request.Caller.RequestId
                )
                .ConfigureAwait(false);

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        buckets.Database.Write(transaction =>
        {
            if (buckets.Get(transaction, request.PhysicalId ?? "") is { } bucket && bucket.Account == request.Caller.Account)
            {
                buckets.Delete(transaction, bucket);
            }
        });

    private static Bucket Shape(Bucket bucket, BucketProperties wanted, ResourceRequest request)
    {
        var rules = wanted.BucketEncryption?.ServerSideEncryptionConfiguration;
        if (rules is { Count: not 1 })
        {
            throw S3Errors.Malformed();
        }

        var tags = ObjectTags.Checked((wanted.Tags ?? []).ToDictionary(tag => tag.Key, tag => tag.Value), 50);
        foreach (var (key, value) in request.StackTags)
        {
            tags.TryAdd(key, value);
        }

        var shaped = bucket with
        {
            ObjectLock = bucket.ObjectLock || wanted.ObjectLockEnabled == true,
            // Versioning that was on can be suspended, never taken away.
            Versioning =
                wanted.ObjectLockEnabled == true ? "Enabled"
                : wanted.VersioningConfiguration is { } versioning ? BucketVersioning.Checked(versioning.Status)
                : bucket.Versioning is null ? null
                : "Suspended",
            Encryption = rules is [var rule]
                ? BucketEncryptions.Checked(
                    rule.ServerSideEncryptionByDefault?.SSEAlgorithm,
                    rule.ServerSideEncryptionByDefault?.KMSMasterKeyID,
                    rule.BucketKeyEnabled == true
                )
                : BucketEncryption.S3Managed,
            PublicAccessBlock = wanted.PublicAccessBlockConfiguration is { } block
                ? new(
                    block.BlockPublicAcls == true,
                    block.IgnorePublicAcls == true,
                    block.BlockPublicPolicy == true,
                    block.RestrictPublicBuckets == true
                )
                : new(true, true, true, true),
            ObjectOwnership = wanted.OwnershipControls is { } ownership
                ? PublicAccess.Checked(ownership.Rules is [var only] ? only.ObjectOwnership : null)
                : "BucketOwnerEnforced",
            Lifecycle = wanted.LifecycleConfiguration?.Rules is { } lifecycle
                ? BucketLifecycle.Checked(lifecycle.Select((item, index) => Rule(item, index)).ToList())
                : null,
            Tags = tags.Count == 0 ? null : tags,
        };
        return TemplateDocuments.Shape(shaped with { Acl = Acls.OfTemplate(shaped, wanted.AccessControl) }, wanted);
    }

    private static LifecycleRule Rule(LifecycleRuleProperties rule, int index) =>
        new(
            rule.Id ?? $"rule-{index}",
            rule.Status switch
            {
                "Enabled" => true,
                "Disabled" => false,
                _ => throw S3Errors.Malformed(),
            },
            rule.Prefix ?? "",
            rule.ExpirationInDays,
            rule.ExpiredObjectDeleteMarker == true,
            rule.NoncurrentVersionExpiration?.NoncurrentDays ?? rule.NoncurrentVersionExpirationInDays,
            rule.NoncurrentVersionExpiration?.NewerNoncurrentVersions,
            rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation
        );

    private static ResourceState State(Bucket bucket)
    {
        var suffix = Arn.UrlSuffix(bucket.Region);
        return ResourceState.Of(
            bucket.Name,
            ("Arn", bucket.Arn),
            ("DomainName", $"{bucket.Name}.s3.{suffix}"),
            ("RegionalDomainName", $"{bucket.Name}.s3.{bucket.Region}.{suffix}"),
            ("DualStackDomainName", $"{bucket.Name}.s3.dualstack.{bucket.Region}.{suffix}"),
            ("WebsiteURL", $"http://{bucket.Name}.s3-website-{bucket.Region}.{suffix}")
        );
    }
}

/// <summary>AWS::S3::BucketPolicy.</summary>
internal sealed class BucketPolicyResource(Buckets buckets) : IResource
{
    public string Type => "AWS::S3::BucketPolicy";

    public ResourceActions? Actions => new("s3:PutBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["Bucket"] = new(UpdateType.Replacement, Required: true),
            ["PolicyDocument"] = new(Required: true),
        };

    public IReadOnlyCollection<string> Attributes { get; } = [];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => S3Templates.Default.BucketPolicyProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, S3Templates.Default.BucketPolicyProperties);
        var bucket = buckets.Find(wanted.Bucket!, request.Caller);
        var text =
            wanted.PolicyDocument.ValueKind == JsonValueKind.String
                ? wanted.PolicyDocument.GetString()!
                : wanted.PolicyDocument.GetRawText();
        await buckets.Change(bucket, current => current with { Policy = BucketPolicies.Checked(current, text) }).ConfigureAwait(false);
        return ResourceState.Of(bucket.Name);
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) => Create(request, cancellation);

    public async Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        if (buckets.Get(request.PhysicalId ?? "") is { } bucket && bucket.Account == request.Caller.Account)
        {
            await buckets.Change(bucket, current => current with { Policy = null }).ConfigureAwait(false);
        }
    }
}
