using System.Text.Json.Serialization;
using Amazon.DynamoDBStreams.Model;

namespace Amazon.DynamoDBStreams;

/// <summary>The JSON of DynamoDB Streams' requests and responses, generated at build time.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GetShardIteratorRequest))]
[JsonSerializable(typeof(GetShardIteratorResponse))]
[JsonSerializable(typeof(GetRecordsRequest))]
[JsonSerializable(typeof(GetRecordsResponse))]
internal sealed partial class DynamoDBStreamsJson : JsonSerializerContext;
