using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What UpdateStack asks.</summary>
public sealed class UpdateStackRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public string? TemplateBody { get; set; }

    public string? TemplateURL { get; set; }

    public bool? UsePreviousTemplate { get; set; }

    public string? StackPolicyDuringUpdateBody { get; set; }

    public string? StackPolicyDuringUpdateURL { get; set; }

    public List<Parameter>? Parameters { get; set; }

    public List<string>? Capabilities { get; set; }

    public List<string>? ResourceTypes { get; set; }

    public string? RoleARN { get; set; }

    public string? StackPolicyBody { get; set; }

    public string? StackPolicyURL { get; set; }

    public List<string>? NotificationARNs { get; set; }

    public List<Tag>? Tags { get; set; }

    public bool? DisableRollback { get; set; }

    public string? ClientRequestToken { get; set; }

    public bool? RetainExceptOnCreate { get; set; }
}

/// <summary>What UpdateStack answers.</summary>
public sealed class UpdateStackResponse : AmazonWebServiceResponse
{
    public string? StackId { get; set; }

    public string? OperationId { get; set; }
}
