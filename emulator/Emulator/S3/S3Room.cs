using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.S3;

/// <summary>Amazon S3: buckets of versioned objects, encrypted at rest.</summary>
public sealed class S3Room : Room
{
    private readonly Buckets buckets;
    private readonly BucketRights rights;
    private readonly Worker lifecycle;

    internal S3Room(Database database, Clock clock, DataKeys keys, Tokens tokens, NotificationTargets targets, ILoggerFactory loggers)
    {
        buckets = new Buckets(database, clock, keys, tokens);
        Objects = new Objects(buckets);
        lifecycle = new Worker(
            "s3 lifecycle",
            clock,
            loggers.CreateLogger("Disa.S3"),
            new LifecycleWorker(buckets, Bodies.Newest(database)).Step
        );
        buckets.Notifications = new Notifications(buckets, targets, loggers.CreateLogger("Disa.S3"));
        buckets.LifecycleChanged = lifecycle.Signal;
        rights = new BucketRights(buckets);
        Services =
        [
            new AwsService("s3", Operations())
            {
                SdkName = "s3",
                SdkErrorPrefix = "S3",
                Protocols = Protocols.RestXml,
                Rights = rights.Of,
                Undone = UndoneOperations.All,
                Unsigned = Unsigned,
            },
        ];
        Resources = [new BucketResource(buckets), new BucketPolicyResource(buckets)];
    }

    public static IEnumerable<Migration> Migrations => Versions.Migrations;

    /// <summary>For the rooms that read packages, templates and definitions.</summary>
    public Objects Objects { get; }

    public override IEnumerable<AwsService> Services { get; }

    public override IEnumerable<IResource> Resources { get; }

    internal override Access? Existing(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "s3" } bucket ? rights.On("", bucket.Resource, null) : null;

    public override void Start()
    {
        lifecycle.Start();
        buckets.Notifications.Start();
    }

    public override void Reset(Transaction transaction, string account) => buckets.Reset(transaction, account);

