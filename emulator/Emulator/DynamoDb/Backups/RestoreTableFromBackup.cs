using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record RestoreTableFromBackupRequest(string? TargetTableName, string? BackupArn)
{
    public string? BillingModeOverride { get; init; }

    public List<IndexRequest>? GlobalSecondaryIndexOverride { get; init; }

    public List<IndexRequest>? LocalSecondaryIndexOverride { get; init; }

    public ProvisionedThroughput? ProvisionedThroughputOverride { get; init; }

    public OnDemandThroughput? OnDemandThroughputOverride { get; init; }

    public SSESpecification? SSESpecificationOverride { get; init; }
}

internal sealed record RestoreTableFromBackupResponse(TableDescription TableDescription);

/// <summary>Makes a new table of a backup: tags, the stream, time to live and recovery are not restored.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorks.html</remarks>
internal sealed class RestoreTableFromBackup(Database database, Clock clock, Tables tables, BackupStore backups, DataKeys keys)
{
    public async Task<RestoreTableFromBackupResponse> Run(
        RestoreTableFromBackupRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        Check(request);
        var (scope, name) = (caller.Scope, request.TargetTableName!);
        var source = backups.Find(scope, request.BackupArn!);
        var key = await keys.Generate(KeyName(request, source.Table), caller, "dynamodb", CreateTable.KeyContext(name, caller))
            .ConfigureAwait(false);
        var description = await database
            .Write(transaction => TableDescription.Of(Restore(transaction, scope, request, key), transaction))
            .ConfigureAwait(false);
        return new RestoreTableFromBackupResponse(description);
    }

    private TableDocument Restore(Transaction transaction, Scope scope, RestoreTableFromBackupRequest request, DataKey key)
    {
        var name = request.TargetTableName!;
        if (tables.Look(transaction, scope, name, looked: false) is { } there)
        {
            throw there.Status == "CREATING"
                ? new AwsException("TableInUseException", $"Table is being created: {name}")
                : new AwsException("TableAlreadyExistsException", $"Table already exists: {name}");
        }

        var backup = backups.Find(transaction, scope, request.BackupArn!);
        if (backups.StatusOf(backup) == "CREATING")
        {
            throw new AwsException("BackupInUseException", $"Backup is being created: {backup.Arn}");
        }

        var table = Document(transaction, scope, request, backup, key);
        TableRows.Copy(transaction, backup.Space, table.Space);
        TableRows.Encrypt(transaction, table.Space, tables.Open(scope, backup.Table with { Status = "ACTIVE" }).Key, key);
        // It is CREATING, and so not open for anybody else.
        TableRows.Fill(transaction, new Table(scope, tables.SchemaOf(table), key), table.Indexes.ConvertAll(index => index.Name));
        return tables.Put(transaction, scope, table);
    }

    private TableDocument Document(
        Transaction transaction,
        Scope scope,
        RestoreTableFromBackupRequest request,
        BackupDocument backup,
        DataKey key
    )
    {
        var (source, now) = (backup.Table, clock.GetUtcNow());
        var mode = request.BillingModeOverride ?? source.BillingMode;
        var throughput =
            mode == "PAY_PER_REQUEST" ? Throughput.OnDemand
            : request.ProvisionedThroughputOverride is { } given ? CreateTable.ThroughputOf(given)
            : source.Throughput.Read > 0 ? new Throughput(source.Throughput.Read, source.Throughput.Write)
            : throw Errors.Invalid("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
        var indexes = Kept(source, request.LocalSecondaryIndexOverride, isGlobal: false)
            .Concat(Kept(source, request.GlobalSecondaryIndexOverride, isGlobal: true))
            .Select(index =>
                index.Kept with
                {
                    Space = Tables.NewSpace(transaction, scope),
                    Throughput =
                        mode == "PAY_PER_REQUEST" || !index.Kept.IsGlobal ? Throughput.OnDemand
                        : index.Given is { } own ? CreateTable.ThroughputOf(own)
                        : index.Kept.Throughput.Read > 0 ? index.Kept.Throughput
                        : throughput,
                    Status = "ACTIVE",
                    SettlesAt = now,
                }
            )
            .ToList();
        return new TableDocument
        {
            Name = request.TargetTableName!,
            Id = Guid.NewGuid().ToString(),
            Arn = Arn.Of("dynamodb", scope, $"table/{request.TargetTableName}"),
            Space = Tables.NewSpace(transaction, scope),
            Created = now,
            Status = "CREATING",
            SettlesAt = now + Tables.SettlingTime,
            AttributeDefinitions = UpdateTable.Definitions(source with { Indexes = indexes }, null),
            KeySchema = source.KeySchema,
            Indexes = indexes,
            BillingMode = mode,
            OnDemandSince = mode == "PAY_PER_REQUEST" ? now : null,
            Throughput = throughput,
            OnDemandThroughput = mode == "PAY_PER_REQUEST" ? request.OnDemandThroughputOverride ?? source.OnDemandThroughput : null,
            KmsKeyArn = KeyName(request, source) == DataKeys.AwsOwned ? null : key.Envelope.KeyArn,
            DataKey = key.Envelope,
            TableClass = source.TableClass,
            Restored = new RestoreSummary(backup.Arn, source.Arn, now, false),
        };
    }

    /// <summary>The indexes that an override leaves; it may leave some out, but name none that the backup has not.</summary>
    private static IEnumerable<(IndexDocument Kept, ProvisionedThroughput? Given)> Kept(
        TableDocument source,
        List<IndexRequest>? wanted,
        bool isGlobal
    )
    {
        var there = source.Indexes.Where(index => index.IsGlobal == isGlobal);
        return wanted is null
            ? there.Select(index => (index, (ProvisionedThroughput?)null))
            : wanted
                .Select(index =>
                    there.FirstOrDefault(one => one.Name == index.IndexName && TableSteps.IsSame(one, index)) is { } same
                        ? (same, index.ProvisionedThroughput)
                        : throw Errors.Invalid($"Index {index.IndexName} does not match an index of the source table")
                )
                .ToList();
    }

    /// <summary>That of the override, else the source's.</summary>
    private static string KeyName(RestoreTableFromBackupRequest request, TableDocument source) =>
        request.SSESpecificationOverride is { } given ? CreateTable.KeyName(given) : source.KmsKeyArn ?? DataKeys.AwsOwned;

    private static void Check(RestoreTableFromBackupRequest request)
    {
        var checks = new Checks()
            .NotNull("targetTableName", request.TargetTableName)
            .Name("targetTableName", request.TargetTableName)
            .Length("targetTableName", request.TargetTableName, 3, 255)
            .NotNull("backupArn", request.BackupArn)
            .Length("backupArn", request.BackupArn, 37, 1024)
            .OneOf("billingModeOverride", request.BillingModeOverride, "PROVISIONED", "PAY_PER_REQUEST");
        TableChecks.Indexes(checks, "globalSecondaryIndexOverride", request.GlobalSecondaryIndexOverride);
        TableChecks.Indexes(checks, "localSecondaryIndexOverride", request.LocalSecondaryIndexOverride);
        TableChecks.Capacity(checks, "provisionedThroughputOverride", request.ProvisionedThroughputOverride);
        checks.Throw();
        TableChecks.Encryption(request.SSESpecificationOverride);
        if (request.BillingModeOverride == "PAY_PER_REQUEST")
        {
            TableChecks.Billing("PAY_PER_REQUEST", request.ProvisionedThroughputOverride);
        }
    }
}
