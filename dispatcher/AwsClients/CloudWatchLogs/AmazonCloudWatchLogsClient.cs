using Amazon.CloudWatchLogs.Model;
using Amazon.Runtime;
using Disa.AwsClients.Wire;

namespace Amazon.CloudWatchLogs;

/// <summary>Where CloudWatch Logs is and how it is called.</summary>
public sealed class AmazonCloudWatchLogsConfig() : ServiceConfig("CloudWatch Logs", "logs", "2014-03-28");

/// <summary>A client of CloudWatch Logs, for the operations that Disa calls.</summary>
public class AmazonCloudWatchLogsClient : ServiceClient
{
    private static readonly JsonWire Wire = new("Amazon.CloudWatchLogs", "Logs_20140328", "1.1", AmazonCloudWatchLogsException.Of);

    private static readonly Operation<FilterLogEventsRequest, FilterLogEventsResponse> FilterLogEventsOperation = Wire.Operation(
        "FilterLogEvents",
        CloudWatchLogsJson.Default.FilterLogEventsRequest,
        CloudWatchLogsJson.Default.FilterLogEventsResponse
    );

    private static readonly Operation<DescribeLogGroupsRequest, DescribeLogGroupsResponse> DescribeLogGroupsOperation = Wire.Operation(
        "DescribeLogGroups",
        CloudWatchLogsJson.Default.DescribeLogGroupsRequest,
        CloudWatchLogsJson.Default.DescribeLogGroupsResponse
    );

    public AmazonCloudWatchLogsClient()
        : this(new AmazonCloudWatchLogsConfig()) { }

    public AmazonCloudWatchLogsClient(AmazonCloudWatchLogsConfig config)
        : base(config) { }

    public AmazonCloudWatchLogsClient(AWSCredentials credentials, AmazonCloudWatchLogsConfig config)
        : base(credentials, config) { }

    public virtual Task<FilterLogEventsResponse> FilterLogEventsAsync(
        FilterLogEventsRequest request,
        CancellationToken cancellationToken = default
    ) => Call(FilterLogEventsOperation, request, cancellationToken);

    public virtual Task<DescribeLogGroupsResponse> DescribeLogGroupsAsync(
        DescribeLogGroupsRequest request,
        CancellationToken cancellationToken = default
    ) => Call(DescribeLogGroupsOperation, request, cancellationToken);
}
