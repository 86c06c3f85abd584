using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeContinuousBackupsRequest(string? TableName);

internal sealed record UpdateContinuousBackupsRequest(
    string? TableName,
    PointInTimeRecoverySpecification? PointInTimeRecoverySpecification
);

internal sealed record PointInTimeRecoverySpecification(bool? PointInTimeRecoveryEnabled, int? RecoveryPeriodInDays);

internal sealed record ContinuousBackupsResponse(ContinuousBackupsDescription ContinuousBackupsDescription);

internal sealed record ContinuousBackupsDescription(
    string ContinuousBackupsStatus,
    PointInTimeRecoveryDescription PointInTimeRecoveryDescription
);

internal sealed record PointInTimeRecoveryDescription(
    string PointInTimeRecoveryStatus,
    int? RecoveryPeriodInDays = null,
    DateTimeOffset? EarliestRestorableDateTime = null,
    DateTimeOffset? LatestRestorableDateTime = null
);

/// <summary>
/// DescribeContinuousBackups and UpdateContinuousBackups: the setting is kept and shown, and a table that goes leaves a backup; restoring
/// to a point in time is not done here.
/// </summary>
internal sealed class ContinuousBackups(Database database, Clock clock, Tables tables)
{
    public ContinuousBackupsResponse Describe(DescribeContinuousBackupsRequest request, Caller caller)
    {
        new Checks().Table(request.TableName).Throw();
        var name = Tables.NameOf(request.TableName!);
        return Show(tables.Shelf.Get(caller.Scope, name) ?? throw CreateBackup.TableNotFound(name));
    }

    public async Task<ContinuousBackupsResponse> Update(
        UpdateContinuousBackupsRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var specification = request.PointInTimeRecoverySpecification;
        new Checks()
            .Table(request.TableName)
            .NotNull("pointInTimeRecoverySpecification", specification)
            .NotNull(
                "pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled",
                specification is null ? "" : specification.PointInTimeRecoveryEnabled
            )
            .AtLeast("pointInTimeRecoverySpecification.recoveryPeriodInDays", specification?.RecoveryPeriodInDays, 1)
            .AtMost("pointInTimeRecoverySpecification.recoveryPeriodInDays", specification?.RecoveryPeriodInDays, 35)
            .Throw();
        var name = Tables.NameOf(request.TableName!);
        return Show(
            await database
                .Write(transaction =>
                {
                    var table = tables.Look(transaction, caller.Scope, name, looked: false) ?? throw CreateBackup.TableNotFound(name);
                    var changed = Set(table, specification!);
                    tables.Shelf.Put(transaction, caller.Scope, name, changed);
                    return changed;
                })
                .ConfigureAwait(false)
        );
    }

    public TableDocument Set(TableDocument table, PointInTimeRecoverySpecification specification) =>
        table with
        {
            RecoverableSince = specification.PointInTimeRecoveryEnabled == true ? table.RecoverableSince ?? clock.GetUtcNow() : null,
            RecoveryDays = specification.RecoveryPeriodInDays ?? 35,
        };

    private ContinuousBackupsResponse Show(TableDocument table)
    {
        if (table.RecoverableSince is not { } since)
        {
            return new(new("ENABLED", new("DISABLED")));
        }

        // What was written in the last five minutes cannot be restored yet.
        var latest = clock.GetUtcNow() - TimeSpan.FromMinutes(5);
        var earliest = latest - TimeSpan.FromDays(table.RecoveryDays);
        return new(
            new("ENABLED", new("ENABLED", table.RecoveryDays, since > earliest ? since : earliest, latest > since ? latest : since))
        );
    }
}
