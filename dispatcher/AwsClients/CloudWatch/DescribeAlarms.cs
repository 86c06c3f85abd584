using Amazon.Runtime;

namespace Amazon.CloudWatch.Model;

/// <summary>What DescribeAlarms asks.</summary>
public sealed class DescribeAlarmsRequest : AmazonWebServiceRequest
{
    public List<string>? AlarmNames { get; set; }

    public string? AlarmNamePrefix { get; set; }

    public List<string>? AlarmTypes { get; set; }

    public string? ChildrenOfAlarmName { get; set; }

    public string? ParentsOfAlarmName { get; set; }

    public string? StateValue { get; set; }

    public string? ActionPrefix { get; set; }

    public int? MaxRecords { get; set; }

    public string? NextToken { get; set; }
}

/// <summary>What DescribeAlarms answers.</summary>
public sealed class DescribeAlarmsResponse : AmazonWebServiceResponse
{
    public List<MetricAlarm> MetricAlarms { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of DescribeAlarms.</summary>
public sealed class MetricAlarm
{
    public string? AlarmName { get; set; }

    public string? AlarmArn { get; set; }

    public string? AlarmDescription { get; set; }

    public DateTime? AlarmConfigurationUpdatedTimestamp { get; set; }

    public bool? ActionsEnabled { get; set; }

    public List<string> OKActions { get; set; } = [];

    public List<string> AlarmActions { get; set; } = [];

    public List<string> InsufficientDataActions { get; set; } = [];

    public string? StateValue { get; set; }

    public string? StateReason { get; set; }

    public string? StateReasonData { get; set; }

    public DateTime? StateUpdatedTimestamp { get; set; }

    public string? MetricName { get; set; }

    public string? Namespace { get; set; }

    public string? Statistic { get; set; }

    public string? ExtendedStatistic { get; set; }

    public List<Dimension> Dimensions { get; set; } = [];

    /// <summary>The queries of an alarm on an expression; empty for one on a metric.</summary>
    public List<MetricDataQuery> Metrics { get; set; } = [];

    public int? Period { get; set; }

    public string? Unit { get; set; }

    public int? EvaluationPeriods { get; set; }

    public int? DatapointsToAlarm { get; set; }

    public double? Threshold { get; set; }

    public string? ComparisonOperator { get; set; }

    public string? TreatMissingData { get; set; }

    public string? EvaluationState { get; set; }

    public DateTime? StateTransitionedTimestamp { get; set; }
}
