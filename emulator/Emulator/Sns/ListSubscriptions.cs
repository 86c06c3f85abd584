using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Sns;

internal sealed record SubscriptionEntry(string SubscriptionArn, string Owner, string Protocol, string Endpoint, string TopicArn);

internal sealed record ListSubscriptionsResponse(IReadOnlyList<SubscriptionEntry> Subscriptions, string? NextToken);

/// <summary>The subscriptions of the account in the Region, a hundred a page; unconfirmed ones show no ARN.</summary>
internal sealed class ListSubscriptions(Topics topics)
{
    public ListSubscriptionsResponse Run(NextTokenInput input, Caller caller)
    {
        var now = topics.Now;
        var live = topics.Subscriptions.List(caller.Scope).Where(entry => entry.Value.IsLive(now));
        return Answer(topics.Lists.Of("ListSubscriptions", caller.Scope), live, input.NextToken);
    }

    public static ListSubscriptionsResponse Answer(Listing list, IEnumerable<KeyValuePair<string, Subscription>> all, string? token)
    {
        var (page, next) = list.Page(all, entry => entry.Key, ListTopics.PageSize, Topics.TokenOf(token));
        return new(
            page.ConvertAll(entry => new SubscriptionEntry(
                entry.Value.Confirmed ? entry.Value.Arn : "PendingConfirmation",
                entry.Value.Owner,
                entry.Value.Protocol,
                entry.Value.Endpoint,
                entry.Value.TopicArn
            )),
            next
        );
    }
}
