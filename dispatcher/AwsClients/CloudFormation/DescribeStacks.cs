using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What DescribeStacks asks.</summary>
public sealed class DescribeStacksRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public string? NextToken { get; set; }
}

/// <summary>What DescribeStacks answers.</summary>
public sealed class DescribeStacksResponse : AmazonWebServiceResponse
{
    public List<Stack> Stacks { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of DescribeStacks.</summary>
public sealed class Stack
{
    public string? StackId { get; set; }

    public string? StackName { get; set; }

    public string? ChangeSetId { get; set; }

    public string? Description { get; set; }

    public List<Parameter> Parameters { get; set; } = [];

    public DateTime? CreationTime { get; set; }

    public DateTime? DeletionTime { get; set; }

    public DateTime? LastUpdatedTime { get; set; }

    public string? StackStatus { get; set; }

    public string? StackStatusReason { get; set; }

    public bool? DisableRollback { get; set; }

    public List<string> NotificationARNs { get; set; } = [];

    public int? TimeoutInMinutes { get; set; }

    public List<string> Capabilities { get; set; } = [];

    public List<Output> Outputs { get; set; } = [];

    public string? RoleARN { get; set; }

    public List<Tag> Tags { get; set; } = [];

    public bool? EnableTerminationProtection { get; set; }

    public string? ParentId { get; set; }

    public string? RootId { get; set; }

    public bool? RetainExceptOnCreate { get; set; }

    public string? DeletionMode { get; set; }

    public string? DetailedStatus { get; set; }
}

/// <summary>Part of DescribeStacks.</summary>
public sealed class Output
{
    public string? OutputKey { get; set; }

    public string? OutputValue { get; set; }

    public string? Description { get; set; }

    public string? ExportName { get; set; }
}
