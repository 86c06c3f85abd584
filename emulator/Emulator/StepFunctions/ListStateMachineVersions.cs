using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions;

internal sealed record ListStateMachineVersionsRequest
{
    public string? StateMachineArn { get; init; }

    public int? MaxResults { get; init; }

    public string? NextToken { get; init; }
}

internal sealed record ListStateMachineVersionsResponse(IReadOnlyList<VersionItem> StateMachineVersions, string? NextToken);

internal sealed record VersionItem(string StateMachineVersionArn, DateTimeOffset CreationDate);

/// <summary>Lists the versions of a state machine, newest first.</summary>
internal sealed class ListStateMachineVersions(StateMachines machines, StateMachineVersions versions, Listings lists)
{
    public ListStateMachineVersionsResponse Run(ListStateMachineVersionsRequest request, Caller caller)
    {
        var size = StepFunctionsErrors.PageSize(request.MaxResults, request.NextToken);
        var list = lists.Of("ListStateMachineVersions", caller.Scope, request.StateMachineArn);
        var before = list.Number(request.NextToken) ?? long.MaxValue;
        var found = versions
            .Versions(machines.Find(request.StateMachineArn))
            .Where(version => version.Number < before)
            .Take(size + 1)
            .ToList();
        return new(
            [.. found.Take(size).Select(version => new VersionItem(version.Arn, version.Created))],
            found.Count <= size ? null : list.Token(found[size - 1].Number)
        );
    }
}
