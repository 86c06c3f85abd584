using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What ListStackResources asks.</summary>
public sealed class ListStackResourcesRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public string? NextToken { get; set; }
}

/// <summary>What ListStackResources answers.</summary>
public sealed class ListStackResourcesResponse : AmazonWebServiceResponse
{
    public List<StackResourceSummary> StackResourceSummaries { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of ListStackResources.</summary>
public sealed class StackResourceSummary
{
    public string? LogicalResourceId { get; set; }

    public string? PhysicalResourceId { get; set; }

    public string? ResourceType { get; set; }

    public DateTime? LastUpdatedTimestamp { get; set; }

    public string? ResourceStatus { get; set; }

    public string? ResourceStatusReason { get; set; }
}
