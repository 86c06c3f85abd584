using System.Collections.Frozen;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Usage;

/// <summary>Calls as AWS bills them where each call has its price: CloudWatch, KMS, S3, SQS, EventBridge, Secrets Manager.</summary>
/// <remarks>
/// https://aws.amazon.com/s3/pricing/ (PUT, COPY, POST and LIST are one price, GET and the rest another, DELETE is free),
/// https://aws.amazon.com/cloudwatch/pricing/ (GetMetricData is billed by the metrics asked for), https://aws.amazon.com/kms/pricing/,
/// https://aws.amazon.com/sqs/pricing/. What is billed by size or by effect is counted in its own room.
/// </remarks>
internal sealed class ApiUsage(UsageMeter meter)
{
    private static readonly FrozenSet<string> S3Writes = FrozenSet.Create(
        StringComparer.Ordinal,
        "PutObject",
        "CopyObject",
        "CreateMultipartUpload",
        "UploadPart",
        "UploadPartCopy",
        "CompleteMultipartUpload",
        "ListObjects",
        "ListObjectsV2",
        "ListObjectVersions",
        "ListMultipartUploads",
        "ListParts",
        "ListBuckets"
    );

    public void Call(AwsService service, Operation operation, Caller caller)
    {
        meter.Calls(caller.Arn);
        meter.Add(service.SdkName, operation.Name, "Calls");
        switch (service.SdkName)
        {
            case "s3" when operation.Name.StartsWith("Delete", StringComparison.Ordinal):
                break;
            case "s3":
                meter.Add(
                    "s3",
                    "",
                    S3Writes.Contains(operation.Name) || operation.Name.StartsWith("Put", StringComparison.Ordinal)
                        ? "PutRequests"
                        : "GetRequests"
                );
                break;
            case "cloudwatch" when operation.Name == "PutMetricData":
                meter.Add("cloudwatch", "", "PutMetricDataRequests");
                break;
            case "cloudwatch" when operation.Name != "GetMetricData":
                meter.Add("cloudwatch", "", "Requests");
                break;
            case "sqs":
                meter.Add("sqs", "", "Requests");
                break;
            case "kms":
                meter.Add("kms", "", "Requests");
                break;
            case "secretsmanager":
                meter.Add("secretsmanager", "", "Requests");
                break;
            case "eventbridge" when operation.Name == "PutEvents":
                meter.Add("events", "", "CustomEvents");
                break;
            default:
                break;
        }
    }
}
