using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record CreateBackupRequest(string? TableName, string? BackupName);

internal sealed record CreateBackupResponse(BackupDetails BackupDetails);

/// <summary>Keeps a table as it is: CREATING in the answer, AVAILABLE when someone looks.</summary>
internal sealed class CreateBackup(Database database, Tables tables, BackupStore backups)
{
    public async Task<CreateBackupResponse> Run(CreateBackupRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks()
            .Table(request.TableName)
            .NotNull("backupName", request.BackupName)
            .Name("backupName", request.BackupName)
            .Length("backupName", request.BackupName, 3, 255)
            .Throw();
        var name = Tables.NameOf(request.TableName!);
        var backup = await database
            .Write(transaction =>
            {
                var table = tables.Look(transaction, caller.Scope, name, looked: false) ?? throw TableNotFound(name);
                CheckUnused(table);
                return backups.Create(transaction, caller.Scope, table, request.BackupName!);
            })
            .ConfigureAwait(false);
        return new CreateBackupResponse(BackupDetails.Of(backup, backups.StatusOf(backup)));
    }

    public static AwsException TableNotFound(string name) => new("TableNotFoundException", $"Table not found: {name}");

    private static void CheckUnused(TableDocument table)
    {
        if (table.Status is "CREATING" or "DELETING")
        {
            throw new AwsException(
                "TableInUseException",
                $"Table is being {(table.Status == "CREATING" ? "created" : "deleted")}: {table.Name}"
            );
        }
    }
}
