using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What CreateStack asks.</summary>
public sealed class CreateStackRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public string? TemplateBody { get; set; }

    public string? TemplateURL { get; set; }

    public List<Parameter>? Parameters { get; set; }

    public bool? DisableRollback { get; set; }

    public int? TimeoutInMinutes { get; set; }

    public List<string>? NotificationARNs { get; set; }

    public List<string>? Capabilities { get; set; }

    public List<string>? ResourceTypes { get; set; }

    public string? RoleARN { get; set; }

    public string? OnFailure { get; set; }

    public string? StackPolicyBody { get; set; }

    public string? StackPolicyURL { get; set; }

    public List<Tag>? Tags { get; set; }

    public string? ClientRequestToken { get; set; }

    public bool? EnableTerminationProtection { get; set; }

    public bool? RetainExceptOnCreate { get; set; }
}

/// <summary>What CreateStack answers.</summary>
public sealed class CreateStackResponse : AmazonWebServiceResponse
{
    public string? StackId { get; set; }

    public string? OperationId { get; set; }
}
