using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Logs;

/// <summary>The rights that CloudWatch Logs' operations need, on the group and its streams.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html</remarks>
internal static class LogRights
{
    public static IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
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
            PutMetricFilterRequest group => On(operation, group.LogGroupName, "", caller),
            DeleteMetricFilterRequest group => On(operation, group.LogGroupName, "", caller),
            DescribeMetricFiltersRequest group => On(operation, group.LogGroupName ?? "*", "", caller),
            TestMetricFilterRequest => [new("logs:" + operation, "*")],
            PutResourcePolicyRequest or DescribeResourcePoliciesRequest or DeleteResourcePolicyRequest => [new("logs:" + operation, "*")],
            DescribeDeliveryDestinationsRequest or DescribeDeliverySourcesRequest or DescribeDeliveriesRequest =>
            [
                new("logs:" + operation, "*"),
            ],
            DescribeDestinationsRequest or ListLogGroupsRequest => [new("logs:" + operation, "*")],
            PutDeliveryDestinationRequest each => [Of(operation, "delivery-destination", each.Name, caller)],
            DeliveryDestinationRequest each => [Of(operation, "delivery-destination", each.Name, caller)],
            PutDeliveryDestinationPolicyRequest each => [Of(operation, "delivery-destination", each.DeliveryDestinationName, caller)],
            DeliveryDestinationPolicyRequest each => [Of(operation, "delivery-destination", each.DeliveryDestinationName, caller)],
            PutDeliverySourceRequest each => [Of(operation, "delivery-source", each.Name, caller)],
            DeliverySourceRequest each => [Of(operation, "delivery-source", each.Name, caller)],
            CreateDeliveryRequest => [new("logs:" + operation, "*")],
            DeliveryRequest each => [Of(operation, "delivery", each.Id, caller)],
            PutSubscriptionFilterRequest group =>
            [
                .. On(operation, group.LogGroupName, "", caller),
                .. group.RoleArn is { } role ? [Access.PassRole(role, "logs.amazonaws.com")] : Array.Empty<Access>(),
            ],
            DeleteSubscriptionFilterRequest group => On(operation, group.LogGroupName, "", caller),
            DescribeSubscriptionFiltersRequest group => On(operation, group.LogGroupName, "", caller),
            CreateLogStreamRequest stream => On(operation, stream.LogGroupName, stream.LogStreamName, caller),
            DeleteLogStreamRequest stream => On(operation, stream.LogGroupName, stream.LogStreamName, caller),
            PutLogEventsRequest stream => On(operation, stream.LogGroupName, stream.LogStreamName, caller),
            GetLogEventsRequest stream => On(operation, stream.LogGroupName ?? stream.LogGroupIdentifier, stream.LogStreamName, caller),
            TagResourceRequest tag => [new("logs:" + operation, tag.ResourceArn ?? "")],
            UntagResourceRequest tag => [new("logs:" + operation, tag.ResourceArn ?? "")],
            ListTagsForResourceRequest tag => [new("logs:" + operation, tag.ResourceArn ?? "")],
            _ => null,
        };

    /// <summary>Those of the group, for its streams too.</summary>
    public static IReadOnlyDictionary<string, string> TagsOf(LogStore logs, string arn, Caller caller) =>
        Arn.TryParse(arn)?.Resource.Split(':') is ["log-group", var name, ..] && logs.Groups.Get(caller.Scope, name) is { } group
            ? group.Tags
            : new Dictionary<string, string>();

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            CreateLogGroupRequest create => With(create.Tags),
            TagLogGroupRequest tag => With(tag.Tags),
            TagResourceRequest tag => With(tag.Tags),
            UntagLogGroupRequest untag => Without(untag.Tags),
            UntagResourceRequest untag => Without(untag.TagKeys),
            _ => [],
        };

    private static IEnumerable<KeyValuePair<string, string?>> With(Dictionary<string, string>? tags) =>
        (tags ?? []).Select(tag => KeyValuePair.Create<string, string?>(tag.Key, tag.Value));

    private static IEnumerable<KeyValuePair<string, string?>> Without(IReadOnlyList<string>? keys) =>
        (keys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null));

    private static Access Of(string operation, string kind, string? name, Caller caller) =>
        new("logs:" + operation, Arn.Of("logs", caller.Scope, $"{kind}:{name}"));

    /// <param name="group">Its name, or its ARN.</param>
    private static Access[] On(string operation, string? group, string? stream, Caller caller) =>
        Arn.TryParse(group) is { } arn
            ? [new("logs:" + operation, arn.After("log-group:") is { } name ? LogStore.ArnOf(arn.Scope, name, stream ?? "") : group!)]
            : [new("logs:" + operation, LogStore.ArnOf(caller.Scope, group ?? "", stream ?? ""))];
}
