using Amazon.Runtime;

namespace Amazon.StepFunctions.Model;

/// <summary>What ListExecutions asks.</summary>
public sealed class ListExecutionsRequest : AmazonWebServiceRequest
{
    public string? StateMachineArn { get; set; }

    public string? StatusFilter { get; set; }

    public int? MaxResults { get; set; }

    public string? NextToken { get; set; }

    public string? MapRunArn { get; set; }

    public string? RedriveFilter { get; set; }
}

/// <summary>What ListExecutions answers.</summary>
public sealed class ListExecutionsResponse : AmazonWebServiceResponse
{
    public List<ExecutionListItem> Executions { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of ListExecutions.</summary>
public sealed class ExecutionListItem
{
    public string? ExecutionArn { get; set; }

    public string? StateMachineArn { get; set; }

    public string? Name { get; set; }

    public string? Status { get; set; }

    public DateTime? StartDate { get; set; }

    public DateTime? StopDate { get; set; }

    public string? MapRunArn { get; set; }

    public int? ItemCount { get; set; }

    public string? StateMachineVersionArn { get; set; }

    public string? StateMachineAliasArn { get; set; }

    public int? RedriveCount { get; set; }

    public DateTime? RedriveDate { get; set; }
}
