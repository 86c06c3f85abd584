using Amazon.Runtime;

namespace Amazon.CloudWatch.Model;

/// <summary>What GetMetricData asks.</summary>
public sealed class GetMetricDataRequest : AmazonWebServiceRequest
{
    public List<MetricDataQuery>? MetricDataQueries { get; set; }

    public DateTime? StartTime { get; set; }

    public DateTime? EndTime { get; set; }

    public string? NextToken { get; set; }

    public string? ScanBy { get; set; }

    public int? MaxDatapoints { get; set; }
}

/// <summary>What GetMetricData answers.</summary>
public sealed class GetMetricDataResponse : AmazonWebServiceResponse
{
    public List<MetricDataResult> MetricDataResults { get; set; } = [];

    public string? NextToken { get; set; }

    public List<MessageData> Messages { get; set; } = [];
}

/// <summary>Part of GetMetricData.</summary>
public sealed class MetricDataQuery
{
    public string? Id { get; set; }

    public MetricStat? MetricStat { get; set; }

    public string? Expression { get; set; }

    public string? Label { get; set; }

    public bool? ReturnData { get; set; }

    public int? Period { get; set; }

    public string? AccountId { get; set; }
}

/// <summary>Part of GetMetricData.</summary>
public sealed class MetricStat
{
    public Metric? Metric { get; set; }

    public int? Period { get; set; }

    public string? Stat { get; set; }

    public string? Unit { get; set; }
}

/// <summary>Part of GetMetricData.</summary>
public sealed class Metric
{
    public string? Namespace { get; set; }

    public string? MetricName { get; set; }

    public List<Dimension> Dimensions { get; set; } = [];
}

/// <summary>Part of GetMetricData.</summary>
public sealed class MetricDataResult
{
    public string? Id { get; set; }

    public string? Label { get; set; }

    public List<DateTime> Timestamps { get; set; } = [];

    public List<double> Values { get; set; } = [];

    public string? StatusCode { get; set; }

    public List<MessageData> Messages { get; set; } = [];
}

/// <summary>Part of GetMetricData.</summary>
public sealed class MessageData
{
    public string? Code { get; set; }

    public string? Value { get; set; }
}
