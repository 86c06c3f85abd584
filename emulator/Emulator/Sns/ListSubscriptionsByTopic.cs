using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

internal sealed record ListSubscriptionsByTopicInput(string? TopicArn, string? NextToken);

/// <summary>A topic's subscriptions, a hundred a page.</summary>
internal sealed class ListSubscriptionsByTopic(Topics topics)
{
    public ListSubscriptionsResponse Run(ListSubscriptionsByTopicInput input, Caller caller)
    {
        var topic = topics.Find(input.TopicArn, caller, "ListSubscriptionsByTopic");
        return ListSubscriptions.Answer(
            topics.Lists.Of("ListSubscriptionsByTopic", caller.Scope, topic.Arn),
            topics.Of(topic).Select(subscription => KeyValuePair.Create(subscription.Arn, subscription)),
            input.NextToken
        );
    }
}
