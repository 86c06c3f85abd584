using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Functions.Init;

/// <summary>A batch of records of the table's stream, as the event source mapping hands it over; or messages of the queue that names those given up.</summary>
public sealed record StreamEvent([property: JsonPropertyName("Records")] IReadOnlyList<StreamRecord>? Records)
{
    /// <summary>When the newest of its changes was made, to the second; null where it tells of none.</summary>
    [JsonIgnore]
    public DateTimeOffset? Newest =>
        Records?.Max(record => record.Change?.ApproximateCreationDateTime) is { } seconds
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}

/// <summary>One change of the table, or one message of the queue.</summary>
public sealed record StreamRecord(
    [property: JsonPropertyName("eventID")] string? EventId,
    [property: JsonPropertyName("eventName")] string? EventName,
    [property: JsonPropertyName("dynamodb")] Change? Change,
    [property: JsonPropertyName("eventSource")] string? EventSource = null,
    [property: JsonPropertyName("messageId")] string? MessageId = null,
    [property: JsonPropertyName("body")] string? Body = null
)
{
    /// <summary>Whether it is a message of the queue.</summary>
    [JsonIgnore]
    public bool IsOfTheQueue => EventSource == "aws:sqs";
}

/// <summary>What changed: its key, when it was, in seconds since 1970, and, where the stream carries it, the new item, of which only whether it is a message matters.</summary>
public sealed record Change(
    [property: JsonPropertyName("Keys")] JsonElement Keys,
    [property: JsonPropertyName("ApproximateCreationDateTime")] double? ApproximateCreationDateTime,
    [property: JsonPropertyName("SequenceNumber")] string? SequenceNumber,
    [property: JsonPropertyName("NewImage")] JsonElement? NewImage = null
);

/// <summary>The records that shall come again: the lowest is the checkpoint, everything from it is handed over once more.</summary>
public sealed record BatchResponse([property: JsonPropertyName("batchItemFailures")] IReadOnlyList<BatchItemFailure> BatchItemFailures);

/// <summary>A record by its sequence number.</summary>
public sealed record BatchItemFailure([property: JsonPropertyName("itemIdentifier")] string ItemIdentifier);

/// <summary>The JSON of the init function, generated at build time.</summary>
[JsonSerializable(typeof(StreamEvent))]
[JsonSerializable(typeof(BatchResponse))]
internal sealed partial class InitJson : JsonSerializerContext;
