using Amazon.CloudWatch.Model;

namespace Disa.Operations;

/// <summary>The metrics that the dispatcher keeps of itself, and on AWS those of the services it runs on, a value for each minute.</summary>
/// <param name="Series">By metric, the minutes that have a value, oldest first.</param>
internal sealed record Traffic(
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyDictionary<string, IReadOnlyList<(DateTimeOffset At, double Value)>> Series
)
{
    /// <summary>How long a time each value is of.</summary>
    public TimeSpan Slot { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Namespace Disa, dimension Stack: the name and the statistic of each.</summary>
    private static readonly (string Id, string Metric, string Statistic)[] Own =
    [
        ("sent", "Sent", "Sum"),
        ("failed", "Failed", "Sum"),
        ("rejected", "Rejected", "Sum"),
        ("held", "Held", "Maximum"),
        ("age", "OldestDueAge", "Maximum"),
        ("p50", "InsertToSent", "p50"),
        ("p95", "InsertToSent", "p95"),
        ("p99", "InsertToSent", "p99"),
    ];

    /// <summary>What AWS's services keep of themselves: namespace, dimension, its value, metric. The emulator keeps none of these.</summary>
    private static (string Id, string Namespace, string Dimension, string Value, string Metric)[] Aws(Deployment deployment) =>
        [
            ("init", "AWS/Lambda", "FunctionName", deployment.Output("InitFunctionName"), "Invocations"),
            ("process", "AWS/Lambda", "FunctionName", deployment.ProcessFunctionName, "Invocations"),
            ("retry", "AWS/Lambda", "FunctionName", deployment.RetryFunctionName, "Invocations"),
            ("started", "AWS/States", "StateMachineArn", deployment.StateMachineArn, "ExecutionsStarted"),
            ("published", "AWS/SNS", "TopicName", deployment.TopicName, "NumberOfMessagesPublished"),
            ("delivered", "AWS/SNS", "TopicName", deployment.TopicName, "NumberOfNotificationsDelivered"),
        ];

    /// <summary>The whole minutes up to now, and the one that is in progress.</summary>
    /// <remarks>GetMetricData bills each metric that is asked for: fourteen at $0.00001.</remarks>
    public static async Task<Traffic> Read(
        AwsSession session,
        Deployment deployment,
        DateTimeOffset now,
        int minutes,
        bool isEmulator,
        CancellationToken cancellation
    )
    {
        var to = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero) + TimeSpan.FromMinutes(1);
        var from = to - TimeSpan.FromMinutes(minutes);
        var answer = await session
            .CloudWatch.GetMetricDataAsync(
                new GetMetricDataRequest
                {
                    StartTime = from.UtcDateTime,
                    EndTime = to.UtcDateTime,
                    ScanBy = "TimestampAscending",
                    MetricDataQueries =
                    [
                        .. Own.Select(one => new MetricDataQuery
                        {
                            Id = one.Id,
                            MetricStat = new()
                            {
                                Metric = new()
                                {
                                    Namespace = "Disa",
                                    MetricName = one.Metric,
                                    Dimensions = [new() { Name = "Stack", Value = deployment.StackName }],
                                },
                                Period = 60,
                                Stat = one.Statistic,
                            },
                        }),
                        .. (isEmulator ? [] : Aws(deployment)).Select(one => new MetricDataQuery
                        {
                            Id = one.Id,
                            MetricStat = new()
                            {
                                Metric = new()
                                {
                                    Namespace = one.Namespace,
                                    MetricName = one.Metric,
                                    Dimensions = [new() { Name = one.Dimension, Value = one.Value }],
                                },
                                Period = 60,
                                Stat = "Sum",
                            },
                        }),
                    ],
                },
                cancellation
            )
            .ConfigureAwait(false);
        return Of(from, to, answer);
    }

    /// <summary>Messages sent and failed, and how long they took, over a longer time.</summary>
    public static async Task<Traffic> ReadBack(
        AwsSession session,
        Deployment deployment,
        DateTimeOffset now,
        TimeSpan span,
        TimeSpan slot,
        CancellationToken cancellation
    )
    {
        var to = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % slot.Ticks), TimeSpan.Zero) + slot;
        var answer = await session
            .CloudWatch.GetMetricDataAsync(
                new GetMetricDataRequest
                {
                    StartTime = (to - span).UtcDateTime,
                    EndTime = to.UtcDateTime,
                    ScanBy = "TimestampAscending",
                    MetricDataQueries =
                    [
                        .. Own.Where(one => one.Id is "sent" or "failed" or "p50" or "p95" or "p99")
                            .Select(one => new MetricDataQuery
                            {
                                Id = one.Id,
                                MetricStat = new()
                                {
                                    Metric = new()
                                    {
                                        Namespace = "Disa",
                                        MetricName = one.Metric,
                                        Dimensions = [new() { Name = "Stack", Value = deployment.StackName }],
                                    },
                                    Period = (int)slot.TotalSeconds,
                                    Stat = one.Statistic,
                                },
                            }),
                    ],
                },
                cancellation
            )
            .ConfigureAwait(false);
        return Of(to - span, to, answer) with { Slot = slot };
    }

    private static Traffic Of(DateTimeOffset from, DateTimeOffset to, GetMetricDataResponse answer) =>
        new(
            from,
            to,
            answer.MetricDataResults.ToDictionary(
                result => result.Id!,
                result =>
                    (IReadOnlyList<(DateTimeOffset, double)>)
                        [.. result.Timestamps.Select(WorkflowTime).Zip(result.Values).OrderBy(pair => pair.First)],
                StringComparer.Ordinal
            )
        );

    /// <summary>The sum of all its minutes.</summary>
    public double Total(string id) => Series.GetValueOrDefault(id, []).Sum(point => point.Value);

    /// <summary>The sum of the last minutes, the one in progress included.</summary>
    public double Last(string id, int minutes) =>
        Series.GetValueOrDefault(id, []).Where(point => point.At >= To - TimeSpan.FromMinutes(minutes)).Sum(point => point.Value);

    /// <summary>The newest value.</summary>
    public double? Newest(string id) => Series.GetValueOrDefault(id, []) is [.., var last] ? last.Value : null;

    private static DateTimeOffset WorkflowTime(DateTime time) => WorkflowRun.Utc(time);
}
