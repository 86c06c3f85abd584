using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeBackupRequest(string? BackupArn);

internal sealed record DescribeBackupResponse(BackupDescription BackupDescription);

/// <summary>Describes a backup. A backup that is CREATING becomes AVAILABLE first.</summary>
internal sealed class DescribeBackup(Database database, BackupStore backups)
{
    public async Task<DescribeBackupResponse> Run(DescribeBackupRequest request, Caller caller, CancellationToken cancellation)
    {
        Checks(request.BackupArn).Throw();
        var backup = backups.Find(caller.Scope, request.BackupArn!);
        if (backups.StatusOf(backup) == "CREATING")
        {
            await database
                .Write(transaction =>
                    backups.Settle(transaction, caller.Scope, backups.Find(transaction, caller.Scope, request.BackupArn!))
                )
                .ConfigureAwait(false);
        }

        return new DescribeBackupResponse(BackupDescription.Of(backup, "AVAILABLE"));
    }

    public static Checks Checks(string? arn) => new Checks().NotNull("backupArn", arn).Length("backupArn", arn, 37, 1024);
}
