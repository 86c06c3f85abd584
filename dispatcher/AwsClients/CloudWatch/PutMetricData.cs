using Amazon.Runtime;

namespace Amazon.CloudWatch.Model;

/// <summary>What PutMetricData asks.</summary>
public sealed class PutMetricDataRequest : AmazonWebServiceRequest
{
    public string? Namespace { get; set; }

    public List<MetricDatum>? MetricData { get; set; }
}

/// <summary>What PutMetricData answers: nothing but that it is done.</summary>
public sealed class PutMetricDataResponse : AmazonWebServiceResponse;

/// <summary>Part of PutMetricData.</summary>
public sealed class MetricDatum
{
    public string? MetricName { get; set; }

    public List<Dimension> Dimensions { get; set; } = [];

    public DateTime? Timestamp { get; set; }

    public double? Value { get; set; }

    public List<double> Values { get; set; } = [];

    public List<double> Counts { get; set; } = [];

    public string? Unit { get; set; }

    public int? StorageResolution { get; set; }
}
