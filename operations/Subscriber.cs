namespace Disa.Operations;

/// <summary>Who gets the messages.</summary>
internal sealed record Subscriber(string Protocol, string Endpoint, bool Confirmed)
{
    public static async Task<IReadOnlyList<Subscriber>> Of(AwsSession session, Deployment deployment, CancellationToken cancellation)
    {
        var found = new List<Subscriber>();
        string? token = null;
        do
        {
            var page = await session.Sns.ListSubscriptionsByTopicAsync(new() { TopicArn = deployment.TopicArn, NextToken = token }, cancellation).ConfigureAwait(false);
            token = page.NextToken;
            found.AddRange(page.Subscriptions.Select(one => new Subscriber(one.Protocol ?? "", one.Endpoint ?? "", one.SubscriptionArn?.StartsWith("arn:", StringComparison.Ordinal) == true)));
        }
        while (token is { Length: > 0 });

        return found;
    }
}
