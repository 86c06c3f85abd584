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
        ["UploadPart"] = "PutObject",
        ["UploadPartCopy"] = "PutObject",
        ["CompleteMultipartUpload"] = "PutObject",
        ["CopyObject"] = "PutObject",
        ["ListParts"] = "ListMultipartUploadParts",
        ["DeleteObjects"] = "DeleteObject",
    };

    /// <summary>Those that have an action of their own where the request names a version.</summary>
    private static readonly string[] Versioned =
    [
        "GetObject",
        "DeleteObject",
        "GetObjectTagging",
        "PutObjectTagging",
        "DeleteObjectTagging",
        "GetObjectAcl",
    ];

    public IReadOnlyList<Access> Of(string operation, object request, Caller caller)
    {
        var call = (RestCall)request;
        if (call.Bucket is null)
        {
            return [new("s3:ListAllMyBuckets", "*") { Denied = Denied }];
        }

        if (operation == "DeleteObjects")
        {
            // AWS answers for each key by itself; here one that may not be deleted refuses all.
            return [On("s3:DeleteObject", call.Bucket, "*")];
        }

        var name = OtherNames.GetValueOrDefault(operation, operation);
        var versioned = call.Query.ContainsKey("versionId") || call.Members?.ContainsKey("VersionId") == true;
        var needed = new List<Access>
        {
            On("s3:" + (versioned && Versioned.Contains(name) ? name + "Version" : name), call.Bucket, call.Key),
        };
        if (operation == "GetObjectAttributes")
        {
            needed.Add(On("s3:GetObject", call.Bucket, call.Key));
        }

        if (call.Headers.ContainsKey("x-amz-tagging"))
        {
            needed.Add(On("s3:PutObjectTagging", call.Bucket, call.Key));
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
