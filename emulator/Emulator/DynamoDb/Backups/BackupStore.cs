using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>The backups of tables; they stay when their table goes.</summary>
internal sealed class BackupStore(Database database, Clock clock, Tables tables)
{
    private const string Kind = "/backup/";

    /// <summary>"DynamoDB creates a system backup … retained for 35 days"
    /// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html).</summary>
    private static readonly TimeSpan SystemRetention = TimeSpan.FromDays(35);

    public Shelf<BackupDocument> Shelf { get; } = new(database, "dynamodb.backup", DynamoDbDocuments.Default.BackupDocument);

    public static AwsException NotFound(string arn) => new("BackupNotFoundException", $"Backup not found: {arn}");

    /// <summary>The backup by its ARN, in a write.</summary>
    /// <exception cref="AwsException">BackupNotFoundException.</exception>
    public BackupDocument Find(Transaction transaction, Scope scope, string arn) =>
        Id(arn, scope) is { } id && Shelf.Get(transaction, scope, id) is { } backup && IsThere(backup) ? backup : throw NotFound(arn);

    public BackupDocument Find(Scope scope, string arn) => TryFind(scope, arn) ?? throw NotFound(arn);

    public BackupDocument? TryFind(Scope scope, string arn) =>
        Id(arn, scope) is { } id && Shelf.Get(scope, id) is { } backup && IsThere(backup) ? backup : null;

    public bool IsThere(BackupDocument backup) => !(backup.Expires <= clock.GetUtcNow());

    public string StatusOf(BackupDocument backup) => tables.IsInstant || clock.GetUtcNow() >= backup.SettlesAt ? "AVAILABLE" : "CREATING";

    /// <summary>Whoever looks finds it settled.</summary>
    public void Settle(Transaction transaction, Scope scope, BackupDocument backup) =>
        Shelf.Put(transaction, scope, Id(backup.Arn, scope)!, backup with { SettlesAt = backup.Created });

    /// <summary>Copies a table's rows, in the write that calls.</summary>
    public BackupDocument Create(Transaction transaction, Scope scope, TableDocument table, string name)
    {
        var space = Tables.NewSpace(transaction, scope);
        TableRows.Copy(transaction, table.Space, space);
        return Add(transaction, scope, table, name, space, "USER", null);
    }

    /// <summary>Takes over the rows of a table that goes, where point-in-time recovery is on.</summary>
    public void KeepDeleted(Transaction transaction, Scope scope, TableDocument table) =>
        Add(transaction, scope, table, table.Name + "$DeletedTableBackup", table.Space, "SYSTEM", clock.GetUtcNow() + SystemRetention);

    public void Remove(Transaction transaction, Scope scope, BackupDocument backup)
    {
        Shelf.Remove(transaction, scope, Id(backup.Arn, scope)!);
        tables.Drop(transaction, backup.Space);
    }

    private BackupDocument Add(
        Transaction transaction,
        Scope scope,
        TableDocument table,
        string name,
        long space,
        string type,
        DateTimeOffset? expires
    )
    {
        var now = clock.GetUtcNow();
        var (count, size) = TableRows.Count(transaction, space);
        var backup = new BackupDocument
        {
            Arn = $"{table.Arn}{Kind}{now.ToUnixTimeMilliseconds():D14}-{Guid.NewGuid().ToString("N")[..8]}",
            Name = name,
            Created = now,
            SettlesAt = type == "SYSTEM" ? now : now + Tables.SettlingTime,
            Type = type,
            Expires = expires,
            Table = table,
            Space = space,
            ItemCount = count,
            Size = size,
        };
        Shelf.Put(transaction, scope, Id(backup.Arn, scope)!, backup);
        return backup;
    }

    /// <summary>
    /// The name that a backup is stored under: the part of its ARN after the account. Null if the ARN is not that of a backup in this scope.
    /// </summary>
    private static string? Id(string arn, Scope scope) =>
        Arn.TryParse(arn) is { Service: "dynamodb" } parsed
        && parsed.Scope == scope
        && parsed.Resource.Contains(Kind, StringComparison.Ordinal)
            ? parsed.Resource
            : null;
}
