using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record ExportTableToPointInTimeRequest(string? TableArn, string? S3Bucket)
{
    public string? ClientToken { get; init; }

    public string? ExportFormat { get; init; }

    public DateTimeOffset? ExportTime { get; init; }

    public string? ExportType { get; init; }

    public string? S3BucketOwner { get; init; }

    public string? S3Prefix { get; init; }

    public string? S3SseAlgorithm { get; init; }

    public string? S3SseKmsKeyId { get; init; }
}

internal sealed record ExportTableToPointInTimeResponse(ExportDescription ExportDescription);

/// <summary>Begins to write a table to S3 as it is now, or was at a time: the rows are copied at once, the objects written after the answer.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html</remarks>
internal sealed class ExportTableToPointInTime(
    Database database,
    Clock clock,
    Tables tables,
    ExportStore exports,
    ContinuousBackups continuous
)
{
    /// <summary>"A client token is valid for 8 hours after the first request that uses it is completed."</summary>
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(8);

    public async Task<ExportTableToPointInTimeResponse> Run(
        ExportTableToPointInTimeRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        Check(request);
        var name = Tables.NameOf(request.TableArn!);
        var export = await database
            .Write(transaction =>
            {
                var table = tables.Look(transaction, caller.Scope, name, looked: false) ?? throw CreateBackup.TableNotFound(name);
                if (Repeated(transaction, caller.Scope, request) is { } same)
                {
                    return same;
                }

                var (earliest, _) =
                    continuous.WindowOf(table)
                    ?? throw new AwsException(
                        "PointInTimeRecoveryUnavailableException",
                        $"Point in time recovery is not enabled for table '{name}'"
                    );
                if (request.ExportTime is { } time && (time < earliest || time > clock.GetUtcNow()))
                {
                    throw new AwsException(
                        "InvalidExportTimeException",
                        "The specified ExportTime is outside of the point in time recovery window."
                    );
                }

                return Begin(transaction, caller, table, request);
            })
            .ConfigureAwait(false);
        return new ExportTableToPointInTimeResponse(ExportDescription.Of(export));
    }

    private static void Check(ExportTableToPointInTimeRequest request)
    {
        new Checks()
            .NotNull("tableArn", request.TableArn)
            .NotNull("s3Bucket", request.S3Bucket)
            .Length("s3Bucket", request.S3Bucket, 0, 255)
            .Length("s3Prefix", request.S3Prefix, 0, 1024)
            .OneOf("exportFormat", request.ExportFormat, "DYNAMODB_JSON", "ION")
            .OneOf("exportType", request.ExportType, "FULL_EXPORT", "INCREMENTAL_EXPORT")
            .OneOf("s3SseAlgorithm", request.S3SseAlgorithm, "AES256", "KMS")
            .Throw();
        if (Arn.TryParse(request.TableArn) is not { Service: "dynamodb" })
        {
            throw Errors.Validation($"Invalid TableArn: Invalid ResourceArn provided as input {request.TableArn}");
        }

        if (request.ExportFormat == "ION" || request.ExportType == "INCREMENTAL_EXPORT")
        {
            throw AwsException.NotImplemented(
                $"{(request.ExportFormat == "ION" ? "ExportFormat ION" : "ExportType INCREMENTAL_EXPORT")} of dynamodb:ExportTableToPointInTime"
            );
        }
    }

    private ExportDocument? Repeated(Transaction transaction, Scope scope, ExportTableToPointInTimeRequest request)
    {
        if (
            request.ClientToken is not { } token
            || exports
                .Shelf.List(transaction, scope)
                .Values.FirstOrDefault(export =>
                    export.Request.ClientToken == token && clock.GetUtcNow() - (export.Ended ?? clock.GetUtcNow()) < TokenLife
                )
                is not { } known
        )
        {
            return null;
        }

        return known.Request == request
            ? known
            : throw new AwsException("ExportConflictException", "There was a conflict when writing to the specified S3 bucket.");
    }

    private ExportDocument Begin(Transaction transaction, Caller caller, TableDocument table, ExportTableToPointInTimeRequest request)
    {
        var now = clock.GetUtcNow();
        var space = Tables.NewSpace(transaction, caller.Scope);
        ChangeLog.CopyAsOf(transaction, table, space, request.ExportTime ?? now);
        var export = new ExportDocument
        {
            Arn = $"{table.Arn}/export/{now.ToUnixTimeMilliseconds():D14}-{Guid.NewGuid().ToString("N")[..8]}",
            Status = "IN_PROGRESS",
            Started = now,
            Request = request,
            Table = table,
            Space = space,
            CallerArn = caller.Arn,
            CallerId = caller.UserId,
            SessionPolicy = caller.SessionPolicy,
        };
        exports.Put(transaction, caller.Scope, export);
        transaction.AfterCommit(exports.Changed);
        return export;
    }
}
