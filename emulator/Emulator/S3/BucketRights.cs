using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>The rights that S3's operations need, on the bucket or the object, as the bucket's policy says.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html</remarks>
internal sealed class BucketRights(Buckets buckets)
{
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal)
    {
        ["HeadBucket"] = "ListBucket",
        ["ListObjects"] = "ListBucket",
        ["ListObjectsV2"] = "ListBucket",
        ["ListObjectVersions"] = "ListBucketVersions",
        ["ListMultipartUploads"] = "ListBucketMultipartUploads",
        ["GetBucketEncryption"] = "GetEncryptionConfiguration",
        ["PutBucketEncryption"] = "PutEncryptionConfiguration",
        ["DeleteBucketEncryption"] = "PutEncryptionConfiguration",
        ["GetPublicAccessBlock"] = "GetBucketPublicAccessBlock",
        ["PutPublicAccessBlock"] = "PutBucketPublicAccessBlock",
        ["DeletePublicAccessBlock"] = "PutBucketPublicAccessBlock",
        ["DeleteBucketOwnershipControls"] = "PutBucketOwnershipControls",
        ["DeleteBucketTagging"] = "PutBucketTagging",
        ["GetBucketLifecycleConfiguration"] = "GetLifecycleConfiguration",
        ["PutBucketLifecycleConfiguration"] = "PutLifecycleConfiguration",
        ["DeleteBucketLifecycle"] = "PutLifecycleConfiguration",
        ["HeadObject"] = "GetObject",
        ["CreateMultipartUpload"] = "PutObject",
        ["PostObject"] = "PutObject",
        ["UploadPart"] = "PutObject",
        ["UploadPartCopy"] = "PutObject",
        ["CompleteMultipartUpload"] = "PutObject",
        ["CopyObject"] = "PutObject",
        ["ListParts"] = "ListMultipartUploadParts",
        ["DeleteObjects"] = "DeleteObject",
        ["DeleteBucketCors"] = "PutBucketCors",
        ["GetBucketNotificationConfiguration"] = "GetBucketNotification",
        ["PutBucketNotificationConfiguration"] = "PutBucketNotification",
        ["GetBucketReplication"] = "GetReplicationConfiguration",
        ["GetBucketAccelerateConfiguration"] = "GetAccelerateConfiguration",
        ["PutBucketAccelerateConfiguration"] = "PutAccelerateConfiguration",
        ["GetObjectLockConfiguration"] = "GetBucketObjectLockConfiguration",
        ["PutObjectLockConfiguration"] = "PutBucketObjectLockConfiguration",
        ["GetBucketAnalyticsConfiguration"] = "GetAnalyticsConfiguration",
        ["ListBucketAnalyticsConfigurations"] = "GetAnalyticsConfiguration",
        ["PutBucketAnalyticsConfiguration"] = "PutAnalyticsConfiguration",
        ["DeleteBucketAnalyticsConfiguration"] = "PutAnalyticsConfiguration",
        ["GetBucketInventoryConfiguration"] = "GetInventoryConfiguration",
        ["ListBucketInventoryConfigurations"] = "GetInventoryConfiguration",
        ["PutBucketInventoryConfiguration"] = "PutInventoryConfiguration",
        ["DeleteBucketInventoryConfiguration"] = "PutInventoryConfiguration",
        ["GetBucketMetricsConfiguration"] = "GetMetricsConfiguration",
        ["ListBucketMetricsConfigurations"] = "GetMetricsConfiguration",
        ["PutBucketMetricsConfiguration"] = "PutMetricsConfiguration",
        ["DeleteBucketMetricsConfiguration"] = "PutMetricsConfiguration",
        ["GetBucketIntelligentTieringConfiguration"] = "GetIntelligentTieringConfiguration",
        ["ListBucketIntelligentTieringConfigurations"] = "GetIntelligentTieringConfiguration",
        ["PutBucketIntelligentTieringConfiguration"] = "PutIntelligentTieringConfiguration",
        ["DeleteBucketIntelligentTieringConfiguration"] = "PutIntelligentTieringConfiguration",
    };

    /// <summary>What headers of a request ask for beside its operation: in a header's name, the right that it takes.</summary>
    private static readonly (string Header, string OfObject, string? OfBucket)[] OfHeaders =
    [
        ("x-amz-tagging", "PutObjectTagging", null),
        ("x-amz-acl", "PutObjectAcl", "PutBucketAcl"),
        ("x-amz-grant-full-control", "PutObjectAcl", "PutBucketAcl"),
        ("x-amz-grant-read", "PutObjectAcl", "PutBucketAcl"),
        ("x-amz-grant-read-acp", "PutObjectAcl", "PutBucketAcl"),
        ("x-amz-grant-write", "PutObjectAcl", "PutBucketAcl"),
        ("x-amz-grant-write-acp", "PutObjectAcl", "PutBucketAcl"),
        ("x-amz-object-lock-mode", "PutObjectRetention", null),
        ("x-amz-object-lock-retain-until-date", "PutObjectRetention", null),
        ("x-amz-object-lock-legal-hold", "PutObjectLegalHold", null),
        ("x-amz-object-ownership", "", "PutBucketOwnershipControls"),
        ("x-amz-bucket-object-lock-enabled", "", "PutBucketObjectLockConfiguration"),
        ("x-amz-bucket-object-lock-enabled", "", "PutBucketVersioning"),
    ];

    /// <summary>Those that have an action of their own where the request names a version.</summary>
    private static readonly string[] Versioned =
    [
        "GetObject",
        "DeleteObject",
        "GetObjectTagging",
        "PutObjectTagging",
        "DeleteObjectTagging",
        "GetObjectAcl",
        "PutObjectAcl",
        "GetObjectAttributes",
    ];

    public IReadOnlyList<Access> Of(string operation, object request, Caller caller)
    {
        var call = (RestCall)request;
        if (call.Bucket is null)
        {
            return [new("s3:ListAllMyBuckets", "*") { Denied = Denied }];
        }

        var needed = new List<Access>();
        if (call.Headers.GetValueOrDefault("x-amz-bypass-governance-retention") == "true")
        {
            needed.Add(On("s3:BypassGovernanceRetention", call.Bucket, call.Key ?? "*"));
        }

        if (operation == "DeleteObjects")
        {
            // AWS answers for each key by itself; here one that may not be deleted refuses all.
            return [On("s3:DeleteObject", call.Bucket, "*"), .. needed];
        }

        var name = OtherNames.GetValueOrDefault(operation, operation);
        var versioned = call.Query.ContainsKey("versionId") || call.Members?.ContainsKey("VersionId") == true;
        needed.Insert(
            0,
            On(
                "s3:" + (versioned && Versioned.Contains(name) ? name.Replace("Object", "ObjectVersion", StringComparison.Ordinal) : name),
                call.Bucket,
                call.Key
            )
        );
        if (operation == "GetObjectAttributes")
        {
            needed.Add(On(versioned ? "s3:GetObjectVersion" : "s3:GetObject", call.Bucket, call.Key));
        }

        foreach (var (header, ofObject, ofBucket) in OfHeaders)
        {
            if (Has(call, header) && (call.Key is null ? ofBucket : ofObject) is { Length: > 0 } right)
            {
                needed.Add(On("s3:" + right, call.Bucket, call.Key));
            }
        }

        if (operation is "CopyObject" or "UploadPartCopy" && Source(call) is [var bucket, var key])
        {
            needed.Add(On("s3:GetObject", bucket, key));
        }

        if (operation is "GetObject" or "HeadObject" && !versioned && IsMissing(call))
        {
            // Who may not list the bucket is not told that the object is missing.
            needed.Add(On("s3:ListBucket", call.Bucket, null));
        }

        return needed;
    }

    public Access On(string action, string bucket, string? key)
    {
        var found = buckets.Get(bucket);
        return new(action, $"arn:aws:s3:::{bucket}{(key is null ? "" : "/" + key)}")
        {
            Account = found?.Account,
            Policy = found?.Policy,
            Denied = Denied,
        };
    }

    /// <summary>By a header, or by a form's field, whose name may be shorter.</summary>
    private static bool Has(RestCall call, string header) =>
        call.Headers.ContainsKey(header)
        || call.Form?.Fields.Any(field =>
            field.Name.Equals(header, StringComparison.OrdinalIgnoreCase)
            || header.Equals("x-amz-" + field.Name, StringComparison.OrdinalIgnoreCase)
        ) == true;

    private static AwsException Denied(string message) => new("AccessDenied", message, 403);

    private static string[] Source(RestCall call)
    {
        var text =
            call.Headers.GetValueOrDefault("x-amz-copy-source")
            ?? (call.Members?.TryGetValue("CopySource", out var member) == true ? member.GetString() : null)
            ?? "";
        return Uri.UnescapeDataString(text.Split('?')[0]).TrimStart('/').Split('/', 2);
    }

    private bool IsMissing(RestCall call) =>
        buckets.Get(call.Bucket!) is { } bucket
        && buckets.Database.Read(transaction => Versions.Latest(transaction, bucket.Name, call.Key!)) is null or { IsMarker: true };
}
