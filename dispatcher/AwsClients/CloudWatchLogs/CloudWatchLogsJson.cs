using System.Text.Json.Serialization;
using Amazon.CloudWatchLogs.Model;
using Disa.AwsClients.Wire;

namespace Amazon.CloudWatchLogs;

/// <summary>The JSON of CloudWatch Logs's requests and responses, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(EpochSeconds)]
)]
[JsonSerializable(typeof(FilterLogEventsRequest))]
[JsonSerializable(typeof(FilterLogEventsResponse))]
[JsonSerializable(typeof(DescribeLogGroupsRequest))]
[JsonSerializable(typeof(DescribeLogGroupsResponse))]
internal sealed partial class CloudWatchLogsJson : JsonSerializerContext;
