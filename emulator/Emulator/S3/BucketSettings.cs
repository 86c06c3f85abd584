using System.Xml.Linq;
using Disa.Emulator.Aws;

namespace Disa.Emulator.S3;

/// <summary>The settings of a bucket that are one document each: what S3's schema says of them, what else it checks, and what it answers without them.</summary>
/// <remarks>The errors are as recorded on AWS in localstack's tests/aws/services/s3.</remarks>
internal static class BucketSettings
{
    private const string Redirect = "Redirect(HostName?,HttpRedirectCode?,Protocol?,ReplaceKeyPrefixWith?,ReplaceKeyWith?)";

    public static readonly BucketConfigurations Cors = new(
        "cors",
        "CORSConfiguration(CORSRule(ID?,AllowedHeader*,AllowedMethod+,AllowedOrigin+,ExposeHeader*,MaxAgeSeconds?=#)+)",
        bucket => throw Missing(bucket, "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
        CheckCors
    );

    public static readonly BucketConfigurations Website = new(
        "website",
        "WebsiteConfiguration(RedirectAllRequestsTo(HostName,Protocol?)?,IndexDocument(Suffix)?,ErrorDocument(Key)?,"
            + $"RoutingRules(RoutingRule(Condition(HttpErrorCodeReturnedEquals?,KeyPrefixEquals?)?,{Redirect})+)?)",
        bucket => throw Missing(bucket, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
        CheckWebsite
    );

    public static readonly BucketConfigurations Acceleration = new(
        "accelerate",
        "AccelerateConfiguration(Status=Enabled|Suspended)",
        _ => S3Xml.Element("AccelerateConfiguration"),
        (_, bucket, _) =>
        {
            if (bucket.Name.Contains('.', StringComparison.Ordinal))
            {
                throw new AwsException(
                    "InvalidRequest",
                    "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names"
                );
            }
        }
    );

    public static readonly BucketConfigurations RequestPayment = new(
        "requestPayment",
        "RequestPaymentConfiguration(Payer=Requester|BucketOwner)",
        _ => S3Xml.Element("RequestPaymentConfiguration", S3Xml.Element("Payer", "BucketOwner"))
    );

    public static readonly BucketConfigurations Logging = new(
        "logging",
        "BucketLoggingStatus(LoggingEnabled(TargetBucket,TargetPrefix,TargetGrants?,"
            + "TargetObjectKeyFormat(SimplePrefix?,PartitionedPrefix(PartitionDateSource?=EventTime|DeliveryTime)?)?)?)",
        _ => S3Xml.Element("BucketLoggingStatus"),
        CheckLogging
    );

    public static readonly ListedConfigurations Analytics = new(
        "analytics",
        "AnalyticsConfiguration(Id,Filter(Prefix?,Tag(Key,Value)?,And(Prefix?,Tag(Key,Value)*)?)?,"
            + "StorageClassAnalysis(DataExport(OutputSchemaVersion=V_1,"
            + "Destination(S3BucketDestination(Format=CSV,BucketAccountId?,Bucket,Prefix?)))?))",
        "ListBucketAnalyticsConfigurationResult"
    );

    public static readonly ListedConfigurations Inventory = new(
        "inventory",
        "InventoryConfiguration(Id,IsEnabled=!,Destination(S3BucketDestination(AccountId?,Bucket,Format=CSV|ORC|Parquet,Prefix?,"
            + "Encryption(SSE-S3?,SSE-KMS(KeyId)?)?)),Filter(Prefix)?,IncludedObjectVersions=All|Current,OptionalFields(Field*)?,"
            + "Schedule(Frequency=Daily|Weekly))",
        "ListInventoryConfigurationsResult",
        CheckInventory
    );

    public static readonly ListedConfigurations Metrics = new(
        "metrics",
        "MetricsConfiguration(Id,Filter(Prefix?,Tag(Key,Value)?,AccessPointArn?,And(Prefix?,Tag(Key,Value)*,AccessPointArn?)?)?)",
        "ListMetricsConfigurationsResult"
    );

    public static readonly ListedConfigurations Tiering = new(
        "intelligent-tiering",
        "IntelligentTieringConfiguration(Id,Filter(Prefix?,Tag(Key,Value)?,And(Prefix?,Tag(Key,Value)*)?)?,Status=Enabled|Disabled,"
            + "Tiering(AccessTier=ARCHIVE_ACCESS|DEEP_ARCHIVE_ACCESS,Days=#)+)",
        "ListIntelligentTieringConfigurationsResult"
    );

    private static AwsException Missing(Bucket bucket, string code, string message) =>
        S3Errors.With(code, message, 404, ("BucketName", bucket.Name));

    private static void CheckCors(S3Request request, Bucket bucket, XElement document)
    {
        foreach (var method in document.Children("CORSRule").SelectMany(rule => rule.Children("AllowedMethod")))
        {
            if (method.Value is not ("GET" or "PUT" or "HEAD" or "POST" or "DELETE"))
            {
                throw new AwsException(
                    "InvalidRequest",
                    $"Found unsupported HTTP method in CORS config. Unsupported method is {method.Value}"
                );
            }
        }
    }

    private static void CheckWebsite(S3Request request, Bucket bucket, XElement document)
    {
        var index = document.Child("IndexDocument");
        var rules = document.Child("RoutingRules")?.Children("RoutingRule").ToList();
        if (document.Child("RedirectAllRequestsTo") is { } all)
        {
            if (index is not null || rules is not null || document.Child("ErrorDocument") is not null)
            {
                throw S3Errors.Argument(
                    "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.",
                    "RedirectAllRequestsTo",
                    "not null"
                );
            }

            CheckProtocol(all);
        }
        else if (index is null)
        {
            throw S3Errors.Argument(
                "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
                "IndexDocument",
                "null"
            );
        }
        else if (index.Text("Suffix") is null or "" || index.Text("Suffix")!.Contains('/', StringComparison.Ordinal))
        {
            throw S3Errors.Argument("The IndexDocument Suffix is not well formed", "IndexDocument", index.Text("Suffix") ?? "");
        }

        foreach (var rule in rules ?? [])
        {
            if (rule.Child("Redirect") is not { } redirect)
            {
                throw S3Errors.Malformed();
            }

            CheckProtocol(redirect);
            if (redirect.Child("ReplaceKeyPrefixWith") is not null && redirect.Child("ReplaceKeyWith") is not null)
            {
                throw new AwsException("InvalidRequest", "You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
            }

            if (rule.Child("Condition") is { HasElements: false })
            {
                throw new AwsException(
                    "InvalidRequest",
                    "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present."
                );
            }
        }
    }

    private static void CheckProtocol(XElement redirect)
    {
        if (redirect.Text("Protocol") is not (null or "http" or "https"))
        {
            throw new AwsException(
                "InvalidRequest",
                "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically."
            );
        }
    }

    private static void CheckLogging(S3Request request, Bucket bucket, XElement document)
    {
        if (document.Child("LoggingEnabled") is not { } logging)
        {
            return;
        }

        var target = logging.Text("TargetBucket") ?? throw S3Errors.Malformed();
        if (request.Buckets.Get(target) is not { } found || found.Account != bucket.Account)
        {
            throw S3Errors.With(
                "InvalidTargetBucketForLogging",
                "The target bucket for logging does not exist",
                400,
                ("TargetBucket", target)
            );
        }

        if (found.Region != bucket.Region)
        {
            throw bucket.Region == "us-east-1"
                ? S3Errors.With(
                    "CrossLocationLoggingProhibitted",
                    "Cross S3 location logging not allowed. ",
                    403,
                    ("TargetBucketLocation", found.Region)
                )
                : S3Errors.With(
                    "CrossLocationLoggingProhibitted",
                    "Cross S3 location logging not allowed. ",
                    403,
                    ("SourceBucketLocation", bucket.Region),
                    ("TargetBucketLocation", found.Region)
                );
        }
    }

    private static void CheckInventory(XElement document)
    {
        var destination = document.Child("Destination")!.Child("S3BucketDestination")!;
        if (!destination.Text("Bucket")!.StartsWith("arn:", StringComparison.Ordinal))
        {
            throw new AwsException("InvalidS3DestinationBucket", "Invalid bucket ARN.");
        }
    }
}
