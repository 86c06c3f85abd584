using Disa.Emulator.Aws;
using Disa.Emulator.Sqs;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

/// <summary>What a queue gets of a publication, and whether it can have it at once.</summary>
internal sealed class QueueMessages(Notification notification, QueueSender queues)
{
    private const int MostRawAttributes = 10;
    private static readonly Dictionary<string, string> Wrapped = [];

    /// <summary>The message that a queue, or a subscription's dead-letter queue, gets.</summary>
    /// <exception cref="AwsException">The queue is gone, does not let the topic in, or its key cannot be used.</exception>
    public async Task<PreparedMessage> Of(Publication publication, Topic topic, Subscription subscription, string queueArn) =>
        await Of(publication, topic, subscription, await Admit(topic, queueArn).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>What goes into a subscription's dead-letter queue: the same, or the notification around it where a raw message cannot be sent.</summary>
    public Task<PreparedMessage> DeadLetter(Publication publication, Topic topic, Subscription subscription, string queueArn) =>
        Of(publication, topic, IsTooMany(publication, subscription) ? subscription with { Set = Wrapped } : subscription, queueArn);

    /// <summary>
    /// Those of a topic's queues that take messages right now. To the others messages are delivered later, with retries. So are those of a
    /// FIFO topic: each group has its order. And so are those of a topic that has their status written.
    /// </summary>
    public async Task<IReadOnlyDictionary<Subscription, SendPermit>> Open(Topic topic, IEnumerable<Subscription> subscriptions)
    {
        var open = new Dictionary<Subscription, SendPermit>(ReferenceEqualityComparer.Instance);
        var later = topic.Fifo || StatusLog.MayWriteQueues(topic);
        foreach (var subscription in subscriptions.Where(subscription => subscription.Protocol == "sqs" && !later))
        {
            try
            {
                open.Add(subscription, await Admit(topic, subscription.Endpoint).ConfigureAwait(false));
            }
            catch (AwsException)
            {
                // The delivery finds out why again, and says so.
            }
        }

        return open;
    }

    /// <summary>The messages of a publication for those receivers who can have it at once.</summary>
    public async Task<IReadOnlyDictionary<Subscription, PreparedMessage>> AtOnce(
        Publication publication,
        Topic topic,
        IEnumerable<Subscription> receivers,
        IReadOnlyDictionary<Subscription, SendPermit> open
    )
    {
        var ready = new Dictionary<Subscription, PreparedMessage>(ReferenceEqualityComparer.Instance);
        foreach (var subscription in receivers)
        {
            try
            {
                if (open.TryGetValue(subscription, out var permit))
                {
                    ready.Add(subscription, await Of(publication, topic, subscription, permit).ConfigureAwait(false));
                }
            }
            catch (AwsException)
            {
                // This message is not for this queue; the delivery says why.
            }
        }

        return ready;
    }

    private Task<SendPermit> Admit(Topic topic, string queueArn) =>
        queues.Admit(queueArn, Caller.Service("sns.amazonaws.com", topic.Scope) with { SourceArn = topic.Arn });

    private async ValueTask<PreparedMessage> Of(Publication publication, Topic topic, Subscription subscription, SendPermit permit) =>
        QueueSender.Prepare(
            permit,
            new SendMessageEntry
            {
                MessageBody = subscription.Raw
                    ? publication.TextFor(subscription.Protocol)
                    : await notification.Envelope(publication, topic, subscription).ConfigureAwait(false),
                MessageAttributes = subscription.Raw ? publication.Attributes : null,
                MessageSystemAttributes = publication.TraceHeader is { } trace
                    ? new Dictionary<string, MessageAttribute>
                    {
                        ["AWSTraceHeader"] = new() { DataType = "String", StringValue = trace },
                    }
                    : null,

                // A standard queue takes a standard topic's group (for fairness), no FIFO topic's, and no deduplication id.
                MessageGroupId = topic.Fifo && !permit.Queue.Fifo ? null : publication.GroupId,
                MessageDeduplicationId = permit.Queue.Fifo ? publication.DeduplicationId : null,
            }
        );

    /// <summary>
    /// "Messages with more than 10 message attributes directed towards Raw Message Delivery enabled Amazon SQS subscriptions will be discarded
    /// as client side errors": https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html.
    /// </summary>
    private static bool IsTooMany(Publication publication, Subscription subscription) =>
        subscription.Raw && publication.Attributes?.Count > MostRawAttributes;

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
