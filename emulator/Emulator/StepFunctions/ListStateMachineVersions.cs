using System.Globalization;
using Disa.Emulator.Aws;

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
internal sealed class ListStateMachineVersions(StateMachines machines, StateMachineVersions versions)
{
    public ListStateMachineVersionsResponse Run(ListStateMachineVersionsRequest request, Caller caller)
    {
        var page = Page.Of(request.MaxResults, request.NextToken);
        var before = page.AfterNumber ?? long.MaxValue;
        var found = versions
            .Versions(machines.Find(request.StateMachineArn))
            .Where(version => version.Number < before)
            .Take(page.Size + 1)
            .ToList();
        return new(
            [.. found.Take(page.Size).Select(version => new VersionItem(version.Arn, version.Created))],
            found.Count <= page.Size ? null : Page.Token(found[page.Size - 1].Number.ToString(CultureInfo.InvariantCulture))
        );
    }
}
