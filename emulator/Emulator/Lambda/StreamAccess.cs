using System.Text.Json;

namespace Disa.Emulator.Lambda;

/// <summary>A stream's record as a function gets it.</summary>
/// <param name="EventName">INSERT, MODIFY or REMOVE; known without reading the record.</param>
internal sealed record StreamEntry(string SequenceNumber, DateTimeOffset Created, string EventName, Func<JsonElement> Read)
{
    public JsonElement Record => Read();
}

/// <summary>What event source mappings need of DynamoDB's streams.</summary>
internal sealed record StreamAccess
{
    public required Func<string, bool> Exists { get; init; }

    public required Func<string, IReadOnlyList<string>> ShardIds { get; init; }

    /// <summary>By stream, shard, the sequence number to begin after (null: from the oldest) and how many.</summary>
    public required Func<string, string, string?, int, IReadOnlyList<StreamEntry>> Read { get; init; }

    /// <summary>The newest sequence number of a shard.</summary>
    public required Func<string, string, string?> Latest { get; init; }

    /// <summary>Calls the signal after each commit that wrote records.</summary>
    public required Func<string, Action, IDisposable> Subscribe { get; init; }

    public static StreamAccess To(DynamoDb.StreamReader reader) =>
        new()
        {
            Exists = reader.Exists,
            ShardIds = reader.ShardIds,
            Read = (stream, shard, after, limit) =>
                [
                    .. reader
                        .Read(stream, shard, after, limit)
                        .Select(record => new StreamEntry(record.SequenceNumber, record.Created, record.EventName, () => record.Record)),
                ],
            Latest = reader.LatestSequenceNumber,
            Subscribe = reader.Subscribe,
        };
}
