namespace Disa.Operations;

/// <summary>Who gets the messages.</summary>
/// <param name="Confirmed">False while SNS waits for the confirmation; it sends nothing before.</param>
internal sealed record Subscriber(string Protocol, string Endpoint, bool Confirmed)
{
    public static async Task<IReadOnlyList<Subscriber>> Of(AwsSession session, Deployment deployment, CancellationToken cancellation)
    {
        var found = new List<Subscriber>();
        string? token = null;
        do
        {
            var page = await session
                .Sns.ListSubscriptionsByTopicAsync(new() { TopicArn = deployment.TopicArn, NextToken = token }, cancellation)
                .ConfigureAwait(false);
            token = page.NextToken;
            found.AddRange(
                page.Subscriptions.Where(one => one.SubscriptionArn != "Deleted")
                    .Select(one => new Subscriber(
                        one.Protocol ?? "",
                        one.Endpoint ?? "",
                        one.SubscriptionArn?.StartsWith("arn:", StringComparison.Ordinal) == true
                    ))
            );
        } while (token is { Length: > 0 });

        return found;
    }

    /// <summary>What is wrong with a topic's subscriptions, a sentence each; empty where everybody gets the messages.</summary>
    /// <remarks>
    /// SNS accepts a message for a topic that nobody has confirmed a subscription to, and deletes a subscription that is not confirmed
    /// within 48 hours. The link to unsubscribe is in each e-mail, and anyone who opens it, a mail scanner too, ends the subscription.
    /// </remarks>
    public static IReadOnlyList<string> Warnings(IReadOnlyList<Subscriber> subscribers, Deployment deployment)
    {
        var warnings = new List<string>();
        if (!subscribers.Any(one => one.Confirmed))
        {
            warnings.Add("No subscriber has confirmed: SNS accepts messages, but delivers them to nobody.");
        }

        warnings.AddRange(
            subscribers
                .Where(one => !one.Confirmed)
                .Select(one =>
                    $"The subscription of {one.Endpoint} ({one.Protocol}) is pending: it gets nothing until it is confirmed "
                    + "(by the link in its mail); after two days SNS deletes it."
                )
        );
        if (
            deployment.NotificationEmail is { Length: > 0 } email
            && !subscribers.Any(one => one.Protocol == "email" && string.Equals(one.Endpoint, email, StringComparison.OrdinalIgnoreCase))
        )
        {
            warnings.Add(
                $"The stack's NotificationEmail {email} is not subscribed: it was unsubscribed, or never confirmed. "
                    + $"To subscribe it again: aws sns subscribe --topic-arn {deployment.TopicArn} --protocol email --notification-endpoint {email}"
            );
        }

        return warnings;
    }
}
