using Amazon.Runtime;

namespace Amazon.StepFunctions.Model;

/// <summary>What DescribeStateMachine asks.</summary>
public sealed class DescribeStateMachineRequest : AmazonWebServiceRequest
{
    public string? StateMachineArn { get; set; }

    public string? IncludedData { get; set; }
}

/// <summary>What DescribeStateMachine answers.</summary>
public sealed class DescribeStateMachineResponse : AmazonWebServiceResponse
{
    public string? StateMachineArn { get; set; }

    public string? Name { get; set; }

    public string? Status { get; set; }

    public string? Definition { get; set; }

    public string? RoleArn { get; set; }

    public string? Type { get; set; }

    public DateTime? CreationDate { get; set; }

    public string? Label { get; set; }

    public string? RevisionId { get; set; }

    public string? Description { get; set; }
}
