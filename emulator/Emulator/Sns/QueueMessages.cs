using Disa.Emulator.Aws;
using Disa.Emulator.Sqs;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

/// <summary>What a queue gets of a publication, and whether it can have it at once.</summary>
internal sealed class QueueMessages(Notification notification, QueueSender queues)
{
    /// <summary>The message that a queue, or a subscription's dead-letter queue, gets.</summary>
    /// <exception cref="AwsException">The queue is gone, does not let the topic in, or its key cannot be used.</exception>
    public async Task<PreparedMessage> Of(Publication publication, Topic topic, Subscription subscription, string queueArn)
    {
        var caller = Caller.Service("sns.amazonaws.com", topic.Scope) with { SourceArn = topic.Arn };
        var body = subscription.Raw ? publication.TextFor("sqs") : await notification.Envelope(publication, topic, subscription).ConfigureAwait(false);
        // A standard queue takes a group (for fairness) but no deduplication id.
        var fifo = queueArn.EndsWith(".fifo", StringComparison.Ordinal);
        return await queues.Prepare(queueArn, body, subscription.Raw ? publication.Attributes : null, caller,
            publication.GroupId, fifo ? publication.DeduplicationId : null).ConfigureAwait(false);
    }

    /// <summary>
    /// The messages of those receivers whose queue takes it right now. The others are delivered later, with retries. So are those of a FIFO
    /// topic: each group has its order.
    /// </summary>
    public async Task<IReadOnlyDictionary<Subscription, PreparedMessage>> AtOnce(Publication publication, Topic topic, IEnumerable<Subscription> receivers)
    {
        var ready = new Dictionary<Subscription, PreparedMessage>(ReferenceEqualityComparer.Instance);
        foreach (var subscription in receivers.Where(subscription => subscription.Protocol == "sqs" && !topic.Fifo))
        {
            try
            {
                ready.Add(subscription, await Of(publication, topic, subscription, subscription.Endpoint).ConfigureAwait(false));
            }
            catch (AwsException)
            {
                // The delivery finds out why again, and says so.
            }
        }

        return ready;
    }

    /// <summary>False where its queue was deleted meanwhile.</summary>
    public bool Put(Transaction transaction, PreparedMessage message)
    {
        if (!queues.Exists(transaction, message))
        {
            return false;
        }

        queues.Enqueue(transaction, message);
        return true;
    }
}
