using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

/// <summary>
/// Accepts messages: the message and its deliveries in one commit, then the answer, then the deliveries. A queue that takes a message at once
/// has it in that same commit, and needs no delivery.
/// </summary>
public sealed class Publisher
{
    private readonly Database database;
    private readonly Topics topics;
    private readonly TextSeal seal;
    private readonly QueueMessages messages;
    private readonly Action deliver;
    private readonly Action post;
    private readonly UsageMeter meter;
    private readonly TopicRights needed;
    private readonly Authorizer authorizer;

    internal Publisher(
        Database database,
        Topics topics,
        TextSeal seal,
        QueueMessages messages,
        Action deliver,
        Action post,
        Authorizer authorizer,
        UsageMeter meter
    )
    {
        this.authorizer = authorizer;
        needed = new TopicRights(topics);
        this.database = database;
        this.topics = topics;
        this.seal = seal;
        this.messages = messages;
        this.deliver = deliver;
        this.post = post;
        this.meter = meter;
    }

    /// <summary>For services that notify (an alarm's actions): answers the message's id once it is durable.</summary>
    /// <exception cref="AwsException">NotFound, InvalidParameter, KMSDisabled and what else Publish answers.</exception>
    public async Task<string> Publish(string topicArn, string? subject, string message, Caller caller)
    {
        authorizer.Require(caller, needed.On("Publish", topicArn, caller), TopicRights.Denied);
        var topic = topics.Find(topicArn, caller, "Publish");
        PublicationCheck.Message(message, topic.MaximumMessageSize, null);
        PublicationCheck.Subject(subject);
        PublicationCheck.Fifo(topic, null, null);
        return (await Accept(topic, [Draft(topic, message, subject, false, null, null, null)], caller).ConfigureAwait(false))[0].MessageId;
    }

