using Disa.Emulator.Kms;

namespace Disa.Emulator.DynamoDb;

internal sealed record AttributeDefinition(string? AttributeName, string? AttributeType);

internal sealed record KeySchemaElement(string? AttributeName, string? KeyType);

internal sealed record IndexProjection(string? ProjectionType, List<string>? NonKeyAttributes);

internal sealed record ProvisionedThroughput(long? ReadCapacityUnits, long? WriteCapacityUnits);

/// <param name="MaxReadRequestUnits">Read request units per second; -1 means no limit.</param>
internal sealed record OnDemandThroughput(long? MaxReadRequestUnits, long? MaxWriteRequestUnits);

internal sealed record RestoreSummary(
    string? SourceBackupArn,
    string SourceTableArn,
    DateTimeOffset RestoreDateTime,
    bool RestoreInProgress
);

internal sealed record StreamSpecification(bool? StreamEnabled, string? StreamViewType);

internal sealed record SSESpecification(bool? Enabled, string? SSEType, string? KMSMasterKeyId);

internal sealed record Tag(string? Key, string? Value);

/// <summary>A table as it is kept: everything but its items.</summary>
internal sealed record TableDocument
{
    public required string Name { get; init; }

    public required string Id { get; init; }

    public required string Arn { get; init; }

    /// <summary>The number of its rows.</summary>
    public required long Space { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>CREATING, UPDATING, DELETING or ACTIVE; the first three are over at <see cref="SettlesAt"/>.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset SettlesAt { get; init; }

    public required List<AttributeDefinition> AttributeDefinitions { get; init; }

    public required List<KeySchemaElement> KeySchema { get; init; }

    public required List<IndexDocument> Indexes { get; init; }

    public required string BillingMode { get; init; }

    public DateTimeOffset? OnDemandSince { get; init; }

    public required Throughput Throughput { get; init; }

    /// <summary>The most that a table on demand may take.</summary>
    public OnDemandThroughput? OnDemandThroughput { get; init; }

    /// <summary>What was asked to be warm; null for what AWS gives every table.</summary>
    public WarmThroughput? Warm { get; init; }

    public List<InsightsDocument>? Insights { get; init; }

    /// <summary>What the table was restored from.</summary>
    public RestoreSummary? Restored { get; init; }

    /// <summary>The view type of the stream that is on; null while none is.</summary>
    public string? StreamViewType { get; init; }

    /// <summary>The latest stream, also after it was switched off.</summary>
    public string? LatestStreamArn { get; init; }

    public string? LatestStreamLabel { get; init; }

    /// <summary>Null: encrypted with a key that AWS owns, which no answer mentions.</summary>
    public string? KmsKeyArn { get; init; }

    /// <summary>While an update of the encryption is shown: the key before or after it.</summary>
    public string? ChangingKeyArn { get; init; }

    /// <summary>Wraps the key that the items are encrypted with.</summary>
    public required DataKeyEnvelope DataKey { get; init; }

    public List<Tag> Tags { get; init; } = [];

    public ResourcePolicy? ResourcePolicy { get; init; }

    public string? TimeToLiveAttribute { get; init; }

    /// <summary>PITR: since when, and for how many days.</summary>
    public DateTimeOffset? RecoverableSince { get; init; }

    public int RecoveryDays { get; init; } = 35;

    /// <summary>The number under which its changes are kept; null where recovery is off.</summary>
    public long? ChangeSpace { get; init; }

    public string? TableClass { get; init; }

    public DateTimeOffset? TableClassChanged { get; init; }

    public bool DeletionProtection { get; init; }

    /// <summary>The token of the CloudFormation step that created it.</summary>
    public string? CreationToken { get; init; }
}

/// <summary>A secondary index as it is kept.</summary>
internal sealed record IndexDocument(
    string Name,
    long Space,
    bool IsGlobal,
    List<KeySchemaElement> KeySchema,
    IndexProjection Projection,
    Throughput Throughput,
    string Status,
    DateTimeOffset SettlesAt
)
{
    public OnDemandThroughput? OnDemandThroughput { get; init; }

    public WarmThroughput? Warm { get; init; }
}

/// <summary>Provisioned capacity; zero for on-demand.</summary>
internal sealed record Throughput(long Read, long Write, DateTimeOffset? LastIncrease = null, DateTimeOffset? LastDecrease = null)
{
    public static readonly Throughput OnDemand = new(0, 0);
}

/// <summary>A stream as it is kept: it outlives its table and its being switched off by 24 hours.</summary>
internal sealed record StreamDocument
{
    public required string Arn { get; init; }

    public required string Label { get; init; }

    public required string TableName { get; init; }

    public required string TableId { get; init; }

    /// <summary>The number of its records.</summary>
    public required long Space { get; init; }

    public required string ViewType { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Disabled { get; init; }

    public ResourcePolicy? ResourcePolicy { get; init; }

    public required List<KeySchemaElement> KeySchema { get; init; }

    public required List<ShardDocument> Shards { get; init; }

    public required DataKeyEnvelope DataKey { get; init; }
}

/// <summary>A shard: records in sequence. Closed once it has a last number.</summary>
internal sealed record ShardDocument(string Id, long Number, long First, long? Last);
