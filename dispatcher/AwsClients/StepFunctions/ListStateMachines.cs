using Amazon.Runtime;

namespace Amazon.StepFunctions.Model;

/// <summary>What ListStateMachines asks.</summary>
public sealed class ListStateMachinesRequest : AmazonWebServiceRequest
{
    public int? MaxResults { get; set; }

    public string? NextToken { get; set; }
}

/// <summary>What ListStateMachines answers.</summary>
public sealed class ListStateMachinesResponse : AmazonWebServiceResponse
{
    public List<StateMachineListItem> StateMachines { get; set; } = [];

    public string? NextToken { get; set; }
}

/// <summary>Part of ListStateMachines.</summary>
public sealed class StateMachineListItem
{
    public string? StateMachineArn { get; set; }

    public string? Name { get; set; }

    public string? Type { get; set; }

    public DateTime? CreationDate { get; set; }
}
