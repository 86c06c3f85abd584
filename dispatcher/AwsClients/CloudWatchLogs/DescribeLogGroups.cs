using Amazon.Runtime;

namespace Amazon.CloudWatchLogs.Model;

/// <summary>What DescribeLogGroups asks.</summary>
public sealed class DescribeLogGroupsRequest : AmazonWebServiceRequest
{
    public List<string>? AccountIdentifiers { get; set; }

    public string? LogGroupNamePrefix { get; set; }

    public string? LogGroupNamePattern { get; set; }

    public string? NextToken { get; set; }

    public int? Limit { get; set; }

    public bool? IncludeLinkedAccounts { get; set; }

    public string? LogGroupClass { get; set; }

    public List<string>? LogGroupIdentifiers { get; set; }
}

/// <summary>What DescribeLogGroups answers.</summary>
public sealed class DescribeLogGroupsResponse : AmazonWebServiceResponse
{
    public List<LogGroup> LogGroups { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of DescribeLogGroups.</summary>
public sealed class LogGroup
{
    public string? LogGroupName { get; set; }

    public long? CreationTime { get; set; }

    public int? RetentionInDays { get; set; }

    public int? MetricFilterCount { get; set; }

    public string? Arn { get; set; }

    public long? StoredBytes { get; set; }

    public string? KmsKeyId { get; set; }

    public string? DataProtectionStatus { get; set; }

    public string? LogGroupClass { get; set; }

    public string? LogGroupArn { get; set; }
}
