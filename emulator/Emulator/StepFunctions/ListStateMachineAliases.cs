using System.Globalization;
using Disa.Emulator.Aws;

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
internal sealed class ListStateMachineAliases(StateMachines machines, StateMachineVersions versions)
{
    public ListStateMachineAliasesResponse Run(ListStateMachineAliasesRequest request, Caller caller)
    {
        var page = Page.Of(request.MaxResults, request.NextToken);
        var all =
            StateMachines.QualifierOf(request.StateMachineArn) is null ? versions.Aliases(machines.Find(request.StateMachineArn))
            : versions.Version(request.StateMachineArn) is { } version
                ? versions
                    .Aliases(machines.Find(version.Machine))
                    .Where(alias => alias.Routes.Any(route => route.StateMachineVersionArn == version.Arn))
            : throw StepFunctionsErrors.StateMachineDoesNotExist(request.StateMachineArn!);
        var skipped = (int)Math.Min(page.AfterNumber ?? 0, int.MaxValue);
        var found = all.Skip(skipped).Take(page.Size + 1).Select(alias => new AliasItem(alias.Arn, alias.Created)).ToList();
        return found.Count <= page.Size
            ? new(found, null)
            : new(found[..page.Size], Page.Token((skipped + page.Size).ToString(CultureInfo.InvariantCulture)));
    }
}
