using Amazon.Runtime;

namespace Amazon.CloudWatch.Model;

/// <summary>What DescribeAlarmHistory asks.</summary>
public sealed class DescribeAlarmHistoryRequest : AmazonWebServiceRequest
{
    public string? AlarmName { get; set; }

    public List<string>? AlarmTypes { get; set; }

    public string? HistoryItemType { get; set; }

    public DateTime? StartDate { get; set; }

    public DateTime? EndDate { get; set; }

    public int? MaxRecords { get; set; }

    public string? NextToken { get; set; }

    public string? ScanBy { get; set; }
}

/// <summary>What DescribeAlarmHistory answers.</summary>
public sealed class DescribeAlarmHistoryResponse : AmazonWebServiceResponse
{
    public List<AlarmHistoryItem> AlarmHistoryItems { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of DescribeAlarmHistory.</summary>
public sealed class AlarmHistoryItem
{
    public string? AlarmName { get; set; }

    public string? AlarmType { get; set; }

    public DateTime? Timestamp { get; set; }

    public string? HistoryItemType { get; set; }

    public string? HistorySummary { get; set; }

    public string? HistoryData { get; set; }
}
