using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record RestoreTableFromBackupRequest : RestoreRequest
{
    public string? BackupArn { get; init; }
}

internal sealed record RestoreTableFromBackupResponse(TableDescription TableDescription);

/// <summary>Makes a new table of a backup.</summary>
internal sealed class RestoreTableFromBackup(Clock clock, BackupStore backups, TableRestore restore)
{
    public async Task<RestoreTableFromBackupResponse> Run(
        RestoreTableFromBackupRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        TableRestore.Check(new Checks().NotNull("backupArn", request.BackupArn).Length("backupArn", request.BackupArn, 37, 1024), request);
        var source = backups.Find(caller.Scope, request.BackupArn!);
        return new(
            await restore
                .Run(request, caller, source.Table, transaction => Find(transaction, caller.Scope, request.BackupArn!))
                .ConfigureAwait(false)
        );
    }

    private RestoreSource Find(Transaction transaction, Scope scope, string arn)
    {
        var backup = backups.Find(transaction, scope, arn);
        return backups.StatusOf(backup) == "CREATING"
            ? throw new AwsException("BackupInUseException", $"Backup is being created: {backup.Arn}")
            : new RestoreSource(
                backup.Table,
                new RestoreSummary(backup.Arn, backup.Table.Arn, clock.GetUtcNow(), false),
                (write, space) => TableRows.Copy(write, backup.Space, space)
            );
    }
}
