using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

internal sealed record ListStateMachinesRequest
{
    public int? MaxResults { get; init; }

    public string? NextToken { get; init; }
}

internal sealed record ListStateMachinesResponse(IReadOnlyList<StateMachineItem> StateMachines, string? NextToken);

internal sealed record StateMachineItem(string StateMachineArn, string Name, string Type, DateTimeOffset CreationDate);

/// <summary>Lists the state machines of an account and Region.</summary>
internal sealed class ListStateMachines(StateMachines machines, Listings lists)
{
    public ListStateMachinesResponse Run(ListStateMachinesRequest request, Caller caller)
    {
        var size = StepFunctionsErrors.PageSize(request.MaxResults, request.NextToken);
        var (page, next) = lists
            .Of("ListStateMachines", caller.Scope)
            .Page(machines.List(caller.Scope), machine => machine.Name, size, request.NextToken);
        return new(page.ConvertAll(machine => new StateMachineItem(machine.Arn, machine.Name, machine.Type, machine.Created)), next);
    }
}
