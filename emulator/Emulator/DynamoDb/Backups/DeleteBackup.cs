using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record DeleteBackupRequest(string? BackupArn);

internal sealed record DeleteBackupResponse(BackupDescription BackupDescription);

/// <summary>Deletes a backup at once; its rows go in the background.</summary>
internal sealed class DeleteBackup(Database database, BackupStore backups)
{
    public async Task<DeleteBackupResponse> Run(DeleteBackupRequest request, Caller caller, CancellationToken cancellation)
    {
        DescribeBackup.Checks(request.BackupArn).Throw();
        var backup = await database
            .Write(transaction =>
            {
                var backup = backups.Find(transaction, caller.Scope, request.BackupArn!);
                if (backups.StatusOf(backup) == "CREATING")
                {
                    throw new AwsException("BackupInUseException", $"Backup is being created: {backup.Arn}");
                }

                if (backup.Type == "SYSTEM")
                {
                    throw Errors.Validation("System backups cannot be deleted");
                }

                backups.Remove(transaction, caller.Scope, backup);
                return backup;
            })
            .ConfigureAwait(false);
        return new DeleteBackupResponse(BackupDescription.Of(backup, "DELETED"));
    }
}
