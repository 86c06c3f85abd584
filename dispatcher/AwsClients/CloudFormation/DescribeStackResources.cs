using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What DescribeStackResources asks.</summary>
public sealed class DescribeStackResourcesRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public string? LogicalResourceId { get; set; }

    public string? PhysicalResourceId { get; set; }
}

/// <summary>What DescribeStackResources answers.</summary>
public sealed class DescribeStackResourcesResponse : AmazonWebServiceResponse
{
    public List<StackResource> StackResources { get; set; } = [];
}

/// <summary>Part of DescribeStackResources.</summary>
public sealed class StackResource
{
    public string? StackName { get; set; }

    public string? StackId { get; set; }

    public string? LogicalResourceId { get; set; }

    public string? PhysicalResourceId { get; set; }

    public string? ResourceType { get; set; }

    public DateTime? Timestamp { get; set; }

    public string? ResourceStatus { get; set; }

    public string? ResourceStatusReason { get; set; }

    public string? Description { get; set; }
}
