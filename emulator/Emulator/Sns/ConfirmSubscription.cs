using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record ConfirmSubscriptionInput(string? TopicArn, string? Token, string? AuthenticateOnUnsubscribe);

internal sealed record ConfirmSubscriptionResponse(string SubscriptionArn);

/// <summary>Confirms with the token of the mail or the post, by the link in it (unsigned) or by a call.</summary>
internal sealed class ConfirmSubscription(Database database, Topics topics)
{
    public async Task<ConfirmSubscriptionResponse> Run(ConfirmSubscriptionInput input, Caller caller, CancellationToken cancellation)
    {
        Topics.ParseArn(input.TopicArn, "TopicArn");
        // What has the form of a token, whatever its length, is one that is not known.
        if (input.Token is not { Length: >= 64 } token || !token.All(char.IsAsciiHexDigitLower))
        {
            throw SnsErrors.InvalidToken();
        }

        if (topics.FindOrNone(input.TopicArn!) is not { } topic)
        {
            throw SnsErrors.Invalid("Token");
        }

        var digest = Subscribe.Digest(token);
        var signed = caller.Arn.Length > 0;
        if (!signed && input.AuthenticateOnUnsubscribe == "true")
        {
            throw SnsErrors.NotAuthorized(caller, "ConfirmSubscription", topic.Arn);
        }

        return await database
            .Write(transaction =>
            {
                var now = topics.Now;
                var subscription =
                    topics
                        .Of(transaction, topic)
                        .FirstOrDefault(subscription =>
                            subscription.Tokens.Any(known => known.Digest == digest && (known.Expires > now || subscription.Confirmed))
                        )
                    ?? Restored(transaction, topic, digest)
                    ?? throw SnsErrors.Invalid("Token");
                if (!subscription.Confirmed)
                {
                    topics.Put(
                        transaction,
                        subscription with
                        {
                            Confirmed = true,
                            Disabled = null,
                            ConfirmationWasAuthenticated = signed,
                            AuthenticateOnUnsubscribe = input.AuthenticateOnUnsubscribe == "true",
                        }
                    );
                }

                return new ConfirmSubscriptionResponse(subscription.Arn);
            })
            .ConfigureAwait(false);
    }

    /// <summary>The ended subscription that the token restores; null if its endpoint was subscribed again meanwhile.</summary>
    private Subscription? Restored(Transaction transaction, Topic topic, string digest)
    {
        if (topics.TakeEnded(transaction, topic, digest) is not { } ended)
        {
            return null;
        }

        var others = topics.Of(transaction, topic).ToList();
        if (others.Any(other => other.Protocol == ended.Protocol && other.Endpoint == ended.Endpoint))
        {
            return null;
        }

        LargeTopic.Check(topic, [.. others.Select(other => other.Protocol), ended.Protocol]);
        return ended with { Confirmed = false };
    }

    /// <summary>What a person sees who opened the link.</summary>
    public static string Page(ConfirmSubscriptionResponse response) =>
        Pages.Of("Subscription confirmed!", "You have successfully subscribed. Your subscription's id is:", response.SubscriptionArn);
}
