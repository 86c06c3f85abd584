namespace Disa.Emulator.DynamoDb;

/// <summary>A backup as answers show it.</summary>
internal sealed record BackupDescription(
    BackupDetails BackupDetails,
    SourceTableDetails SourceTableDetails,
    SourceTableFeatureDetails SourceTableFeatureDetails
)
{
    public static BackupDescription Of(BackupDocument backup, string status) =>
        new(
            BackupDetails.Of(backup, status),
            new SourceTableDetails
            {
                TableName = backup.Table.Name,
                TableId = backup.Table.Id,
                TableArn = backup.Table.Arn,
                TableSizeBytes = backup.Size,
                KeySchema = backup.Table.KeySchema,
                TableCreationDateTime = backup.Table.Created,
                ProvisionedThroughput = new(backup.Table.Throughput.Read, backup.Table.Throughput.Write),
                ItemCount = backup.ItemCount,
                BillingMode = backup.Table.BillingMode,
            },
            new SourceTableFeatureDetails
            {
                LocalSecondaryIndexes = Indexes(backup.Table, isGlobal: false),
                GlobalSecondaryIndexes = Indexes(backup.Table, isGlobal: true),
                StreamDescription = backup.Table.StreamViewType is { } view ? new StreamSpecification(true, view) : null,
                TimeToLiveDescription = backup.Table.TimeToLiveAttribute is { } attribute
                    ? new TimeToLiveDescription("ENABLED", attribute)
                    : new TimeToLiveDescription("DISABLED", null),
                SSEDescription = backup.Table.KmsKeyArn is { } key ? new SSEDescription("ENABLED", "KMS", key) : null,
            }
        );

    private static List<IndexInfo>? Indexes(TableDocument table, bool isGlobal)
    {
        var indexes = table
            .Indexes.Where(index => index.IsGlobal == isGlobal)
            .Select(index => new IndexInfo(
                index.Name,
                index.KeySchema,
                index.Projection,
                isGlobal ? new ProvisionedThroughput(index.Throughput.Read, index.Throughput.Write) : null
            ))
            .ToList();
        return indexes.Count == 0 ? null : indexes;
    }
}

internal sealed record BackupDetails(string BackupArn, string BackupName, long BackupSizeBytes, string BackupStatus, string BackupType)
{
    public required DateTimeOffset BackupCreationDateTime { get; init; }

    public DateTimeOffset? BackupExpiryDateTime { get; init; }

    public static BackupDetails Of(BackupDocument backup, string status) =>
        new(backup.Arn, backup.Name, backup.Size, status, backup.Type)
        {
            BackupCreationDateTime = backup.Created,
            BackupExpiryDateTime = backup.Expires,
        };
}

internal sealed record SourceTableDetails
{
    public required string TableName { get; init; }

    public required string TableId { get; init; }

    public required string TableArn { get; init; }

    public required long TableSizeBytes { get; init; }

    public required List<KeySchemaElement> KeySchema { get; init; }

    public required DateTimeOffset TableCreationDateTime { get; init; }

    public required ProvisionedThroughput ProvisionedThroughput { get; init; }

    public required long ItemCount { get; init; }

    public required string BillingMode { get; init; }
}

internal sealed record SourceTableFeatureDetails
{
    public List<IndexInfo>? LocalSecondaryIndexes { get; init; }

    public List<IndexInfo>? GlobalSecondaryIndexes { get; init; }

    public StreamSpecification? StreamDescription { get; init; }

    public TimeToLiveDescription? TimeToLiveDescription { get; init; }

    public SSEDescription? SSEDescription { get; init; }
}

internal sealed record IndexInfo(
    string IndexName,
    List<KeySchemaElement> KeySchema,
    IndexProjection Projection,
    ProvisionedThroughput? ProvisionedThroughput
);
