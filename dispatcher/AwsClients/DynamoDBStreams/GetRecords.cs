using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.Runtime;

namespace Amazon.DynamoDBStreams.Model;

/// <summary>What GetRecords asks.</summary>
public sealed class GetRecordsRequest : AmazonWebServiceRequest
{
    public string? ShardIterator { get; set; }

    public int? Limit { get; set; }
}

/// <summary>What GetRecords answers.</summary>
public sealed class GetRecordsResponse : AmazonWebServiceResponse
{
    public List<Record> Records { get; set; } = [];

    /// <summary>Null at the end of a shard that is closed.</summary>
    public string? NextShardIterator { get; set; }
}

/// <summary>One change of the table.</summary>
public sealed class Record
{
    [JsonPropertyName("eventID")]
    public string? EventID { get; set; }

    [JsonPropertyName("eventName")]
    public string? EventName { get; set; }

    [JsonPropertyName("dynamodb")]
    public StreamChange? Dynamodb { get; set; }
}

/// <summary>What changed, as far as Disa reads it.</summary>
public sealed class StreamChange
{
    /// <summary>The key, in DynamoDB JSON.</summary>
    public JsonElement Keys { get; set; }

    public string? SequenceNumber { get; set; }

    /// <summary>Seconds since 1970.</summary>
    public double? ApproximateCreationDateTime { get; set; }
}
