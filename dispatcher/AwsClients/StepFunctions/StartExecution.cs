using Amazon.Runtime;

namespace Amazon.StepFunctions.Model;

/// <summary>What StartExecution asks.</summary>
public sealed class StartExecutionRequest : AmazonWebServiceRequest
{
    public string? StateMachineArn { get; set; }

    public string? Name { get; set; }

    public string? Input { get; set; }

    public string? TraceHeader { get; set; }
}

/// <summary>What StartExecution answers.</summary>
public sealed class StartExecutionResponse : AmazonWebServiceResponse
{
    public string? ExecutionArn { get; set; }

    public DateTime? StartDate { get; set; }
}
