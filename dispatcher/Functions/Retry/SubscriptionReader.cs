using Amazon.Runtime;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

namespace Disa.Functions.Retry;

/// <summary>Asks SNS how many subscriptions the topic has: one that SNS disabled waits to be confirmed again, and says so nowhere else.</summary>
public sealed class SubscriptionReader(AmazonSimpleNotificationServiceClient client, string topicArn, Log log)
{
    /// <summary>How long SNS has for its answer.</summary>
    public TimeSpan CallLimit { get; init; } = Timeouts.Publish;

    /// <summary>Confirmed subscriptions, and those that wait to be confirmed; null where SNS does not answer.</summary>
    public async Task<(int Confirmed, int Pending)?> ReadAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(CallLimit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            var attributes = (
                await client
                    .GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = topicArn }, either.Token)
                    .ConfigureAwait(false)
            ).Attributes;
            return
                int.TryParse(attributes.GetValueOrDefault("SubscriptionsConfirmed"), out var confirmed)
                && int.TryParse(attributes.GetValueOrDefault("SubscriptionsPending"), out var pending)
                ? (confirmed, pending)
                : null;
        }
        catch (Exception e) when (CallFailure.Is(e) || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.Write("warn", "SNS did not answer for the subscriptions of the topic.", ("topic", topicArn), ("text", e.Message));
            return null;
        }
    }
}
