using Amazon.Runtime;

namespace Amazon.StepFunctions.Model;

/// <summary>What DescribeStateMachineForExecution asks.</summary>
public sealed class DescribeStateMachineForExecutionRequest : AmazonWebServiceRequest
{
    public string? ExecutionArn { get; set; }

    public string? IncludedData { get; set; }
}

/// <summary>What DescribeStateMachineForExecution answers: the definition that the execution runs by, which may not be the newest.</summary>
public sealed class DescribeStateMachineForExecutionResponse : AmazonWebServiceResponse
{
    public string? StateMachineArn { get; set; }

    public string? Name { get; set; }

    public string? Definition { get; set; }

    public string? RoleArn { get; set; }

    public DateTime? UpdateDate { get; set; }

    public string? MapRunArn { get; set; }

    public string? Label { get; set; }

    public string? RevisionId { get; set; }
}