    public override async ValueTask DisposeAsync()
    {
        await buckets.Notifications.DisposeAsync().ConfigureAwait(false);
        await lifecycle.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Who may read nothing is still told that there is no such bucket.</summary>
    private AwsException Unsigned(object call) =>
        ((RestCall)call).Bucket is { } bucket && buckets.Get(bucket) is null ? S3Errors.NoBucket(bucket) : S3Errors.Denied();

    private IEnumerable<Operation> Operations()
    {
        const string bucket = "/{Bucket}";
        const string place = "/{Bucket}/{Key+}";
        const string bypass = "x-amz-bypass-governance-retention=BypassGovernanceRetention";
        string[] version = ["versionId=VersionId"];
        string[] listing = ["prefix=Prefix", "delimiter=Delimiter", "max-keys=MaxKeys", "encoding-type=EncodingType"];
        return
        [
            Of(
                "ListBuckets",
                "GET /",
                ListBuckets.Run,
                ["max-buckets=MaxBuckets", "continuation-token=ContinuationToken", "prefix=Prefix", "bucket-region=BucketRegion"]
            ),
            Of(
                "CreateBucket",
                "PUT " + bucket,
                CreateBucket.Run,
                headers:
                [
                    .. Acls.Headers,
                    "x-amz-object-ownership=ObjectOwnership",
                    "x-amz-bucket-object-lock-enabled=ObjectLockEnabledForBucket",
                ]
            ),
            Of("HeadBucket", "HEAD " + bucket, HeadBucket.Run),
            Of("DeleteBucket", "DELETE " + bucket, DeleteBucket.Run),
            Of("GetBucketLocation", $"GET {bucket}?location", GetBucketLocation.Run),
            Of("GetBucketAcl", $"GET {bucket}?acl", Acls.GetBucket),
            Of("PutBucketAcl", $"PUT {bucket}?acl", Acls.PutBucket, headers: Acls.Headers),
            Of("GetBucketVersioning", $"GET {bucket}?versioning", BucketVersioning.Get),
            Of("PutBucketVersioning", $"PUT {bucket}?versioning", BucketVersioning.Put),
            Of("GetBucketEncryption", $"GET {bucket}?encryption", BucketEncryptions.Get),
            Of("PutBucketEncryption", $"PUT {bucket}?encryption", BucketEncryptions.Put),
            Of("DeleteBucketEncryption", $"DELETE {bucket}?encryption", BucketEncryptions.Delete),
            Of("GetBucketPolicy", $"GET {bucket}?policy", BucketPolicies.Get),
            Of("PutBucketPolicy", $"PUT {bucket}?policy", BucketPolicies.Put),
            Of("DeleteBucketPolicy", $"DELETE {bucket}?policy", BucketPolicies.Delete),
            Of("GetPublicAccessBlock", $"GET {bucket}?publicAccessBlock", PublicAccess.GetBlock),
            Of("PutPublicAccessBlock", $"PUT {bucket}?publicAccessBlock", PublicAccess.PutBlock),
            Of("DeletePublicAccessBlock", $"DELETE {bucket}?publicAccessBlock", PublicAccess.DeleteBlock),
            Of("GetBucketOwnershipControls", $"GET {bucket}?ownershipControls", PublicAccess.GetOwnership),
            Of("PutBucketOwnershipControls", $"PUT {bucket}?ownershipControls", PublicAccess.PutOwnership),
            Of("DeleteBucketOwnershipControls", $"DELETE {bucket}?ownershipControls", PublicAccess.DeleteOwnership),
            Of("GetBucketTagging", $"GET {bucket}?tagging", Tagging.GetBucket),
            Of("PutBucketTagging", $"PUT {bucket}?tagging", Tagging.PutBucket),
            Of("DeleteBucketTagging", $"DELETE {bucket}?tagging", Tagging.DeleteBucket),
            Of("GetBucketLifecycleConfiguration", $"GET {bucket}?lifecycle", BucketLifecycle.Get),
            Of("PutBucketLifecycleConfiguration", $"PUT {bucket}?lifecycle", BucketLifecycle.Put, headers: BucketLifecycle.Headers),
            Of("DeleteBucketLifecycle", $"DELETE {bucket}?lifecycle", BucketLifecycle.Delete),
            Of("GetBucketPolicyStatus", $"GET {bucket}?policyStatus", BucketPolicies.Status),
            Of("GetBucketReplication", $"GET {bucket}?replication", GetBucketReplication.Run),
            Of("GetBucketNotificationConfiguration", $"GET {bucket}?notification", NotificationSettings.Document.Get),
            Of(
                "PutBucketNotificationConfiguration",
                $"PUT {bucket}?notification",
                PutBucketNotificationConfiguration.Run,
                headers: ["x-amz-skip-destination-validation=SkipDestinationValidation"]
            ),
            Of("GetObjectLockConfiguration", $"GET {bucket}?object-lock", ObjectLocks.GetConfiguration),
            Of("PutObjectLockConfiguration", $"PUT {bucket}?object-lock", ObjectLocks.PutConfiguration),
            Of("GetBucketCors", $"GET {bucket}?cors", BucketSettings.Cors.Get),
            Of("PutBucketCors", $"PUT {bucket}?cors", BucketSettings.Cors.Put),
            Of("DeleteBucketCors", $"DELETE {bucket}?cors", BucketSettings.Cors.Delete),
            Of("GetBucketWebsite", $"GET {bucket}?website", BucketSettings.Website.Get),
            Of("PutBucketWebsite", $"PUT {bucket}?website", BucketSettings.Website.Put),
            Of("DeleteBucketWebsite", $"DELETE {bucket}?website", BucketSettings.Website.Delete),
            Of("GetBucketAccelerateConfiguration", $"GET {bucket}?accelerate", BucketSettings.Acceleration.Get),
            Of("PutBucketAccelerateConfiguration", $"PUT {bucket}?accelerate", BucketSettings.Acceleration.Put),
            Of("GetBucketRequestPayment", $"GET {bucket}?requestPayment", BucketSettings.RequestPayment.Get),
            Of("PutBucketRequestPayment", $"PUT {bucket}?requestPayment", BucketSettings.RequestPayment.Put),
            Of("GetBucketLogging", $"GET {bucket}?logging", BucketSettings.Logging.Get),
            Of("PutBucketLogging", $"PUT {bucket}?logging", BucketSettings.Logging.Put),
            .. Listed("Analytics", "analytics", BucketSettings.Analytics),
            .. Listed("Inventory", "inventory", BucketSettings.Inventory),
            .. Listed("Metrics", "metrics", BucketSettings.Metrics),
            .. Listed("IntelligentTiering", "intelligent-tiering", BucketSettings.Tiering),
            Of("ListObjects", "GET " + bucket, ListObjects.Run, [.. listing, "marker=Marker"]),
            Of(
                "ListObjectsV2",
                $"GET {bucket}?list-type",
                ListObjectsV2.Run,
                [.. listing, "continuation-token=ContinuationToken", "start-after=StartAfter", "fetch-owner=FetchOwner"]
            ),
            Of(
                "ListObjectVersions",
                $"GET {bucket}?versions",
                ListObjectVersions.Run,
                [.. listing, "key-marker=KeyMarker", "version-id-marker=VersionIdMarker"]
            ),
            Of(
                "ListMultipartUploads",
                $"GET {bucket}?uploads",
                ListMultipartUploads.Run,
                [
                    "prefix=Prefix",
                    "key-marker=KeyMarker",
                    "upload-id-marker=UploadIdMarker",
                    "max-uploads=MaxUploads",
                    "encoding-type=EncodingType",
                ]
            ),
            Of("DeleteObjects", $"POST {bucket}?delete", DeleteObjects.Run, headers: [bypass]),
            // What is missing in an unsigned form is told by its name.
            new S3Operation(buckets, "PostObject", "POST " + bucket, PostObject.Run, anonymous: true),
            // Of objects and of buckets alike: the wire takes every OPTIONS here.
            new S3Operation(buckets, PreflightRequest.Name, "OPTIONS " + bucket, PreflightRequest.Run, anonymous: true),
            Of("PutObject", "PUT " + place, PutObject.Run, headers: WrittenObject.Headers),
            Of(
                "CopyObject",
                $"PUT {place}?@x-amz-copy-source",
                CopyObject.Run,
                headers: [.. CopyObject.Headers, "x-amz-copy-source=CopySource"]
            ),
            Of("GetObject", "GET " + place, GetObject.Run, GetObject.Query, GetObject.Headers),
            Of("HeadObject", "HEAD " + place, HeadObject.Run, GetObject.Query, GetObject.Headers),
            Of(
                "GetObjectAttributes",
                $"GET {place}?attributes",
                GetObjectAttributes.Run,
                version,
                ["x-amz-object-attributes=ObjectAttributes", "x-amz-max-parts=MaxParts", "x-amz-part-number-marker=PartNumberMarker"]
            ),
            Of("GetObjectAcl", $"GET {place}?acl", Acls.OfObject, version),
            Of("PutObjectAcl", $"PUT {place}?acl", Acls.PutObject, version, Acls.Headers),
            Of("RestoreObject", $"POST {place}?restore", RestoreObject.Run, version),
            Of("GetObjectRetention", $"GET {place}?retention", ObjectLocks.GetRetention, version),
            Of("PutObjectRetention", $"PUT {place}?retention", ObjectLocks.PutRetention, version, [bypass]),
            Of("GetObjectLegalHold", $"GET {place}?legal-hold", ObjectLocks.GetLegalHold, version),
            Of("PutObjectLegalHold", $"PUT {place}?legal-hold", ObjectLocks.PutLegalHold, version),
            Of("DeleteObject", "DELETE " + place, DeleteObject.Run, version, ["If-Match=IfMatch", bypass]),
            Of("GetObjectTagging", $"GET {place}?tagging", Tagging.GetObjects, version),
            Of("PutObjectTagging", $"PUT {place}?tagging", Tagging.PutObjects, version),
            Of("DeleteObjectTagging", $"DELETE {place}?tagging", Tagging.DeleteObjects, version),
            Of(
                "CreateMultipartUpload",
                $"POST {place}?uploads",
                CreateMultipartUpload.Run,
                headers: [.. WrittenObject.Headers, "x-amz-checksum-algorithm=ChecksumAlgorithm", "x-amz-checksum-type=ChecksumType"]
            ),
            Of("UploadPart", $"PUT {place}?partNumber&uploadId", UploadPart.Run, headers: ["Content-MD5=ContentMD5"]),
            Of(
                "UploadPartCopy",
                $"PUT {place}?partNumber&uploadId&@x-amz-copy-source",
                UploadPartCopy.Run,
                headers: [.. CopySource.Headers, "x-amz-copy-source-range=CopySourceRange"]
            ),
            Of(
                "CompleteMultipartUpload",
                $"POST {place}?uploadId",
                CompleteMultipartUpload.Run,
                headers: ["If-Match=IfMatch", "If-None-Match=IfNoneMatch", "x-amz-mp-object-size=MpuObjectSize"]
            ),
            Of("AbortMultipartUpload", $"DELETE {place}?uploadId", AbortMultipartUpload.Run),
            Of("ListParts", $"GET {place}?uploadId", ListParts.Run, ["max-parts=MaxParts", "part-number-marker=PartNumberMarker"]),
        ];
    }

    private IEnumerable<S3Operation> Listed(string name, string place, ListedConfigurations of) =>
        [
            Of($"ListBucket{name}Configurations", $"GET /{{Bucket}}?{place}", of.List, ["continuation-token=ContinuationToken"]),
            Of($"GetBucket{name}Configuration", $"GET /{{Bucket}}?{place}&id", of.Get),
            Of($"PutBucket{name}Configuration", $"PUT /{{Bucket}}?{place}", of.Put, ["id=Id"]),
            Of($"DeleteBucket{name}Configuration", $"DELETE /{{Bucket}}?{place}", of.Delete, ["id=Id"]),
        ];

    private S3Operation Of(
        string name,
        string route,
        Func<S3Request, Task<RestAnswer>> run,
        string[]? query = null,
        string[]? headers = null
    ) => new(buckets, name, route, run, query, headers);
}
