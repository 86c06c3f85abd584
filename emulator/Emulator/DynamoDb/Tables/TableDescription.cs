using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

/// <summary>A table as answers show it.</summary>
internal sealed record TableDescription
{
    public List<AttributeDefinition>? AttributeDefinitions { get; init; }

    public string? TableName { get; init; }

    public List<KeySchemaElement>? KeySchema { get; init; }

    public string? TableStatus { get; init; }

    public DateTimeOffset? CreationDateTime { get; init; }

    public ProvisionedThroughputDescription? ProvisionedThroughput { get; init; }

    public long? TableSizeBytes { get; init; }

    public long? ItemCount { get; init; }

    public string? TableArn { get; init; }

    public string? TableId { get; init; }

    public BillingModeSummary? BillingModeSummary { get; init; }

    public List<IndexDescription>? LocalSecondaryIndexes { get; init; }

    public List<IndexDescription>? GlobalSecondaryIndexes { get; init; }

    public StreamSpecification? StreamSpecification { get; init; }

    public string? LatestStreamLabel { get; init; }

    public string? LatestStreamArn { get; init; }

    public SSEDescription? SSEDescription { get; init; }

    public TableClassSummary? TableClassSummary { get; init; }

    public bool? DeletionProtectionEnabled { get; init; }

    public OnDemandThroughput? OnDemandThroughput { get; init; }

    public RestoreSummary? RestoreSummary { get; init; }

    public WarmThroughputDescription? WarmThroughput { get; init; }

    /// <summary>Counts rows on the way: AWS updates the counts every six hours, here they are of now.</summary>
    public static TableDescription Of(TableDocument table, Transaction transaction)
    {
        var (count, size) = TableRows.Count(transaction, table.Space);
        return new TableDescription
        {
            AttributeDefinitions = table.AttributeDefinitions,
            TableName = table.Name,
            KeySchema = table.KeySchema,
            TableStatus = table.Status,
            CreationDateTime = table.Created,
            ProvisionedThroughput = ProvisionedThroughputDescription.Of(table.Throughput),
            TableSizeBytes = size,
            ItemCount = count,
            TableArn = table.Arn,
            TableId = table.Id,
            BillingModeSummary =
                table.BillingMode == "PAY_PER_REQUEST" || table.OnDemandSince is not null
                    ? new BillingModeSummary(table.BillingMode, table.Status == "CREATING" ? null : table.OnDemandSince)
                    : null,
            LocalSecondaryIndexes = Indexes(table, transaction, isGlobal: false),
            GlobalSecondaryIndexes = Indexes(table, transaction, isGlobal: true),
            StreamSpecification = table.StreamViewType is { } view ? new StreamSpecification(true, view) : null,
            LatestStreamLabel = table.LatestStreamLabel,
            LatestStreamArn = table.LatestStreamArn,
            SSEDescription =
                table.ChangingKeyArn is { } changing ? new SSEDescription("UPDATING", "KMS", changing)
                : table.KmsKeyArn is { } key ? new SSEDescription("ENABLED", "KMS", key)
                : null,
            TableClassSummary = table.TableClass is { } tableClass ? new TableClassSummary(tableClass, table.TableClassChanged) : null,
            DeletionProtectionEnabled = table.DeletionProtection,
            OnDemandThroughput = table.OnDemandThroughput,
            RestoreSummary = table.Restored is { } restored ? restored with { RestoreInProgress = table.Status == "CREATING" } : null,
            WarmThroughput = WarmThroughputDescription.Shown(table.Throughput, table.Warm, table.Status),
        };
    }

    private static List<IndexDescription>? Indexes(TableDocument table, Transaction transaction, bool isGlobal)
    {
        var indexes = table
            .Indexes.Where(index => index.IsGlobal == isGlobal)
            .Select(index =>
            {
                var (count, size) = TableRows.Count(transaction, index.Space);
                return new IndexDescription
                {
                    IndexName = index.Name,
                    KeySchema = index.KeySchema,
                    Projection = index.Projection,
                    IndexStatus =
                        !isGlobal ? null
                        : table.Status == "CREATING" ? table.Status
                        : index.Status,
                    Backfilling = isGlobal && index.Status == "CREATING" ? false : null,
                    ProvisionedThroughput = isGlobal ? ProvisionedThroughputDescription.Of(index.Throughput) : null,
                    IndexSizeBytes = size,
                    ItemCount = count,
                    IndexArn = $"{table.Arn}/index/{index.Name}",
                    WarmThroughput = isGlobal ? WarmThroughputDescription.Shown(index.Throughput, index.Warm, index.Status) : null,
                    OnDemandThroughput = index.OnDemandThroughput,
                };
            })
            .ToList();
        return indexes.Count == 0 ? null : indexes;
    }
}

internal sealed record IndexDescription
{
    public string? IndexName { get; init; }

    public List<KeySchemaElement>? KeySchema { get; init; }

    public IndexProjection? Projection { get; init; }

    public string? IndexStatus { get; init; }

    public bool? Backfilling { get; init; }

    public ProvisionedThroughputDescription? ProvisionedThroughput { get; init; }

    public long? IndexSizeBytes { get; init; }

    public long? ItemCount { get; init; }

    public string? IndexArn { get; init; }

    public OnDemandThroughput? OnDemandThroughput { get; init; }

    public WarmThroughputDescription? WarmThroughput { get; init; }
}

internal sealed record ProvisionedThroughputDescription(
    DateTimeOffset? LastIncreaseDateTime,
    DateTimeOffset? LastDecreaseDateTime,
    long NumberOfDecreasesToday,
    long ReadCapacityUnits,
    long WriteCapacityUnits
)
{
    public static ProvisionedThroughputDescription Of(Throughput throughput) =>
        new(throughput.LastIncrease, throughput.LastDecrease, 0, throughput.Read, throughput.Write);
}

/// <summary>What a table serves at once: on demand the least that AWS gives every table, else what is provisioned.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html</remarks>
internal sealed record WarmThroughputDescription(long ReadUnitsPerSecond, long WriteUnitsPerSecond, string Status)
{
    private const long OnDemandReads = 12000;
    private const long OnDemandWrites = 4000;

    /// <summary>While a table is made, only what was asked for is shown (recorded on AWS 13-10-2025).</summary>
    public static WarmThroughputDescription? Shown(Throughput throughput, WarmThroughput? asked, string status) =>
        status == "CREATING" && asked is null ? null : Of(throughput, asked, status);

    public static WarmThroughputDescription Of(Throughput throughput, WarmThroughput? asked, string status = "ACTIVE")
    {
        var (read, write) = throughput.Read == 0 ? (OnDemandReads, OnDemandWrites) : (throughput.Read, throughput.Write);
        return new(
            Math.Max(read, asked?.ReadUnitsPerSecond ?? 0),
            Math.Max(write, asked?.WriteUnitsPerSecond ?? 0),
            asked is not null && status == "UPDATING" ? status : "ACTIVE"
        );
    }
}

internal sealed record BillingModeSummary(string BillingMode, DateTimeOffset? LastUpdateToPayPerRequestDateTime);

internal sealed record SSEDescription(string Status, string SSEType, string KMSMasterKeyArn);

internal sealed record TableClassSummary(string TableClass, DateTimeOffset? LastUpdateDateTime);
