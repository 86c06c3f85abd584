using System.Text.Json.Serialization;
using Amazon.CloudWatch.Model;
using Disa.AwsClients.Wire;

namespace Amazon.CloudWatch;

/// <summary>The JSON of CloudWatch's requests and responses, generated at build time.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(Iso8601)])]
[JsonSerializable(typeof(DescribeAlarmsRequest))]
[JsonSerializable(typeof(DescribeAlarmsResponse))]
[JsonSerializable(typeof(DescribeAlarmHistoryRequest))]
[JsonSerializable(typeof(DescribeAlarmHistoryResponse))]
[JsonSerializable(typeof(PutMetricDataRequest))]
[JsonSerializable(typeof(PutMetricDataResponse))]
[JsonSerializable(typeof(GetMetricDataRequest))]
[JsonSerializable(typeof(GetMetricDataResponse))]
[JsonSerializable(typeof(SetAlarmStateRequest))]
[JsonSerializable(typeof(SetAlarmStateResponse))]
internal sealed partial class CloudWatchJson : JsonSerializerContext;
