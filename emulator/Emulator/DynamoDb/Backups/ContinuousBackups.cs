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

/// <summary>DescribeContinuousBackups and UpdateContinuousBackups: while it is on, changes are kept, and a table that goes leaves a backup.</summary>
internal sealed class ContinuousBackups(Database database, Clock clock, Tables tables)
{
    /// <summary>"LatestRestorableDateTime is typically 5 minutes before the current time."</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(5);

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
                    var changed = Set(transaction, caller.Scope, table, specification!);
                    tables.Shelf.Put(transaction, caller.Scope, name, changed);
                    return changed;
                })
                .ConfigureAwait(false)
        );
    }

    public TableDocument Set(Transaction transaction, Scope scope, TableDocument table, PointInTimeRecoverySpecification specification)
    {
        var days = specification.RecoveryPeriodInDays ?? 35;
        if (specification.PointInTimeRecoveryEnabled == true)
        {
            return table with
            {
                // A longer period does not bring back what the shorter one gave up.
                RecoverableSince = WindowOf(table)?.Earliest ?? clock.GetUtcNow(),
                RecoveryDays = days,
                ChangeSpace = table.ChangeSpace ?? Tables.NewSpace(transaction, scope),
            };
        }

        if (table.ChangeSpace is { } space)
        {
            tables.Drop(transaction, space);
        }

        return table with
        {
            RecoverableSince = null,
            RecoveryDays = days,
            ChangeSpace = null,
        };
    }

    /// <summary>The times that a table can be restored to, in whole seconds as clients name them; null where recovery is off.</summary>
    public (DateTimeOffset Earliest, DateTimeOffset Latest)? WindowOf(TableDocument table)
    {
        if (table.RecoverableSince is not { } since)
        {
            return null;
        }

        // A version of the emulator that kept no changes may have switched it on.
        var now = clock.GetUtcNow();
        since = table.ChangeSpace is null ? now : since;
        var latest = DateTimeOffset.FromUnixTimeSeconds((now - Delay).ToUnixTimeSeconds());
        var earliest = latest - TimeSpan.FromDays(table.RecoveryDays);
        earliest =
            since > earliest ? DateTimeOffset.FromUnixTimeSeconds((since - TimeSpan.FromTicks(1)).ToUnixTimeSeconds() + 1) : earliest;
        return (earliest, latest > earliest ? latest : earliest);
    }

    /// <summary>Begins to keep the changes of tables for which a version of the emulator that kept none had recovery on.</summary>
    public void Adopt(Transaction transaction)
    {
        foreach (var (scope, name, _) in tables.Shelf.All().Where(one => Lacks(one.Value)).ToList())
        {
            if (tables.Shelf.Get(transaction, scope, name) is { } table && Lacks(table))
            {
                tables.Shelf.Put(
                    transaction,
                    scope,
                    name,
                    table with
                    {
                        RecoverableSince = clock.GetUtcNow(),
                        ChangeSpace = Tables.NewSpace(transaction, scope),
                    }
                );
            }
        }

        static bool Lacks(TableDocument table) => table is { RecoverableSince: not null, ChangeSpace: null, Status: not "DELETING" };
    }

    private ContinuousBackupsResponse Show(TableDocument table)
    {
        return WindowOf(table) is var (earliest, latest)
            ? new(new("ENABLED", new("ENABLED", table.RecoveryDays, earliest, latest)))
            : new(new("ENABLED", new("DISABLED")));
    }
}
