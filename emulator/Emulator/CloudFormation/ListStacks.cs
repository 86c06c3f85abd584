using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record ListStacksRequest(string? NextToken = null, List<string>? StackStatusFilter = null);

internal sealed record ListStacksResponse(List<StackSummary> StackSummaries, string? NextToken);

/// <summary>A stack as ListStacks answers it.</summary>
internal sealed record StackSummary
{
    public required string StackId { get; init; }

    public required string StackName { get; init; }

    public string? TemplateDescription { get; init; }

    public required DateTimeOffset CreationTime { get; init; }

    public DateTimeOffset? LastUpdatedTime { get; init; }

    public DateTimeOffset? DeletionTime { get; init; }

    public required string StackStatus { get; init; }

    public string? StackStatusReason { get; init; }

    public string? ParentId { get; init; }

    public string? RootId { get; init; }

    public StackDrift DriftInformation { get; init; } = StackDrift.NotChecked;
}

/// <summary>Lists every stack, the deleted ones included, newest first, a page of a hundred at a time.</summary>
internal static class ListStacks
{
    public static ListStacksResponse Run(ListStacksRequest request, Caller caller, StackStore store)
    {
        var stacks = store
            .Stacks.List(caller.Scope)
            .Values.Where(s => request.StackStatusFilter is not { Count: > 0 } filter || filter.Contains(s.Status))
            .OrderByDescending(s => s.CreationTime);
        var (page, next) = store
            .Lists.Of("ListStacks", caller.Scope, request.StackStatusFilter is { } statuses ? string.Join(',', statuses) : null)
            .PageByCount(stacks, StackStore.PageSize, request.NextToken);
        return new(
            page.ConvertAll(s => new StackSummary
            {
                StackId = s.Id,
                StackName = s.Name,
                TemplateDescription = s.Input.TemplateId is { } template ? store.Template(null, caller.Scope, template).Description : null,
                CreationTime = s.CreationTime,
                LastUpdatedTime = s.LastUpdatedTime,
                DeletionTime = s.DeletionTime,
                StackStatus = s.Status,
                StackStatusReason = s.StatusReason,
                ParentId = s.ParentId,
                RootId = s.RootId,
            }),
            next
        );
    }
}
