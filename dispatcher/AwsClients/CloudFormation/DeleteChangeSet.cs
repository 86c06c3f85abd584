using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What DeleteChangeSet asks.</summary>
public sealed class DeleteChangeSetRequest : AmazonWebServiceRequest
{
    public string? ChangeSetName { get; set; }

    public string? StackName { get; set; }
}

/// <summary>What DeleteChangeSet answers.</summary>
public sealed class DeleteChangeSetResponse : AmazonWebServiceResponse { }
