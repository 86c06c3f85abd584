using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

internal sealed record ListSubscriptionsByTopicInput(string? TopicArn, string? NextToken);

internal sealed record SubscriptionEntry(string SubscriptionArn, string Owner, string Protocol, string Endpoint, string TopicArn);

internal sealed record ListSubscriptionsResponse(IReadOnlyList<SubscriptionEntry> Subscriptions, string? NextToken);

/// <summary>ListSubscriptions and ListSubscriptionsByTopic, a hundred a page; unconfirmed ones show no ARN.</summary>
internal sealed class ListSubscriptions(Topics topics)
{
    public ListSubscriptionsResponse Run(NextTokenInput input, Caller caller)
    {
        var now = topics.Now;
        return Answer(Page.Of(topics.Subscriptions.List(caller.Scope).Where(entry => entry.Value.IsLive(now)), input.NextToken));
    }

    public ListSubscriptionsResponse ByTopic(ListSubscriptionsByTopicInput input, Caller caller)
    {
        var topic = topics.Find(input.TopicArn, caller, "ListSubscriptionsByTopic");
        return Answer(
            Page.Of(topics.Of(topic).Select(subscription => KeyValuePair.Create(subscription.Arn, subscription)), input.NextToken)
        );
    }

    private static ListSubscriptionsResponse Answer((List<Subscription> Items, string? Next) page) =>
        new(
            page.Items.ConvertAll(subscription => new SubscriptionEntry(
                subscription.Confirmed ? subscription.Arn : "PendingConfirmation",
                subscription.Owner,
                subscription.Protocol,
                subscription.Endpoint,
                subscription.TopicArn
            )),
            page.Next
        );
}
