using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record DescribeStacksRequest(string? StackName = null, string? NextToken = null);

internal sealed record DescribeStacksResponse(List<StackDescription> Stacks);

/// <summary>A stack as DescribeStacks answers it.</summary>
internal sealed record StackDescription
{
    public required string StackId { get; init; }

    public required string StackName { get; init; }

    public string? ChangeSetId { get; init; }

    public string? Description { get; init; }

    public List<StackParameter>? Parameters { get; init; }

    public required DateTimeOffset CreationTime { get; init; }

    public DateTimeOffset? DeletionTime { get; init; }

    public DateTimeOffset? LastUpdatedTime { get; init; }

    public RollbackConfiguration RollbackConfiguration { get; init; } = RollbackConfiguration.None;

    public required string StackStatus { get; init; }

    public string? StackStatusReason { get; init; }

    public bool DisableRollback { get; init; }

    public List<string> NotificationARNs { get; init; } = [];

    public int? TimeoutInMinutes { get; init; }

    public List<string>? Capabilities { get; init; }

    public List<OutputDescription>? Outputs { get; init; }

    public string? RoleARN { get; init; }

    public List<StackTag> Tags { get; init; } = [];

    public bool? EnableTerminationProtection { get; init; }

    public string? ParentId { get; init; }

    public string? RootId { get; init; }

    public StackDrift DriftInformation { get; init; } = StackDrift.NotChecked;
}

internal sealed record OutputDescription(string OutputKey, string OutputValue, string? Description, string? ExportName);

internal sealed record StackDrift(string StackDriftStatus)
{
    public static readonly StackDrift NotChecked = new("NOT_CHECKED");
}

/// <summary>Answers one stack, by name or id, or all that are not deleted.</summary>
internal static class DescribeStacks
{
    public static DescribeStacksResponse Run(DescribeStacksRequest request, Caller caller, StackStore store)
    {
        IEnumerable<StackDocument> stacks = request.StackName is { } name
            ? [store.Find(null, caller.Scope, name) ?? throw StackErrors.NoStack(name)]
            : store.Stacks.List(caller.Scope).Values.Where(s => !s.IsDeleted).OrderByDescending(s => s.CreationTime);
        store.Lists.OnePage(request.NextToken);
        return new([.. stacks.Select(stack => Describe(stack, caller.Scope, store))]);
    }

    private static StackDescription Describe(StackDocument stack, Scope scope, StackStore store) =>
        new()
        {
            StackId = stack.Id,
            StackName = stack.Name,
            ChangeSetId = stack.IsDeleted ? null : stack.ChangeSetId,
            Description = stack.Input.TemplateId is { } template ? store.Template(null, scope, template).Description : null,
            Parameters = StackRequests.Shown(store, scope, stack.Input),
            CreationTime = stack.CreationTime,
            DeletionTime = stack.DeletionTime,
            LastUpdatedTime = stack.LastUpdatedTime,
            StackStatus = stack.Status,
            StackStatusReason = stack.StatusReason,
            DisableRollback = stack.DisableRollback,
            TimeoutInMinutes = stack.TimeoutInMinutes,
            Capabilities = stack.Input.Capabilities.Count > 0 ? stack.Input.Capabilities : null,
            Outputs =
                stack.Outputs.Count > 0
                    ? [.. stack.Outputs.Select(o => new OutputDescription(o.OutputKey, o.OutputValue, o.Description, o.ExportName))]
                    : null,
            RoleARN = stack.Input.RoleArn,
            RollbackConfiguration = stack.Input.Rollback ?? RollbackConfiguration.None,
            Tags = stack.Input.Tags,
            EnableTerminationProtection = stack.IsDeleted ? null : stack.TerminationProtection,
            ParentId = stack.ParentId,
            RootId = stack.RootId,
        };
}
