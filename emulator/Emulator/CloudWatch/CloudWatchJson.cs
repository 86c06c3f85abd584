using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudWatch;

/// <summary>Requests and answers on the wire.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(TimestampConverter), typeof(JavaDoubleConverter)]
)]
[JsonSerializable(typeof(PutMetricDataRequest))]
[JsonSerializable(typeof(ListMetricsRequest))]
[JsonSerializable(typeof(ListMetricsResponse))]
[JsonSerializable(typeof(GetMetricStatisticsRequest))]
[JsonSerializable(typeof(GetMetricStatisticsResponse))]
[JsonSerializable(typeof(GetMetricDataRequest))]
[JsonSerializable(typeof(GetMetricDataResponse))]
[JsonSerializable(typeof(PutMetricAlarmRequest))]
[JsonSerializable(typeof(PutCompositeAlarmRequest))]
[JsonSerializable(typeof(DescribeAlarmsRequest))]
[JsonSerializable(typeof(DescribeAlarmsResponse))]
[JsonSerializable(typeof(DescribeAlarmsForMetricRequest))]
[JsonSerializable(typeof(DescribeAlarmsForMetricResponse))]
[JsonSerializable(typeof(DescribeAlarmHistoryRequest))]
[JsonSerializable(typeof(DescribeAlarmHistoryResponse))]
[JsonSerializable(typeof(SetAlarmStateRequest))]
[JsonSerializable(typeof(AlarmNamesRequest))]
[JsonSerializable(typeof(ListTagsForResourceRequest))]
[JsonSerializable(typeof(ListTagsForResourceResponse))]
[JsonSerializable(typeof(TagResourceRequest))]
[JsonSerializable(typeof(UntagResourceRequest))]
[JsonSerializable(typeof(EmptyResponse))]
[JsonSerializable(typeof(PutDashboardRequest))]
[JsonSerializable(typeof(PutDashboardResponse))]
[JsonSerializable(typeof(GetDashboardRequest))]
[JsonSerializable(typeof(GetDashboardResponse))]
[JsonSerializable(typeof(ListDashboardsRequest))]
[JsonSerializable(typeof(ListDashboardsResponse))]
[JsonSerializable(typeof(DeleteDashboardsRequest))]
internal sealed partial class CloudWatchJson : JsonSerializerContext;

/// <summary>Documents in the store.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Alarm))]
[JsonSerializable(typeof(Dashboard))]
internal sealed partial class CloudWatchStore : JsonSerializerContext;

/// <summary>JSON inside texts: histories and events.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(ConfigurationHistory))]
[JsonSerializable(typeof(StateHistory))]
[JsonSerializable(typeof(ActionHistory))]
[JsonSerializable(typeof(FunctionMessage))]
[JsonSerializable(typeof(AlarmDetail))]
[JsonSerializable(typeof(ChildrenData))]
internal sealed partial class CloudWatchText : JsonSerializerContext
{
    /// <summary>With quotes and plus signs as AWS writes them, not escaped for HTML.</summary>
    public static CloudWatchText Plain =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>The message to a topic, which writes nulls out.</summary>
[JsonSourceGenerationOptions(Converters = [typeof(JavaDoubleConverter)])]
[JsonSerializable(typeof(TopicMessage))]
[JsonSerializable(typeof(CompositeMessage))]
internal sealed partial class CloudWatchTopic : JsonSerializerContext
{
    public static CloudWatchTopic Plain =>
        field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}

/// <summary>Numbers with their decimal point, as CloudWatch's messages have them.</summary>
internal sealed class JavaDoubleConverter : JsonConverter<double>
{
    /// <summary>What is no number travels as text, and is refused with its parameter's name later.</summary>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType != JsonTokenType.String
            ? reader.GetDouble()
            : reader.GetString() switch
            {
                "NaN" => double.NaN,
                "Infinity" => double.PositiveInfinity,
                "-Infinity" => double.NegativeInfinity,
                var text => throw new JsonException($"'{text}' is not a number."),
            };

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        writer.WriteRawValue(AlarmText.Number(value));
}

/// <summary>Resource properties, whose scalars a template may write as text.</summary>
[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    Converters = [typeof(BooleanTextConverter)]
)]
[JsonSerializable(typeof(PutMetricAlarmRequest))]
[JsonSerializable(typeof(PutCompositeAlarmRequest))]
internal sealed partial class CloudWatchTemplate : JsonSerializerContext;
