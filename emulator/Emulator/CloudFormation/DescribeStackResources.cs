using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record DescribeStackResourcesRequest(
    string? StackName = null,
    string? LogicalResourceId = null,
    string? PhysicalResourceId = null
);

internal sealed record DescribeStackResourcesResponse(List<StackResource> StackResources);

/// <summary>A resource as DescribeStackResources answers it.</summary>
internal sealed record StackResource
{
    public required string StackName { get; init; }

    public required string StackId { get; init; }

    public required string LogicalResourceId { get; init; }

    public string? PhysicalResourceId { get; init; }

    public required string ResourceType { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required string ResourceStatus { get; init; }

    public string? ResourceStatusReason { get; init; }

    public ResourceDrift DriftInformation { get; init; } = ResourceDrift.NotChecked;
}

internal sealed record ResourceDrift(string StackResourceDriftStatus)
{
    public static readonly ResourceDrift NotChecked = new("NOT_CHECKED");
}

/// <summary>Answers a stack's resources, or the stack's that a physical resource belongs to.</summary>
internal static class DescribeStackResources
{
    public static DescribeStackResourcesResponse Run(DescribeStackResourcesRequest request, Caller caller, StackStore store)
    {
        StackDocument stack;
        if (request.StackName is { } name)
        {
            stack = store.Find(null, caller.Scope, name) ?? throw StackErrors.NoStack(name);
        }
        else
        {
            var id =
                request.PhysicalResourceId ?? throw StackErrors.Validation("Either stack name or physical resource id must be specified.");
            stack =
                store
                    .Stacks.List(caller.Scope)
                    .Values.FirstOrDefault(s => !s.IsDeleted && store.ResourcesOf(null, caller.Scope, s.Uuid).Any(r => r.PhysicalId == id))
                ?? throw StackErrors.Validation($"Stack for {id} does not exist");
        }

        var resources = store
            .ResourcesOf(null, caller.Scope, stack.Uuid)
            .Where(r =>
                (request.LogicalResourceId is null || r.LogicalId == request.LogicalResourceId)
                && (request.PhysicalResourceId is null || request.StackName is null || r.PhysicalId == request.PhysicalResourceId)
            );
        return new([
            .. resources.Select(r => new StackResource
            {
                StackName = stack.Name,
                StackId = stack.Id,
                LogicalResourceId = r.LogicalId,
                PhysicalResourceId = r.PhysicalId,
                ResourceType = r.Type,
                Timestamp = r.Timestamp,
                ResourceStatus = r.Status,
                ResourceStatusReason = r.StatusReason,
            }),
        ]);
    }
}
