using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What DescribeChangeSet asks.</summary>
public sealed class DescribeChangeSetRequest : AmazonWebServiceRequest
{
    public string? ChangeSetName { get; set; }

    public string? StackName { get; set; }

    public string? NextToken { get; set; }

    public bool? IncludePropertyValues { get; set; }
}

/// <summary>What DescribeChangeSet answers.</summary>
public sealed class DescribeChangeSetResponse : AmazonWebServiceResponse
{
    public string? ChangeSetName { get; set; }

    public string? ChangeSetId { get; set; }

    public string? StackId { get; set; }

    public string? StackName { get; set; }

    public string? Description { get; set; }

    public List<Parameter> Parameters { get; set; } = [];

    public DateTime? CreationTime { get; set; }

    public string? ExecutionStatus { get; set; }

    public string? Status { get; set; }

    public string? StatusReason { get; set; }

    public List<string> NotificationARNs { get; set; } = [];

    public List<string> Capabilities { get; set; } = [];

    public List<Tag> Tags { get; set; } = [];

    public List<Change> Changes { get; set; } = [];

    public string? NextToken { get; set; }

    public bool? IncludeNestedStacks { get; set; }

    public string? ParentChangeSetId { get; set; }

    public string? RootChangeSetId { get; set; }

    public string? OnStackFailure { get; set; }

    public bool? ImportExistingResources { get; set; }
}

/// <summary>Part of DescribeChangeSet.</summary>
public sealed class Change
{
    public string? Type { get; set; }

    public ResourceChange? ResourceChange { get; set; }
}

/// <summary>Part of DescribeChangeSet.</summary>
public sealed class ResourceChange
{
    public string? PolicyAction { get; set; }

    public string? Action { get; set; }

    public string? LogicalResourceId { get; set; }

    public string? PhysicalResourceId { get; set; }

    public string? ResourceType { get; set; }

    public string? Replacement { get; set; }

    public List<string> Scope { get; set; } = [];

    public List<ResourceChangeDetail> Details { get; set; } = [];

    public string? ChangeSetId { get; set; }
}

/// <summary>Part of DescribeChangeSet.</summary>
public sealed class ResourceChangeDetail
{
    public ResourceTargetDefinition? Target { get; set; }

    public string? Evaluation { get; set; }

    public string? ChangeSource { get; set; }

    public string? CausingEntity { get; set; }
}

/// <summary>Part of DescribeChangeSet.</summary>
public sealed class ResourceTargetDefinition
{
    public string? Attribute { get; set; }

    public string? Name { get; set; }

    public string? RequiresRecreation { get; set; }

    public string? Path { get; set; }

    public string? BeforeValue { get; set; }

    public string? AfterValue { get; set; }

    public string? AttributeChangeType { get; set; }
}
