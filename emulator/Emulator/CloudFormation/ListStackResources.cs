using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record ListStackResourcesRequest(string? StackName = null, string? NextToken = null);

internal sealed record ListStackResourcesResponse(List<StackResourceSummary> StackResourceSummaries, string? NextToken);

/// <summary>A resource as ListStackResources answers it.</summary>
internal sealed record StackResourceSummary
{
    public required string LogicalResourceId { get; init; }

    public string? PhysicalResourceId { get; init; }

    public required string ResourceType { get; init; }

    public required DateTimeOffset LastUpdatedTimestamp { get; init; }

    public required string ResourceStatus { get; init; }

    public string? ResourceStatusReason { get; init; }

    public ResourceDrift DriftInformation { get; init; } = ResourceDrift.NotChecked;
}

/// <summary>Lists a stack's resources; those of a deleted stack by its id; a page of a hundred at a time.</summary>
internal static class ListStackResources
{
    public static ListStackResourcesResponse Run(ListStackResourcesRequest request, Caller caller, StackStore store)
    {
        var name = request.StackName ?? throw StackErrors.Validation("StackName is a required parameter.");
        var stack = store.Find(null, caller.Scope, name) ?? throw StackErrors.NoStack(name);
        var (page, next) = store
            .Lists.Of("ListStackResources", caller.Scope, stack.Id)
            .PageByCount(store.ResourcesOf(null, caller.Scope, stack.Uuid), StackStore.PageSize, request.NextToken);
        return new(
            page.ConvertAll(r => new StackResourceSummary
            {
                LogicalResourceId = r.LogicalId,
                PhysicalResourceId = r.PhysicalId,
                ResourceType = r.Type,
                LastUpdatedTimestamp = r.Timestamp,
                ResourceStatus = r.Status,
                ResourceStatusReason = r.StatusReason,
            }),
            next
        );
    }
}
