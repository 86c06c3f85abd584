namespace Disa.Emulator.DynamoDb;

/// <summary>An export as answers show it.</summary>
internal sealed record ExportDescription
{
    public required string ExportArn { get; init; }

    public required string ExportStatus { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    public string? ExportManifest { get; init; }

    public required string TableArn { get; init; }

    public required string TableId { get; init; }

    public required DateTimeOffset ExportTime { get; init; }

    public string? ClientToken { get; init; }

    public required string S3Bucket { get; init; }

    public string? S3BucketOwner { get; init; }

    public string? S3Prefix { get; init; }

    public required string S3SseAlgorithm { get; init; }

    public string? S3SseKmsKeyId { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureMessage { get; init; }

    public required string ExportFormat { get; init; }

    public long? BilledSizeBytes { get; init; }

    public long? ItemCount { get; init; }

    public required string ExportType { get; init; }

    public static ExportDescription Of(ExportDocument export) =>
        new()
        {
            ExportArn = export.Arn,
            ExportStatus = export.Status,
            StartTime = export.Started,
            EndTime = export.Ended,
            ExportManifest = export.Manifest,
            TableArn = export.Table.Arn,
            TableId = export.Table.Id,
            ExportTime = export.Request.ExportTime ?? export.Started,
            ClientToken = export.Request.ClientToken,
            S3Bucket = export.Request.S3Bucket!,
            S3BucketOwner = export.Request.S3BucketOwner,
            S3Prefix = export.Request.S3Prefix,
            S3SseAlgorithm = export.Request.S3SseAlgorithm ?? "AES256",
            S3SseKmsKeyId = export.Request.S3SseKmsKeyId,
            FailureCode = export.FailureCode,
            FailureMessage = export.FailureMessage,
            ExportFormat = "DYNAMODB_JSON",
            BilledSizeBytes = export.Size,
            ItemCount = export.ItemCount,
            ExportType = "FULL_EXPORT",
        };
}
