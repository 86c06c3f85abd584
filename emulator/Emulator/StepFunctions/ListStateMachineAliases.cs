using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

internal sealed record ListStateMachineAliasesRequest
{
    public string? StateMachineArn { get; init; }

    public int? MaxResults { get; init; }

    public string? NextToken { get; init; }
}

internal sealed record ListStateMachineAliasesResponse(IReadOnlyList<AliasItem> StateMachineAliases, string? NextToken);

internal sealed record AliasItem(string StateMachineAliasArn, DateTimeOffset CreationDate);

/// <summary>Lists the aliases of a state machine, or of one of its versions, oldest first.</summary>
internal sealed class ListStateMachineAliases(StateMachines machines, StateMachineVersions versions, Listings lists)
{
    public ListStateMachineAliasesResponse Run(ListStateMachineAliasesRequest request, Caller caller)
    {
        var size = StepFunctionsErrors.PageSize(request.MaxResults, request.NextToken);
        var list = lists.Of("ListStateMachineAliases", caller.Scope, request.StateMachineArn);
        list.After(request.NextToken);
        var all =
            StateMachines.QualifierOf(request.StateMachineArn) is null ? versions.Aliases(machines.Find(request.StateMachineArn))
            : versions.Version(request.StateMachineArn) is { } version
                ? versions
                    .Aliases(machines.Find(version.Machine))
                    .Where(alias => alias.Routes.Any(route => route.StateMachineVersionArn == version.Arn))
            : throw StepFunctionsErrors.StateMachineDoesNotExist(request.StateMachineArn!);
        var (page, next) = list.PageByCount(all, size, request.NextToken);
        return new(page.ConvertAll(alias => new AliasItem(alias.Arn, alias.Created)), next);
    }
}
