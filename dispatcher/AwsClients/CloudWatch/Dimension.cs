namespace Amazon.CloudWatch.Model;

/// <summary>Part of DescribeAlarms, PutMetricData and GetMetricData.</summary>
public sealed class Dimension
{
    public string? Name { get; set; }

    public string? Value { get; set; }
}
