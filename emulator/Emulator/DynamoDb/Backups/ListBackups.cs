using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

internal sealed record ListBackupsRequest
{
    public string? TableName { get; init; }

    public int? Limit { get; init; }

    public DateTimeOffset? TimeRangeLowerBound { get; init; }

    public DateTimeOffset? TimeRangeUpperBound { get; init; }

    public string? ExclusiveStartBackupArn { get; init; }

    public string? BackupType { get; init; }
}

internal sealed record ListBackupsResponse(List<BackupSummary> BackupSummaries, string? LastEvaluatedBackupArn);

internal sealed record BackupSummary
{
    public required string TableName { get; init; }

    public required string TableId { get; init; }

    public required string TableArn { get; init; }

    public required string BackupArn { get; init; }

    public required string BackupName { get; init; }

    public required DateTimeOffset BackupCreationDateTime { get; init; }

    public DateTimeOffset? BackupExpiryDateTime { get; init; }

    public required string BackupStatus { get; init; }

    public required string BackupType { get; init; }

    public required long BackupSizeBytes { get; init; }
}

/// <summary>The caller's backups, of one table or of all, at most 100 at once.</summary>
internal sealed class ListBackups(BackupStore backups)
{
    public ListBackupsResponse Run(ListBackupsRequest request, Caller caller)
    {
        var checks = new Checks();
        if (request.TableName is not null)
        {
            checks.Table(request.TableName);
        }

        checks
            .AtLeast("limit", request.Limit, 1)
            .AtMost("limit", request.Limit, 100)
            .Length("exclusiveStartBackupArn", request.ExclusiveStartBackupArn, 37, 1024)
            .OneOf("backupType", request.BackupType, "USER", "SYSTEM", "AWS_BACKUP", "ALL")
            .Throw();
        var limit = request.Limit ?? 100;
        var name = request.TableName is null ? null : Tables.NameOf(request.TableName);
        var found = backups
            .Shelf.List(caller.Scope)
            .Values.Where(backup =>
                backups.IsThere(backup)
                && (name is null || backup.Table.Name == name)
                && (request.BackupType is null or "ALL" || backup.Type == request.BackupType)
                && !(backup.Created < request.TimeRangeLowerBound)
                && !(backup.Created >= request.TimeRangeUpperBound)
                && string.CompareOrdinal(backup.Arn, request.ExclusiveStartBackupArn) > 0
            )
            .OrderBy(backup => backup.Arn, StringComparer.Ordinal)
            .Take(limit + 1)
            .ToList();
        return new ListBackupsResponse([.. found.Take(limit).Select(Summary)], found.Count > limit ? found[limit - 1].Arn : null);
    }

    private BackupSummary Summary(BackupDocument backup) =>
        new()
        {
            TableName = backup.Table.Name,
            TableId = backup.Table.Id,
            TableArn = backup.Table.Arn,
            BackupArn = backup.Arn,
            BackupName = backup.Name,
            BackupCreationDateTime = backup.Created,
            BackupExpiryDateTime = backup.Expires,
            BackupStatus = backups.StatusOf(backup),
            BackupType = backup.Type,
            BackupSizeBytes = backup.Size,
        };
}
