using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Sns;

/// <summary>Writes the notices of subscriptions by HTTP and HTTPS, signed and sealed.</summary>
internal sealed class NoticeWriter(Topics topics, TextSeal seal, Notification notification)
{
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(64));

    public Task<Notice> Confirmation(Topic topic, string subscriptionArn, string endpoint, string token) =>
        Write(
            topic,
            subscriptionArn,
            endpoint,
            "SubscriptionConfirmation",
            $"You have chosen to subscribe to the topic {topic.Arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.",
            token
        );

    public Task<Notice> End(Topic topic, Subscription subscription, string token) =>
        Write(
            topic,
            subscription.Arn,
            subscription.Endpoint,
            "UnsubscribeConfirmation",
            $"You have chosen to deactivate subscription {subscription.Arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.",
            token
        );

    private async Task<Notice> Write(Topic topic, string subscriptionArn, string endpoint, string kind, string text, string token)
    {
        var (id, now) = (Guid.NewGuid().ToString(), topics.Now);
        var body = await notification.Notice(topic, kind, id, text, token, Publication.TimestampOf(now)).ConfigureAwait(false);
        var sealedBody = await seal.Seal(body, null, Caller.Service("sns.amazonaws.com", topic.Scope), null).ConfigureAwait(false);
        return new Notice(0, topic.Scope, topic.Arn, subscriptionArn, endpoint, kind, id, sealedBody, now, 0);
    }
}
