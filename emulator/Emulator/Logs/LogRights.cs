using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

/// <summary>The rights that CloudWatch Logs' operations need, on the group and its streams.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html</remarks>
internal static class LogRights
{
    public static IReadOnlyList<Access>? Of(string operation, object request, Caller caller) => request switch
    {
        DescribeLogGroupsRequest => On(operation, "", "*", caller),
        CreateLogGroupRequest group => On(operation, group.LogGroupName, "", caller),
        DeleteLogGroupRequest group => On(operation, group.LogGroupName, "", caller),
        PutRetentionPolicyRequest group => On(operation, group.LogGroupName, "", caller),
        DeleteRetentionPolicyRequest group => On(operation, group.LogGroupName, "", caller),
        DescribeLogStreamsRequest group => On(operation, group.LogGroupName ?? group.LogGroupIdentifier, "", caller),
        FilterLogEventsRequest group => On(operation, group.LogGroupName ?? group.LogGroupIdentifier, "", caller),
        AssociateKmsKeyRequest group => On(operation, group.LogGroupName ?? group.ResourceIdentifier, "", caller),
        DisassociateKmsKeyRequest group => On(operation, group.LogGroupName ?? group.ResourceIdentifier, "", caller),
        TagLogGroupRequest group => On(operation, group.LogGroupName, "", caller),
        UntagLogGroupRequest group => On(operation, group.LogGroupName, "", caller),
        ListTagsLogGroupRequest group => On(operation, group.LogGroupName, "", caller),
        CreateLogStreamRequest stream => On(operation, stream.LogGroupName, stream.LogStreamName, caller),
        DeleteLogStreamRequest stream => On(operation, stream.LogGroupName, stream.LogStreamName, caller),
        PutLogEventsRequest stream => On(operation, stream.LogGroupName, stream.LogStreamName, caller),
        GetLogEventsRequest stream => On(operation, stream.LogGroupName ?? stream.LogGroupIdentifier, stream.LogStreamName, caller),
        TagResourceRequest tag => [new("logs:" + operation, tag.ResourceArn ?? "")],
        UntagResourceRequest tag => [new("logs:" + operation, tag.ResourceArn ?? "")],
        ListTagsForResourceRequest tag => [new("logs:" + operation, tag.ResourceArn ?? "")],
        _ => null,
    };

    /// <param name="group">Its name, or its ARN.</param>
    private static Access[] On(string operation, string? group, string? stream, Caller caller) =>
        Arn.TryParse(group) is { } arn
            ? [new("logs:" + operation, arn.After("log-group:") is { } name ? LogStore.ArnOf(arn.Scope, name, stream ?? "") : group!)]
            : [new("logs:" + operation, LogStore.ArnOf(caller.Scope, group ?? "", stream ?? ""))];
}
