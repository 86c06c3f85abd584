using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Sns;

/// <summary>The rights that SNS's operations need, on the topic and as its policy says.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html</remarks>
internal sealed class TopicRights(Topics topics)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) =>
        request switch
        {
            NextTokenInput => [new("sns:" + operation, "*")],
            PhoneNumberOptedOutInput or OptedOutListInput or SmsAttributesInput or SetSmsAttributesInput => [new("sns:" + operation, "*")],
            PublishInput { PhoneNumber: not null } => [new("sns:Publish", "*")],
            PublishInput publish => [On(operation, publish.TopicArn ?? publish.TargetArn, caller)],
            PublishBatchInput batch => [On("Publish", batch.TopicArn, caller)],
            CreateTopicInput create =>
            [
                On(operation, Arn.Of("sns", caller.Scope, create.Name ?? ""), caller),
                .. Passed(StatusAttributes.RolesIn(create.Attributes)),
            ],
            SubscribeInput subscribe =>
            [
                On(operation, subscribe.TopicArn, caller) with
                {
                    Facts = [("sns:Protocol", subscribe.Protocol ?? ""), ("sns:Endpoint", subscribe.Endpoint ?? "")],
                },
            ],
            ConfirmSubscriptionInput confirm => [On(operation, confirm.TopicArn, caller)],
            TopicArnInput topic => [On(operation, topic.TopicArn, caller)],
            SetTopicAttributesInput set =>
            [
                On(operation, set.TopicArn, caller),
                .. Passed(StatusAttributes.RolesIn([KeyValuePair.Create(set.AttributeName ?? "", set.AttributeValue ?? "")])),
            ],
            ListSubscriptionsByTopicInput list => [On(operation, list.TopicArn, caller)],
            AddPermissionInput permission => [On(operation, permission.TopicArn, caller)],
            RemovePermissionInput permission => [On(operation, permission.TopicArn, caller)],
            TagResourceRequest tag => [On(operation, tag.ResourceArn, caller)],
            UntagResourceRequest tag => [On(operation, tag.ResourceArn, caller)],
            ListTagsForResourceRequest tag => [On(operation, tag.ResourceArn, caller)],
            SubscriptionArnInput subscription => [On(operation, TopicOf(subscription.SubscriptionArn), caller)],
            SetSubscriptionAttributesInput subscription => [On(operation, TopicOf(subscription.SubscriptionArn), caller)],
            _ => null,
        };

    /// <summary>A topic has a policy even if nobody set one; that one speaks of services only.</summary>
    public Access On(string operation, string? topicArn, Caller caller) =>
        new("SNS:" + operation, topicArn ?? "")
        {
            Policy = topics.FindOrNone(topicArn ?? "") is { } topic
                ? topic.Set.GetValueOrDefault("Policy") ?? (caller.IsService ? TopicAttributes.DefaultPolicy(topic) : null)
                : null,
            Denied = Denied,
        };

    public IReadOnlyDictionary<string, string> TagsOf(string arn, Caller caller) =>
        topics.FindOrNone(arn)?.Tags ?? new Dictionary<string, string>();

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            CreateTopicInput create => (create.Tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value)),
            TagResourceRequest tag => (tag.Tags ?? []).Select(each => KeyValuePair.Create(each.Key ?? "", each.Value)),
            UntagResourceRequest untag => (untag.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    /// <summary>The roles of a topic's status logging are handed to SNS: the reference lists iam:PassRole beside both operations.</summary>
    private static IEnumerable<Access> Passed(IEnumerable<string> roles) =>
        roles.Select(role => Access.PassRole(role, "sns.amazonaws.com"));

    public static AwsException Denied(string message) => new("AuthorizationError", message, 403);

    /// <summary><c>arn:aws:sns:region:account:topic:id</c></summary>
    private static string? TopicOf(string? subscriptionArn) =>
        subscriptionArn is { } arn && arn.Count(c => c == ':') == 6 ? arn[..arn.LastIndexOf(':')] : subscriptionArn;
}
