using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Sqs;
using Disa.Emulator.Store;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Sns;

/// <summary>What becomes of a delivery that failed: it is tried again, or goes to the subscription's dead-letter queue.</summary>
internal sealed partial class FailedDeliveries(
    Database database,
    Topics topics,
    TextSeal seal,
    QueueMessages messages,
    QueueSender queues,
    UsageMeter meter,
    ILogger logger
)
{
    public Publication Opened(Delivery delivery, Topic topic, SealedText content)
    {
        var publication = JsonSerializer.Deserialize(seal.Open(content, topic.Scope), SnsDocuments.Default.Publication)!;
        return topic.Fifo ? publication with { SequenceNumber = Publisher.Sequence(delivery.Message) } : publication;
    }

    public Task TryAgain(Delivery delivery, TimeSpan wait, string error) =>
        database.Write(transaction => Deliveries.Postpone(transaction, delivery, topics.Now + wait, delivery.Attempts + 1, error));

    public async Task GiveUp(Delivery delivery, Topic topic, Subscription subscription, string error)
    {
        LogGivenUp(delivery.Id, subscription.Arn, delivery.Attempts + 1, error);
        var letter = await DeadLetter(delivery, topic, subscription).ConfigureAwait(false);
        if (SubscriptionAttributes.DeadLetterQueue(subscription) is not null)
        {
            meter.Metrics.Add(
                topic.Metric(letter is null ? "NumberOfNotificationsFailedToRedriveToDlq" : "NumberOfNotificationsRedrivenToDlq")
            );
        }

        await database
            .Write(transaction =>
            {
                if (Deliveries.Finish(transaction, delivery) && letter is not null)
                {
                    queues.Enqueue(transaction, letter);
                }
            })
            .ConfigureAwait(false);
    }

    private async Task<PreparedMessage?> DeadLetter(Delivery delivery, Topic topic, Subscription subscription)
    {
        if (
            SubscriptionAttributes.DeadLetterQueue(subscription) is not { } queue
            || database.Read(transaction => Deliveries.Message(transaction, delivery.Message)) is not { } stored
        )
        {
            return null;
        }

        try
        {
            var publication = Opened(delivery, topic, stored.Content);
            return await messages.DeadLetter(publication, topic, subscription, queue).ConfigureAwait(false);
        }
        catch (AwsException error)
        {
            LogNoDeadLetter(delivery.Id, queue, error.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Delivery {Delivery} to {Subscription} is given up after {Failures} tries: {Error}")]
    private partial void LogGivenUp(long delivery, string subscription, int failures, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Delivery {Delivery} could not go to the dead-letter queue {Queue}: {Error}")]
    private partial void LogNoDeadLetter(long delivery, string queue, string error);
}
