using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;

namespace Disa.Emulator.CloudFormation;

internal sealed record DescribeChangeSetRequest(
    string? ChangeSetName = null,
    string? StackName = null,
    string? NextToken = null,
    bool? IncludePropertyValues = null
);

internal sealed record DescribeChangeSetResponse
{
    public required string ChangeSetName { get; init; }

    public required string ChangeSetId { get; init; }

    public required string StackId { get; init; }

    public required string StackName { get; init; }

    public string? Description { get; init; }

    public List<StackParameter>? Parameters { get; init; }

    public required DateTimeOffset CreationTime { get; init; }

    public required string ExecutionStatus { get; init; }

    public required string Status { get; init; }

    public string? StatusReason { get; init; }

    public List<string> NotificationARNs { get; init; } = [];

    public RollbackConfiguration RollbackConfiguration { get; init; } = RollbackConfiguration.None;

    public List<string> Capabilities { get; init; } = [];

    public List<StackTag>? Tags { get; init; }

    public required List<Change> Changes { get; init; }

    public bool IncludeNestedStacks { get; init; }

    public string? ParentChangeSetId { get; init; }

    public string? RootChangeSetId { get; init; }
}

internal sealed record Change(string Type, ResourceChange ResourceChange);

/// <summary>Answers what a change set would change.</summary>
internal static class DescribeChangeSet
{
    public static DescribeChangeSetResponse Run(DescribeChangeSetRequest request, Caller caller, StackStore store)
    {
        var changeSet = ChangeSets.Find(store, caller.Scope, request.ChangeSetName, request.StackName);
        store.Lists.OnePage(request.NextToken);
        return new DescribeChangeSetResponse
        {
            ChangeSetName = changeSet.Name,
            ChangeSetId = changeSet.Id,
            StackId = changeSet.StackId,
            StackName = changeSet.StackName,
            Description = changeSet.Description,
            Parameters = StackRequests.Shown(store, caller.Scope, changeSet.Input),
            CreationTime = changeSet.CreationTime,
            ExecutionStatus = changeSet.ExecutionStatus,
            Status = changeSet.Status,
            StatusReason = changeSet.StatusReason,
            Capabilities = changeSet.Input.Capabilities,
            RollbackConfiguration = changeSet.Input.Rollback ?? RollbackConfiguration.None,
            Tags = changeSet.Input.Tags.Count > 0 ? changeSet.Input.Tags : null,
            IncludeNestedStacks = changeSet.IncludeNestedStacks,
            ParentChangeSetId = changeSet.ParentId,
            RootChangeSetId = changeSet.RootId,
            Changes =
            [
                .. (request.IncludePropertyValues == true ? changeSet.Valued : changeSet.Changes).Select(c => new Change("Resource", c)),
            ],
        };
    }
}
