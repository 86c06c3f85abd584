namespace Disa.Cli.Deploy;

/// <summary>The subscriber of a stack on the emulator.</summary>
internal static class Subscription
{
    /// <summary>Opens the link in the confirmation mail, as the subscriber would; done already where it is confirmed.</summary>
    public static async Task Confirm(AwsSession session, Deployment deployment, string email, CancellationToken cancellation)
    {
        var subscriptions = await session
            .Sns.ListSubscriptionsByTopicAsync(new() { TopicArn = deployment.TopicArn }, cancellation)
            .ConfigureAwait(false);
        if (
            !subscriptions.Subscriptions.Any(subscription =>
                subscription.Endpoint == email && subscription.SubscriptionArn == "PendingConfirmation"
            )
        )
        {
            return;
        }

        string? after = null;
        while (true)
        {
            var mails = await session.Emulator.Inbox(after, 10, cancellation).ConfigureAwait(false);
            if (mails.Count == 0)
            {
                throw new FailureException($"no confirmation mail came for {email}.");
            }

            foreach (
                var mail in mails.Where(mail => mail.To == email && mail.Body.Contains("ConfirmSubscription", StringComparison.Ordinal))
            )
            {
                if (
                    ConfirmLink.Find(mail.Body) is { } link
                    && (
                        link.Contains(Uri.EscapeDataString(deployment.TopicArn), StringComparison.OrdinalIgnoreCase)
                        || link.Contains(deployment.TopicArn, StringComparison.Ordinal)
                    )
                )
                {
                    await session.Emulator.Open(new Uri(link), cancellation).ConfigureAwait(false);
                    return;
                }
            }

            after = mails[^1].Id;
        }
    }
}
