using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record SubscriptionArnInput(string? SubscriptionArn);

/// <summary>Ends a subscription, by a call or by the link of a mail (unsigned); one that does not exist is not an error.</summary>
internal sealed class Unsubscribe(Database database, Topics topics, NoticeWriter notices, Action post)
{
    public Task Run(SubscriptionArnInput input, Caller caller, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(input.SubscriptionArn))
        {
            throw SnsErrors.Invalid("SubscriptionArn Reason: no value for required parameter");
        }

        var arn = Topics.ParseArn(input.SubscriptionArn, "SubscriptionArn");
        if (arn.Resource.Split(':') is not [_, { Length: > 0 }])
        {
            throw SnsErrors.Invalid("SubscriptionId");
        }

        if (topics.Subscription(input.SubscriptionArn!) is not { } subscription)
        {
            return Task.CompletedTask;
        }

        var signed = caller.Arn.Length > 0;
        if (signed ? caller.Account != subscription.Owner && caller.Account != arn.Account : subscription.AuthenticateOnUnsubscribe)
        {
            throw SnsErrors.NotAuthorized(caller, "Unsubscribe", subscription.TopicArn);
        }

        return subscription.Confirmed || !signed
            ? End(subscription)
            : throw SnsErrors.Invalid("This operation is not allowed on a pending subscription: SubscriptionArn");
    }

    public async Task End(Subscription subscription)
    {
        // An endpoint that is posted to hears of it, and can restore it.
        var token = NoticeWriter.NewToken();
        var notice =
            subscription is { Posted: true, Confirmed: true } && topics.FindOrNone(subscription.TopicArn) is { } home
                ? await notices.End(home, subscription, token).ConfigureAwait(false)
                : null;
        await database
            .Write(transaction =>
            {
                if (!topics.Remove(transaction, subscription))
                {
                    return;
                }

                Deliveries.Drop(transaction, subscription.Arn);
                var arn = Arn.Parse(subscription.TopicArn);
                if (!subscription.Confirmed || topics.Shelf.Get(transaction, arn.Scope, arn.Resource) is not { } topic)
                {
                    return;
                }

                topics.Shelf.Put(transaction, arn.Scope, topic.Name, topic with { DeletedSubscriptions = topic.DeletedSubscriptions + 1 });
                if (notice is not null)
                {
                    topics.PutEnded(transaction, subscription with { Tokens = [topics.Issued(token)] });
                    Notices.Insert(transaction, notice);
                    transaction.AfterCommit(post);
                }
            })
            .ConfigureAwait(false);
    }
}
