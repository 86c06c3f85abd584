using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>What a restore is asked, whatever it restores from.</summary>
internal abstract record RestoreRequest
{
    public string? TargetTableName { get; init; }

    public string? BillingModeOverride { get; init; }

    public List<IndexRequest>? GlobalSecondaryIndexOverride { get; init; }

    public List<IndexRequest>? LocalSecondaryIndexOverride { get; init; }

    public ProvisionedThroughput? ProvisionedThroughputOverride { get; init; }

    public OnDemandThroughput? OnDemandThroughputOverride { get; init; }

    public SSESpecification? SSESpecificationOverride { get; init; }
}

/// <summary>What a table is restored from, as a write finds it.</summary>
/// <param name="Source">The table whose settings it has.</param>
/// <param name="Copy">Puts the rows into a space.</param>
internal sealed record RestoreSource(TableDocument Source, RestoreSummary Summary, Action<Transaction, long> Copy);

/// <summary>Makes a new table of another's rows: tags, the stream, time to live and recovery are not restored.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_HowItWorks.html</remarks>
internal sealed class TableRestore(Database database, Clock clock, Tables tables, DataKeys keys)
{
    /// <param name="source">The table as last committed.</param>
    /// <param name="find">What it is restored from, in the write.</param>
    public async Task<TableDescription> Run(
        RestoreRequest request,
        Caller caller,
        TableDocument source,
        Func<Transaction, RestoreSource> find
    )
    {
        var (scope, name) = (caller.Scope, request.TargetTableName!);
        var key = await keys.Generate(KeyName(request, source), caller, "dynamodb", CreateTable.KeyContext(name, caller))
            .ConfigureAwait(false);
        return await database
            .Write(transaction => TableDescription.Of(Restore(transaction, scope, request, find, key), transaction))
            .ConfigureAwait(false);
    }

    /// <summary>Adds what must hold for every restore.</summary>
    public static void Check(Checks checks, RestoreRequest request)
    {
        checks
            .NotNull("targetTableName", request.TargetTableName)
            .Name("targetTableName", request.TargetTableName)
            .Length("targetTableName", request.TargetTableName, 3, 255)
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

    private TableDocument Restore(
        Transaction transaction,
        Scope scope,
        RestoreRequest request,
        Func<Transaction, RestoreSource> find,
        DataKey key
    )
    {
        var name = request.TargetTableName!;
        if (tables.Look(transaction, scope, name, looked: false) is { } there)
        {
            throw there.Status == "CREATING"
                ? new AwsException("TableInUseException", $"Table is being created: {name}")
                : new AwsException("TableAlreadyExistsException", $"Table already exists: {name}");
        }

        var (source, summary, copy) = find(transaction);
        var table = Document(transaction, scope, request, source, summary, key);
        copy(transaction, table.Space);
        TableRows.Encrypt(transaction, table.Space, tables.Open(scope, source with { Status = "ACTIVE" }).Key, key);
        // It is CREATING, and so not open for anybody else.
        TableRows.Fill(transaction, new Table(scope, tables.SchemaOf(table), key), table.Indexes.ConvertAll(index => index.Name));
        return tables.Put(transaction, scope, table);
    }

    private TableDocument Document(
        Transaction transaction,
        Scope scope,
        RestoreRequest request,
        TableDocument source,
        RestoreSummary summary,
        DataKey key
    )
    {
        var now = clock.GetUtcNow();
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
            Restored = summary,
        };
    }

    /// <summary>The indexes that an override leaves; it may leave some out, but name none that the source has not.</summary>
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
    private static string KeyName(RestoreRequest request, TableDocument source) =>
        request.SSESpecificationOverride is { } given ? CreateTable.KeyName(given) : source.KmsKeyArn ?? DataKeys.AwsOwned;
}
