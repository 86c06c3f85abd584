using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record DescribeStackResourceRequest(string? StackName = null, string? LogicalResourceId = null);

internal sealed record DescribeStackResourceResponse(StackResourceDetail StackResourceDetail);

/// <summary>A resource as DescribeStackResource answers it.</summary>
internal sealed record StackResourceDetail
{
    public required string StackName { get; init; }

    public required string StackId { get; init; }

    public required string LogicalResourceId { get; init; }

    public string? PhysicalResourceId { get; init; }

    public required string ResourceType { get; init; }

    public required DateTimeOffset LastUpdatedTimestamp { get; init; }

    public required string ResourceStatus { get; init; }

    public string? ResourceStatusReason { get; init; }

    public required string Metadata { get; init; }

    public ResourceDrift DriftInformation { get; init; } = ResourceDrift.NotChecked;
}

/// <summary>Answers one resource of a stack.</summary>
internal static class DescribeStackResource
{
    public static DescribeStackResourceResponse Run(DescribeStackResourceRequest request, Caller caller, StackStore store)
    {
        var stack =
            store.Find(null, caller.Scope, request.StackName ?? "")
            ?? throw StackErrors.Validation($"Stack '{request.StackName}' does not exist");
        var resource =
            store.Resources.Get(caller.Scope, $"{stack.Uuid}/{request.LogicalResourceId}")
            ?? throw StackErrors.Validation($"Resource {request.LogicalResourceId} does not exist for stack {request.StackName}");
        return new(
            new StackResourceDetail
            {
                StackName = stack.Name,
                StackId = stack.Id,
                LogicalResourceId = resource.LogicalId,
                PhysicalResourceId = resource.PhysicalId,
                ResourceType = resource.Type,
                LastUpdatedTimestamp = resource.Timestamp,
                ResourceStatus = resource.Status,
                ResourceStatusReason = resource.StatusReason,
                Metadata = resource.Current?.Metadata ?? "{}",
            }
        );
    }
}
