using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What DeleteStack asks.</summary>
public sealed class DeleteStackRequest : AmazonWebServiceRequest
{
    public string? StackName { get; set; }

    public List<string>? RetainResources { get; set; }

    public string? RoleARN { get; set; }

    public string? ClientRequestToken { get; set; }

    public string? DeletionMode { get; set; }
}

/// <summary>What DeleteStack answers: nothing but that it is done.</summary>
public sealed class DeleteStackResponse : AmazonWebServiceResponse;
