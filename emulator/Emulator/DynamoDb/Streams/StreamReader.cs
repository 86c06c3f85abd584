using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>A record as Lambda's event has it.</summary>
/// <param name="SequenceNumber">Text of a fixed width, so that ordinal order is the order of the records.</param>
/// <param name="EventName">INSERT, MODIFY or REMOVE.</param>
/// <param name="Created">When the change was made.</param>
/// <param name="Read">Decrypts the record and writes it: many a reader wants only some.</param>
internal sealed record StreamRecord(string SequenceNumber, string EventName, DateTimeOffset Created, Func<JsonElement> Read)
{
    private JsonElement? record;

    /// <summary>The whole record, as an element of the event's Records.</summary>
    public JsonElement Record => record ??= Read();
}

/// <summary>Reads streams for the rooms that follow them.</summary>
internal sealed class StreamReader
{
    private static readonly string[] EventNames = ["INSERT", "MODIFY", "REMOVE"];

    private readonly Database database;
    private readonly Clock clock;
    private readonly StreamWriter streams;
    private readonly DataKeys keys;

    internal StreamReader(Database database, Clock clock, StreamWriter streams, DataKeys keys)
    {
        this.database = database;
        this.clock = clock;
        this.streams = streams;
        this.keys = keys;
    }

    public bool Exists(string streamArn) => streams.Find(streamArn) is not null;

    /// <summary>Oldest first; empty where there is no such stream.</summary>
    public IReadOnlyList<string> ShardIds(string streamArn) => [.. streams.Find(streamArn)?.Shards.Select(shard => shard.Id) ?? []];

    /// <summary>The records behind a sequence number, at most <paramref name="limit"/>; what is older than 24 hours is left out.</summary>
    /// <param name="afterSequenceNumber">Null reads from the oldest record that is kept.</param>
    /// <exception cref="AwsException">ResourceNotFoundException; KMS's errors where the table's key cannot be used.</exception>
    public IReadOnlyList<StreamRecord> Read(string streamArn, string shardId, string? afterSequenceNumber, int limit)
    {
        var (stream, shard) = Find(streamArn, shardId);
        var key = Key(stream);
        return
        [
            .. Rows(stream, shard, afterSequenceNumber is null ? 0 : Parse(afterSequenceNumber), limit)
                .Select(row => new StreamRecord(
                    Text(row.Sequence),
                    EventNames[row.Event],
                    DateTimeOffset.FromUnixTimeMilliseconds(row.Created),
                    () => Json(stream, key, row, forLambda: true)
                )),
        ];
    }

    /// <summary>The newest record's number; null where there is none.</summary>
    public string? LatestSequenceNumber(string streamArn, string shardId)
    {
        var (stream, shard) = Find(streamArn, shardId);
        return
            database.Read(transaction =>
                transaction.Number("SELECT MAX(sequence) FROM dynamodb_record WHERE stream = $1 AND shard = $2", stream.Space, shard.Number)
            )
                is { } latest
            ? Text(latest)
            : null;
    }

    /// <summary>Calls after each commit that wrote records to the stream, until disposed. The signal runs on the writer's thread: it only signals.</summary>
    public IDisposable Subscribe(string streamArn, Action signal) =>
        streams.Subscribe((streams.Find(streamArn) ?? throw StreamNotFound(streamArn)).Space, signal);

    internal static string Text(long sequence) => "100" + sequence.ToString("D18", CultureInfo.InvariantCulture);

