using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Lambda;

/// <summary>An event source mapping as it is kept.</summary>
internal sealed record Mapping(string Id, string Account, string Region, string EventSourceArn, string FunctionArn)
{
    public bool IsEnabled { get; init; } = true;

    public int BatchSize { get; init; } = 100;

    /// <summary>Seconds.</summary>
    public int BatchingWindow { get; init; }

    public string? StartingPosition { get; init; }

    public int ParallelizationFactor { get; init; } = 1;

    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>-1: without limit.</summary>
    public int MaximumRetryAttempts { get; init; } = -1;

    /// <summary>Seconds; -1: without limit.</summary>
    public int MaximumRecordAge { get; init; } = -1;

    public bool BisectsOnError { get; init; }

    public bool ReportsItemFailures { get; init; }

    public string? OnFailure { get; init; }

    public int? MaximumConcurrency { get; init; }

    public DateTimeOffset LastModified { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The CloudFormation step that made it.</summary>
    public string? Token { get; init; }

    [JsonIgnore]
    public Scope Scope => new(Account, Region);

    [JsonIgnore]
    public bool IsStream => EventSourceArn.Contains(":dynamodb:", StringComparison.Ordinal);

    [JsonIgnore]
    public string Arn => Aws.Arn.Of("lambda", Scope, "event-source-mapping:" + Id);
}

/// <summary>How far one lane of a shard has come.</summary>
internal sealed record LaneState
{
    /// <summary>Everything up to this sequence number is done; null before the first.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The ends of batches that failed and come again as they were cut, the next one last.</summary>
    public IReadOnlyList<FailedBatch> Failed { get; init; } = [];

    /// <summary>Milliseconds since 1970.</summary>
    public long RetryAt { get; init; }
}

/// <param name="End">The last sequence number of the batch.</param>
/// <param name="Attempts">How often the function failed with it.</param>
internal sealed record FailedBatch(string End, int Attempts);

[JsonSerializable(typeof(Mapping))]
[JsonSerializable(typeof(LaneState))]
internal sealed partial class MappingDocuments : JsonSerializerContext;

/// <summary>Mappings on a shelf, and how far they have come in a table.</summary>
internal sealed class MappingStore(Database database)
{
    public static readonly Migration Migration = new(
        "lambda",
        3,
        """
        CREATE TABLE lambda_lane (
            mapping TEXT NOT NULL, shard TEXT NOT NULL, lane INTEGER NOT NULL, account TEXT NOT NULL, state BLOB NOT NULL,
            PRIMARY KEY (mapping, shard, lane)) WITHOUT ROWID
        """
    );

    public Shelf<Mapping> Mappings { get; } = new(database, "lambda.mapping", MappingDocuments.Default.Mapping);

    public Database Database => database;

    /// <summary>After a commit that made, changed or removed a mapping.</summary>
    public Action Changed { get; set; } = () => { };

    public Mapping Get(Scope scope, string? id) => Mappings.Get(scope, id ?? "") ?? throw Missing();

    public Mapping Get(Transaction transaction, Scope scope, string? id) => Mappings.Get(transaction, scope, id ?? "") ?? throw Missing();

    public void Put(Transaction transaction, Mapping mapping)
    {
        Mappings.Put(transaction, mapping.Scope, mapping.Id, mapping);
        transaction.AfterCommit(Changed);
    }

    public void Remove(Transaction transaction, Mapping mapping)
    {
        Mappings.Remove(transaction, mapping.Scope, mapping.Id);
        transaction.Execute("DELETE FROM lambda_lane WHERE mapping = $1", mapping.Id);
        transaction.AfterCommit(Changed);
    }

    public LaneState Lane(string mapping, string shard, int lane) =>
        database.Read(transaction =>
            transaction.First(
                "SELECT state FROM lambda_lane WHERE mapping = $1 AND shard = $2 AND lane = $3",
                row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), MappingDocuments.Default.LaneState),
                mapping,
                shard,
                lane
            )
        ) ?? new LaneState();

    public static void PutLane(Transaction transaction, Mapping mapping, string shard, int lane, LaneState state) =>
        transaction.Execute(
            "INSERT INTO lambda_lane VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO UPDATE SET state = $5",
            mapping.Id,
            shard,
            lane,
            mapping.Account,
            JsonSerializer.SerializeToUtf8Bytes(state, MappingDocuments.Default.LaneState)
        );

    /// <summary>Other lanes divide a shard's keys otherwise: all begin where the slowest was, which repeats records rather than losing one.</summary>
    public static void Divide(Transaction transaction, Mapping mapping)
    {
        var lanes = transaction.Query(
            "SELECT shard, state FROM lambda_lane WHERE mapping = $1",
            row =>
                (
                    Shard: row.GetString(0),
                    State: JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(1), MappingDocuments.Default.LaneState)!
                ),
            mapping.Id
        );
        transaction.Execute("DELETE FROM lambda_lane WHERE mapping = $1", mapping.Id);
        foreach (var shard in lanes.GroupBy(lane => lane.Shard))
        {
            var slowest = shard.Select(lane => lane.State.Checkpoint).Min(SequenceNumbers.Instance);
            for (var lane = 0; lane < mapping.ParallelizationFactor; lane++)
            {
                PutLane(transaction, mapping, shard.Key, lane, new LaneState { Checkpoint = slowest });
            }
        }
    }

    private static AwsException Missing() => LambdaErrors.NotFound("The resource you requested does not exist.");
}

/// <summary>Sequence numbers in their order: numbers as text, null before all.</summary>
internal sealed class SequenceNumbers : IComparer<string?>
{
    public static readonly SequenceNumbers Instance = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (x?.TrimStart('0') ?? "", y?.TrimStart('0') ?? "");
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : string.CompareOrdinal(left, right);
    }
}
