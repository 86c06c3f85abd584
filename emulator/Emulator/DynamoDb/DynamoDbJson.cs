using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

/// <summary>The requests and answers of DynamoDB and its streams.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(TimestampConverter)], MaxDepth = 128)]
[JsonSerializable(typeof(FailedItem))]
[JsonSerializable(typeof(CancellationReasons))]
[JsonSerializable(typeof(CreateTableRequest))]
[JsonSerializable(typeof(CreateTableResponse))]
[JsonSerializable(typeof(DescribeTableRequest))]
[JsonSerializable(typeof(DescribeTableResponse))]
[JsonSerializable(typeof(DeleteTableRequest))]
[JsonSerializable(typeof(DeleteTableResponse))]
[JsonSerializable(typeof(ListTablesRequest))]
[JsonSerializable(typeof(ListTablesResponse))]
[JsonSerializable(typeof(PutItemRequest))]
[JsonSerializable(typeof(PutItemResponse))]
[JsonSerializable(typeof(GetItemRequest))]
[JsonSerializable(typeof(GetItemResponse))]
[JsonSerializable(typeof(UpdateItemRequest))]
[JsonSerializable(typeof(UpdateItemResponse))]
[JsonSerializable(typeof(DeleteItemRequest))]
[JsonSerializable(typeof(DeleteItemResponse))]
internal sealed partial class DynamoDbJson : JsonSerializerContext;

/// <summary>What is kept: documents of older versions must stay readable.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TableDocument))]
[JsonSerializable(typeof(StreamDocument))]
internal sealed partial class DynamoDbDocuments : JsonSerializerContext;