    /// <summary>0 where the text is no number of this form.</summary>
    internal static long Parse(string sequenceNumber) =>
        sequenceNumber.Length == 21
        && sequenceNumber.StartsWith("100", StringComparison.Ordinal)
        && long.TryParse(sequenceNumber.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;

    internal (StreamDocument Stream, ShardDocument Shard) Find(string streamArn, string shardId)
    {
        var stream = streams.Find(streamArn) ?? throw StreamNotFound(streamArn);
        return (
            stream,
            stream.Shards.FirstOrDefault(shard => shard.Id == shardId)
                ?? throw Errors.ResourceNotFound($"Shard: {shardId} in Stream: {streamArn} not found")
        );
    }

    /// <summary>What the stream's records are encrypted with.</summary>
    internal DataKey Key(StreamDocument stream) => keys.Open(stream.DataKey, Arn.Parse(stream.Arn).Scope);

    internal static AwsException StreamNotFound(string streamArn) => Errors.ResourceNotFound($"Stream: {streamArn} not found");

    internal List<Row> Rows(StreamDocument stream, ShardDocument shard, long after, int limit) =>
        database.Read(transaction =>
            transaction.Query(
                "SELECT sequence, created, event, service, value FROM dynamodb_record WHERE stream = $1 AND shard = $2 AND sequence > $3 AND created > $4 ORDER BY sequence LIMIT $5",
                row => new Row(row.GetInt64(0), row.GetInt64(1), (int)row.GetInt64(2), row.GetInt64(3) == 1, row.GetFieldValue<byte[]>(4)),
                stream.Space,
                shard.Number,
                after,
                (clock.GetUtcNow() - StreamWriter.Retention).ToUnixTimeMilliseconds(),
                (long)limit
            )
        );

    /// <summary>A record in the form of Lambda's event, or in that of GetRecords, which knows no eventSourceARN.</summary>
    internal static JsonElement Json(StreamDocument stream, DataKey dataKey, Row row, bool forLambda)
    {
        var arn = Arn.Parse(stream.Arn);
        ReadOnlySpan<byte> value = dataKey.Decrypt(row.Value);
        var key = ItemCodec.DecodeNext(ref value)!;
        var after = ItemCodec.DecodeNext(ref value);
        var before = ItemCodec.DecodeNext(ref value);
        var sequence = Text(row.Sequence);
        var buffer = new ArrayBufferWriter<byte>(1024 + (2 * row.Value.Length));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("eventID"u8, EventId(stream, sequence));
            writer.WriteString("eventName"u8, EventNames[row.Event]);
            writer.WriteString("eventVersion"u8, "1.1"u8);
            writer.WriteString("eventSource"u8, "aws:dynamodb"u8);
            writer.WriteString("awsRegion"u8, arn.Region);
            writer.WriteStartObject("dynamodb"u8);
            // With a fraction, as AWS writes it: typed readers tell integers from it.
            writer.WritePropertyName("ApproximateCreationDateTime"u8);
            writer.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"{row.Created / 1000}.0"), skipInputValidation: true);
            Image(writer, "Keys", key);
            Image(writer, "NewImage", after);
            Image(writer, "OldImage", before);
            writer.WriteString("SequenceNumber"u8, sequence);
            writer.WriteNumber("SizeBytes"u8, key.Size() + (after?.Size() ?? 0) + (before?.Size() ?? 0));
            writer.WriteString("StreamViewType"u8, stream.ViewType);
            writer.WriteEndObject();
            if (row.ByService)
            {
                writer.WriteStartObject("userIdentity"u8);
                writer.WriteString(forLambda ? "type" : "Type", "Service");
                writer.WriteString(forLambda ? "principalId" : "PrincipalId", "dynamodb.amazonaws.com");
                writer.WriteEndObject();
            }

            if (forLambda)
            {
                writer.WriteString("eventSourceARN"u8, stream.Arn);
            }

            writer.WriteEndObject();
        }

        return OwnJson.Parse(buffer.WrittenSpan);
    }

    private static void Image(Utf8JsonWriter writer, string name, Item? item)
    {
        if (item is not null)
        {
            writer.WritePropertyName(name);
            ItemConverter.WriteItem(writer, item);
        }
    }

    private static string EventId(StreamDocument stream, string sequence) =>
        Convert.ToHexStringLower(MD5.HashData(System.Text.Encoding.UTF8.GetBytes(stream.Arn + sequence)));

    /// <summary>A record as it is kept.</summary>
    internal readonly record struct Row(long Sequence, long Created, int Event, bool ByService, byte[] Value);
}
