using Amazon.CloudWatch.Model;
using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.CloudWatch;

/// <summary>Where CloudWatch is and how it is called.</summary>
public sealed class AmazonCloudWatchConfig() : ServiceConfig("CloudWatch", "monitoring", "2010-08-01");

/// <summary>A client of CloudWatch, for the operations that Disa calls.</summary>
public class AmazonCloudWatchClient : ServiceClient
{
    private static readonly QueryWire Wire = new("Amazon.CloudWatch", "2010-08-01", AmazonCloudWatchException.Of);

    private static readonly Operation<DescribeAlarmsRequest, DescribeAlarmsResponse> DescribeAlarmsOperation = Wire.Operation(
        "DescribeAlarms",
        CloudWatchJson.Default.DescribeAlarmsRequest,
        CloudWatchJson.Default.DescribeAlarmsResponse
    );

    private static readonly Operation<DescribeAlarmHistoryRequest, DescribeAlarmHistoryResponse> DescribeAlarmHistoryOperation =
        Wire.Operation(
            "DescribeAlarmHistory",
            CloudWatchJson.Default.DescribeAlarmHistoryRequest,
            CloudWatchJson.Default.DescribeAlarmHistoryResponse
        );

    private static readonly Operation<PutMetricDataRequest, PutMetricDataResponse> PutMetricDataOperation = Wire.Operation(
        "PutMetricData",
        CloudWatchJson.Default.PutMetricDataRequest,
        CloudWatchJson.Default.PutMetricDataResponse
    );

    private static readonly Operation<GetMetricDataRequest, GetMetricDataResponse> GetMetricDataOperation = Wire.Operation(
        "GetMetricData",
        CloudWatchJson.Default.GetMetricDataRequest,
        CloudWatchJson.Default.GetMetricDataResponse
    );

    private static readonly Operation<SetAlarmStateRequest, SetAlarmStateResponse> SetAlarmStateOperation = Wire.Operation(
        "SetAlarmState",
        CloudWatchJson.Default.SetAlarmStateRequest,
        CloudWatchJson.Default.SetAlarmStateResponse
    );

    public AmazonCloudWatchClient()
        : this(new AmazonCloudWatchConfig()) { }

    public AmazonCloudWatchClient(AmazonCloudWatchConfig config)
        : base(config) { }

    public AmazonCloudWatchClient(AWSCredentials credentials, AmazonCloudWatchConfig config)
        : base(credentials, config) { }

    public virtual Task<DescribeAlarmsResponse> DescribeAlarmsAsync(
        DescribeAlarmsRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeAlarmsOperation, request, cancellationToken);

    public virtual Task<DescribeAlarmHistoryResponse> DescribeAlarmHistoryAsync(
        DescribeAlarmHistoryRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeAlarmHistoryOperation, request, cancellationToken);

    public virtual Task<PutMetricDataResponse> PutMetricDataAsync(
        PutMetricDataRequest request,
        CancellationToken cancellationToken = default
    ) => Call(PutMetricDataOperation, request, cancellationToken);

    public virtual Task<GetMetricDataResponse> GetMetricDataAsync(
        GetMetricDataRequest request,
        CancellationToken cancellationToken = default
    ) => Call(GetMetricDataOperation, request, cancellationToken);

    public virtual Task<SetAlarmStateResponse> SetAlarmStateAsync(
        SetAlarmStateRequest request,
        CancellationToken cancellationToken = default
    ) => Call(SetAlarmStateOperation, request, cancellationToken);
}
