using Amazon.Runtime;

namespace Amazon.CloudFormation.Model;

/// <summary>What ExecuteChangeSet asks.</summary>
public sealed class ExecuteChangeSetRequest : AmazonWebServiceRequest
{
    public string? ChangeSetName { get; set; }

    public string? StackName { get; set; }

    public string? ClientRequestToken { get; set; }

    public bool? DisableRollback { get; set; }

    public bool? RetainExceptOnCreate { get; set; }
}

/// <summary>What ExecuteChangeSet answers.</summary>
public sealed class ExecuteChangeSetResponse : AmazonWebServiceResponse { }
