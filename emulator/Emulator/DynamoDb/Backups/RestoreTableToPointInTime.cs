using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record RestoreTableToPointInTimeRequest : RestoreRequest
{
    public string? SourceTableName { get; init; }

    public string? SourceTableArn { get; init; }

    public bool? UseLatestRestorableTime { get; init; }

    public DateTimeOffset? RestoreDateTime { get; init; }
}

internal sealed record RestoreTableToPointInTimeResponse(TableDescription TableDescription);

/// <summary>Makes a new table of what another was at a time: with that one's settings of now, and its items of then.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html</remarks>
internal sealed class RestoreTableToPointInTime(Tables tables, ContinuousBackups continuous, TableRestore restore)
{
    public async Task<RestoreTableToPointInTimeResponse> Run(
        RestoreTableToPointInTimeRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var checks = new Checks();
        if (request.SourceTableName is not null)
        {
            checks.Name("sourceTableName", request.SourceTableName).Length("sourceTableName", request.SourceTableName, 3, 255);
        }

        TableRestore.Check(checks.Length("sourceTableArn", request.SourceTableArn, 1, 1024), request);
        var name = SourceOf(request, caller);
        if ((request.UseLatestRestorableTime == true) == request.RestoreDateTime is not null)
        {
            throw Errors.Validation("Either RestoreDateTime or UseLatestRestorableTime must be specified, and not both");
        }

        var source = tables.Shelf.Get(caller.Scope, name) ?? throw CreateBackup.TableNotFound(name);
        return new(
            await restore.Run(request, caller, source, transaction => Find(transaction, caller.Scope, name, request)).ConfigureAwait(false)
        );
    }

    private RestoreSource Find(Transaction transaction, Scope scope, string name, RestoreTableToPointInTimeRequest request)
    {
        var source = tables.Look(transaction, scope, name, looked: false) ?? throw CreateBackup.TableNotFound(name);
        var (earliest, latest) =
            continuous.WindowOf(source)
            ?? throw new AwsException(
                "PointInTimeRecoveryUnavailableException",
                $"Point in time recovery is not enabled for table '{name}'"
            );
        var time = request.RestoreDateTime ?? latest;
        if (time < earliest || time > latest)
        {
            throw new AwsException(
                "InvalidRestoreTimeException",
                "An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime."
            );
        }

        return new RestoreSource(
            source,
            new RestoreSummary(null, source.Arn, time, false),
            (write, space) => ChangeLog.CopyAsOf(write, source, space, time)
        );
    }

    /// <summary>A name, or an ARN of this account and Region: an ARN of another Region, from which AWS restores too, is refused.</summary>
    private static string SourceOf(RestoreTableToPointInTimeRequest request, Caller caller)
    {
        if (request.SourceTableArn is not { } arn)
        {
            return request.SourceTableName ?? throw Errors.Validation("Either SourceTableName or SourceTableArn must be specified");
        }

        if (Arn.TryParse(arn) is not { Service: "dynamodb" } parsed || !parsed.Resource.StartsWith("table/", StringComparison.Ordinal))
        {
            throw Errors.Validation($"Invalid SourceTableArn: Invalid ResourceArn provided as input {arn}");
        }

        var name = Tables.NameOf(arn);
        return request.SourceTableName is { } given && given != name
                ? throw Errors.Validation("SourceTableName and SourceTableArn name different tables")
            : parsed.Account != caller.Account ? throw CreateBackup.TableNotFound(name)
            : parsed.Region != caller.Region
                ? throw AwsException.NotImplemented("a SourceTableArn of another Region in dynamodb:RestoreTableToPointInTime")
            : name;
    }
}
