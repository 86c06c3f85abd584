using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What CreateChangeSet asks.</summary>
public sealed class CreateChangeSetRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public string? TemplateBody { get; set; }

    public string? TemplateURL { get; set; }

    public bool? UsePreviousTemplate { get; set; }

    public List<Parameter>? Parameters { get; set; }

    public List<string>? Capabilities { get; set; }

    public List<string>? ResourceTypes { get; set; }

    public string? RoleARN { get; set; }

    public List<string>? NotificationARNs { get; set; }

    public List<Tag>? Tags { get; set; }

    public string? ChangeSetName { get; set; }

    public string? ClientToken { get; set; }

    public string? Description { get; set; }

    public string? ChangeSetType { get; set; }

    public bool? IncludeNestedStacks { get; set; }

    public string? OnStackFailure { get; set; }

    public bool? ImportExistingResources { get; set; }
}

/// <summary>What CreateChangeSet answers.</summary>
public sealed class CreateChangeSetResponse : AmazonWebServiceResponse
{
    public string? Id { get; set; }

    public string? StackId { get; set; }
}
