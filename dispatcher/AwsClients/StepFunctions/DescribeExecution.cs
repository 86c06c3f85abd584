using Amazon.Runtime;

namespace Amazon.StepFunctions.Model;

/// <summary>What DescribeExecution asks.</summary>
public sealed class DescribeExecutionRequest : AmazonWebServiceRequest
{
    public string? ExecutionArn { get; set; }

    public string? IncludedData { get; set; }
}

/// <summary>What DescribeExecution answers.</summary>
public sealed class DescribeExecutionResponse : AmazonWebServiceResponse
{
    public string? ExecutionArn { get; set; }

    public string? StateMachineArn { get; set; }

    public string? Name { get; set; }

    public string? Status { get; set; }

    public DateTime? StartDate { get; set; }

    public DateTime? StopDate { get; set; }

    public string? Input { get; set; }

    public string? Output { get; set; }

    public string? TraceHeader { get; set; }

    public string? MapRunArn { get; set; }

    public string? Error { get; set; }

    public string? Cause { get; set; }

    public string? StateMachineVersionArn { get; set; }

    public string? StateMachineAliasArn { get; set; }

    public int? RedriveCount { get; set; }

    public DateTime? RedriveDate { get; set; }

    public string? RedriveStatus { get; set; }

    public string? RedriveStatusReason { get; set; }
}