    internal Publication Draft(
        Topic topic,
        string message,
        string? subject,
        bool structured,
        IReadOnlyDictionary<string, Sqs.MessageAttribute>? attributes,
        string? groupId,
        string? deduplicationId
    ) =>
        new()
        {
            MessageId = Guid.NewGuid().ToString(),
            TopicArn = topic.Arn,
            Subject = subject,
            Message = message,
            Structured = structured,
            Attributes = attributes is { Count: > 0 } ? attributes : null,
            Published = topics.Now,
            GroupId = groupId,
            DeduplicationId = topic.Fifo
                ? deduplicationId ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message)))
                : null,
        };

    /// <summary>What each became: a duplicate in a FIFO topic is the first again.</summary>
    internal async Task<IReadOnlyList<(string MessageId, string? Sequence)>> Accept(
        Topic topic,
        IReadOnlyList<Publication> publications,
        Caller caller
    )
    {
        IReadOnlyList<(string, string?)> ids;
        int queued;
        try
        {
            (ids, queued) = await Write(topic, await Prepare(topic, publications, caller, atOnce: true).ConfigureAwait(false))
                .ConfigureAwait(false);
        }
        catch (ReceiversChangedException)
        {
            (ids, queued) = await Write(topic, await Prepare(topic, publications, caller, atOnce: false).ConfigureAwait(false))
                .ConfigureAwait(false);
        }

        // A batch is one request for each 64 KB of all of it: "by a factor of up to 10" cheaper than its messages one by one
        // (https://docs.aws.amazon.com/sns/latest/dg/sns-batch-api-actions.html).
        var sizes = publications.Select(publication => (long)PublicationCheck.Size(publication.Message, publication.Attributes)).ToList();
        meter.Add("sns", topic.Name, "PublishRequests", UsageMeter.Chunks(sizes.Sum()));
        meter.Add("sns", topic.Name, "Messages", publications.Count);
        meter.Metrics.Add(topic.Metric("NumberOfMessagesPublished"), 1, publications.Count);
        sizes.ForEach(size => meter.Metrics.Add(topic.Metric("PublishSize", "Bytes"), size));

        if (queued > 0)
        {
            meter.Add("sns", topic.Name, "QueueDeliveries", queued);
            meter.Metrics.Add(topic.Metric("NumberOfNotificationsDelivered"), 1, queued);
        }

        return ids;
    }

    /// <param name="atOnce">Whether queues may get it right away.</param>
    private async Task<IReadOnlyList<Accepted>> Prepare(Topic topic, IReadOnlyList<Publication> publications, Caller caller, bool atOnce)
    {
        var subscriptions = topics.Of(topic).Where(subscription => subscription.Confirmed).ToList();
        var open = await messages.Open(topic, atOnce ? subscriptions : []).ConfigureAwait(false);

        // Who publishes needs the topic's key, whoever receives; without one, only what is kept for later is sealed.
        var key = topic.KmsKey is null ? null : await Key(topic, caller).ConfigureAwait(false);
        var prepared = new List<Accepted>();
        foreach (var publication in publications)
        {
            var receivers = subscriptions.FindAll(subscription => FilterPolicy.Accepts(subscription, publication));
            if (atOnce && receivers.Count < subscriptions.Count)
            {
                meter.Metrics.Add(topic.Metric("NumberOfNotificationsFilteredOut"), 1, subscriptions.Count - receivers.Count);
            }

            var queued = await messages.AtOnce(publication, topic, receivers, open).ConfigureAwait(false);
            SealedText? content = null;
            if (!atOnce || topic.Fifo || queued.Count < receivers.Count)
            {
                key ??= await Key(topic, caller).ConfigureAwait(false);
                content = key.Seal(JsonSerializer.Serialize(publication, SnsDocuments.Default.Publication));
            }

            prepared.Add(new(publication, content, queued));
        }

        return prepared;
    }

    private Task<TextKey> Key(Topic topic, Caller caller) =>
        seal.Key(topic.KmsKey, caller with { Account = topic.Account, Region = topic.Region }, topic.Arn);

    /// <returns>What each became, and how many queues have got a message.</returns>
    private Task<(IReadOnlyList<(string, string?)> Ids, int Queued)> Write(Topic topic, IReadOnlyList<Accepted> all) =>
        database.Write<(IReadOnlyList<(string, string?)>, int)>(transaction =>
        {
            var current = topics.Shelf.Get(transaction, topic.Scope, topic.Name) ?? throw SnsErrors.TopicDoesNotExist();
            var subscriptions = topics.Of(transaction, current).Where(subscription => subscription.Confirmed).ToList();
            var (ids, queued, waiting, posted) = (new List<(string, string?)>(), 0, false, false);
            foreach (var one in all)
            {
                ids.Add(
                    current.Fifo
                        ? PutInOrder(transaction, current, one, subscriptions)
                        : Put(transaction, current, one, subscriptions, ref queued, ref waiting, ref posted)
                );
            }

            if (waiting || current.Fifo)
            {
                transaction.AfterCommit(deliver);
            }

            if (posted)
            {
                transaction.AfterCommit(post);
            }

            return (ids, queued);
        });

    private (string MessageId, string? Sequence) Put(
        Transaction transaction,
        Topic topic,
        Accepted one,
        List<Subscription> subscriptions,
        ref int queued,
        ref bool waiting,
        ref bool posted
    )
    {
        long? id = null;
        foreach (var subscription in subscriptions)
        {
            if (one.Queued.TryGetValue(subscription, out var message) && messages.Put(transaction, message))
            {
                queued++;
            }
            else if (FilterPolicy.Accepts(subscription, one.Publication))
            {
                id ??= Deliveries.InsertMessage(
                    transaction,
                    topic,
                    one.Publication.MessageId,
                    one.Content ?? throw new ReceiversChangedException()
                );
                Deliveries.Insert(transaction, topic, id.Value, subscription, topics.Now, one.Publication.GroupId);
                _ = subscription.Posted ? posted = true : waiting = true;
            }
        }

        return (one.Publication.MessageId, null);
    }

    private (string MessageId, string? Sequence) PutInOrder(
        Transaction transaction,
        Topic topic,
        Accepted one,
        List<Subscription> subscriptions
    )
    {
        var (publication, now) = (one.Publication, topics.Now);
        var key =
            topic.Set.GetValueOrDefault("FifoThroughputScope") == "MessageGroup"
                ? $"{publication.GroupId}/{publication.DeduplicationId}"
                : publication.DeduplicationId;
        if (Deliveries.FindDuplicate(transaction, topic.Arn, key!, now) is var (firstId, firstSequence))
        {
            return (firstId, firstSequence);
        }

        var id = Deliveries.InsertMessage(transaction, topic, publication.MessageId, one.Content!);
        foreach (var subscription in subscriptions.Where(subscription => FilterPolicy.Accepts(subscription, publication)))
        {
            Deliveries.Insert(transaction, topic, id, subscription, now, publication.GroupId);
        }

        Deliveries.DropMessage(transaction, id);
        Deliveries.RememberDuplicate(transaction, topic, key!, publication.MessageId, Sequence(id), now);
        return (publication.MessageId, Sequence(id));
    }

    /// <summary>Twenty digits that grow.</summary>
    internal static string Sequence(long id) => $"1{id * 1000:D19}";

    /// <param name="Publication">The message.</param>
    /// <param name="Content">The same as it is kept for later; null where nobody was to get it later.</param>
    /// <param name="Queued">What queues get at once.</param>
    private sealed record Accepted(
        Publication Publication,
        SealedText? Content,
        IReadOnlyDictionary<Subscription, Sqs.PreparedMessage> Queued
    );

    /// <summary>Someone gets it later after all: a subscription came or changed, or a queue went, while the message was prepared.</summary>
    private sealed class ReceiversChangedException : Exception;
}
