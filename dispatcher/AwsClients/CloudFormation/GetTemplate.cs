using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What GetTemplate asks.</summary>
public sealed class GetTemplateRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public string? ChangeSetName { get; set; }

    public string? TemplateStage { get; set; }
}

/// <summary>What GetTemplate answers.</summary>
public sealed class GetTemplateResponse : AmazonWebServiceResponse
{
    public string? TemplateBody { get; set; }

    public List<string> StagesAvailable { get; set; } = [];
}
