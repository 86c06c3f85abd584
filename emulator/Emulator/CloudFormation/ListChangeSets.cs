using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record ListChangeSetsRequest(string? StackName = null, string? NextToken = null);

internal sealed record ListChangeSetsResponse(List<ChangeSetSummary> Summaries);

/// <summary>A change set as ListChangeSets answers it.</summary>
internal sealed record ChangeSetSummary
{
    public required string StackId { get; init; }

    public required string StackName { get; init; }

    public required string ChangeSetId { get; init; }

    public required string ChangeSetName { get; init; }

    public required string ExecutionStatus { get; init; }

    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    public required DateTimeOffset CreationTime { get; init; }

    public string? Description { get; init; }

    public bool IncludeNestedStacks { get; init; }
}

/// <summary>Lists a stack's change sets that can still be executed, or failed.</summary>
internal static class ListChangeSets
{
    public static ListChangeSetsResponse Run(ListChangeSetsRequest request, Caller caller, StackStore store)
    {
        var name = request.StackName ?? throw StackErrors.Validation("StackName is a required parameter.");
        var stack = store.Find(null, caller.Scope, name) ?? throw StackErrors.NoStackInBrackets(name);
        store.Lists.OnePage(request.NextToken);
        return new([
            .. store
                .ChangeSets.List(caller.Scope)
                .Values.Where(c => c.StackId == stack.Id && c.ExecutionStatus != "EXECUTE_COMPLETE")
                .OrderBy(c => c.CreationTime)
                .Select(c => new ChangeSetSummary
                {
                    StackId = c.StackId,
                    StackName = c.StackName,
                    ChangeSetId = c.Id,
                    ChangeSetName = c.Name,
                    ExecutionStatus = c.ExecutionStatus,
                    Status = c.Status,
                    StatusReason = c.StatusReason,
                    CreationTime = c.CreationTime,
                    Description = c.Description,
                }),
        ]);
    }
}
