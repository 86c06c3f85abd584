using Disa.Emulator.Aws;

namespace Disa.Emulator.StepFunctions;

internal sealed record ListStateMachinesRequest
{
    public int? MaxResults { get; init; }

    public string? NextToken { get; init; }
}

internal sealed record ListStateMachinesResponse(IReadOnlyList<StateMachineItem> StateMachines, string? NextToken);

internal sealed record StateMachineItem(string StateMachineArn, string Name, string Type, DateTimeOffset CreationDate);

/// <summary>Lists the state machines of an account and Region.</summary>
internal sealed class ListStateMachines(StateMachines machines)
{
    public ListStateMachinesResponse Run(ListStateMachinesRequest request, Caller caller)
    {
        var page = Page.Of(request.MaxResults, request.NextToken);
        var items = machines
            .List(caller.Scope)
            .Where(machine => page.After is null || string.CompareOrdinal(machine.Name, page.After) > 0)
            .Select(machine => new StateMachineItem(machine.Arn, machine.Name, machine.Type, machine.Created))
            .Take(page.Size + 1)
            .ToList();
        return items.Count <= page.Size ? new(items, null) : new(items[..page.Size], Page.Token(items[page.Size - 1].Name));
    }
}
