using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What DescribeStackEvents asks.</summary>
public sealed class DescribeStackEventsRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public string? NextToken { get; set; }
}

/// <summary>What DescribeStackEvents answers.</summary>
public sealed class DescribeStackEventsResponse : AmazonWebServiceResponse
{
    public List<StackEvent> StackEvents { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of DescribeStackEvents.</summary>
public sealed class StackEvent
{
    public string? StackId { get; set; }

    public string? EventId { get; set; }

    public string? StackName { get; set; }

    public string? LogicalResourceId { get; set; }

    public string? PhysicalResourceId { get; set; }

    public string? ResourceType { get; set; }

    public DateTime? Timestamp { get; set; }

    public string? ResourceStatus { get; set; }

    public string? ResourceStatusReason { get; set; }

    public string? ResourceProperties { get; set; }

    public string? ClientRequestToken { get; set; }

    public string? DetailedStatus { get; set; }
}
