using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

/// <summary>Accepts messages: the message and its deliveries in one commit, then the answer, then the deliveries.</summary>
public sealed class Publisher
{
    private readonly Database database;
    private readonly Topics topics;
    private readonly TextSeal seal;
    private readonly Action deliver;
    private readonly UsageMeter meter;
    private readonly TopicRights needed;
    private readonly Authorizer authorizer;

    internal Publisher(Database database, Topics topics, TextSeal seal, Action deliver, Authorizer authorizer, UsageMeter meter)
    {
        this.authorizer = authorizer;
        needed = new TopicRights(topics);
        this.database = database;
        this.topics = topics;
        this.seal = seal;
        this.deliver = deliver;
        this.meter = meter;
    }

    /// <summary>For services that notify (an alarm's actions): answers the message's id once it is durable.</summary>
    /// <exception cref="AwsException">NotFound, InvalidParameter, KMSDisabled and what else Publish answers.</exception>
    public async Task<string> Publish(string topicArn, string? subject, string message, Caller caller)
    {
        authorizer.Require(caller, needed.On("Publish", topicArn, caller), TopicRights.Denied);
        var topic = topics.Find(topicArn, caller, "Publish");
        PublicationCheck.Message(message, null);
        PublicationCheck.Subject(subject);
        PublicationCheck.Fifo(topic, null, null);
        return (await Accept(topic, [Draft(topic, message, subject, false, null, null, null)], caller).ConfigureAwait(false))[0].MessageId;
    }

    internal Publication Draft(Topic topic, string message, string? subject, bool structured,
        IReadOnlyDictionary<string, Sqs.MessageAttribute>? attributes, string? groupId, string? deduplicationId) => new()
        {
            MessageId = Guid.NewGuid().ToString(),
            TopicArn = topic.Arn,
            Subject = subject,
            Message = message,
            Structured = structured,
            Attributes = attributes is { Count: > 0 } ? attributes : null,
            Published = topics.Now,
            GroupId = groupId,
            DeduplicationId = topic.Fifo ? deduplicationId ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message))) : null,
        };

    /// <summary>What each became: a duplicate in a FIFO topic is the first again.</summary>
    internal async Task<IReadOnlyList<(string MessageId, string? Sequence)>> Accept(Topic topic, IReadOnlyList<Publication> publications, Caller caller)
    {
        var contents = new List<SealedText>();
        foreach (var publication in publications)
        {
            var json = JsonSerializer.Serialize(publication, SnsDocuments.Default.Publication);
            contents.Add(await seal.Seal(json, topic.KmsKey, caller with { Account = topic.Account, Region = topic.Region }, topic.Arn).ConfigureAwait(false));
        }

        var accepted = await database.Write(transaction =>
        {
            var current = topics.Shelf.Get(transaction, topic.Scope, topic.Name) ?? throw SnsErrors.TopicDoesNotExist();
            var subscriptions = topics.Of(transaction, current).Where(subscription => subscription.Confirmed).ToList();
            var ids = new List<(string, string?)>();
            for (var i = 0; i < publications.Count; i++)
            {
                ids.Add(Put(transaction, current, publications[i], contents[i], subscriptions));
            }

            transaction.AfterCommit(deliver);
            return ids;
        }).ConfigureAwait(false);

        // A batch is one request for each 64 KB of all of it: "by a factor of up to 10" cheaper than its messages one by one
        // (https://docs.aws.amazon.com/sns/latest/dg/sns-batch-api-actions.html).
        meter.Add("sns", topic.Name, "PublishRequests", UsageMeter.Chunks(publications.Sum(publication => (long)PublicationCheck.Size(publication.Message, publication.Attributes))));
        meter.Add("sns", topic.Name, "Messages", publications.Count);
        return accepted;
    }

    private (string MessageId, string? Sequence) Put(Transaction transaction, Topic topic, Publication publication, SealedText content, List<Subscription> subscriptions)
    {
        var now = topics.Now;
        var byGroup = topic.Set.GetValueOrDefault("FifoThroughputScope") == "MessageGroup";
        var key = byGroup ? $"{publication.GroupId}/{publication.DeduplicationId}" : publication.DeduplicationId;
        if (topic.Fifo && Deliveries.FindDuplicate(transaction, topic.Arn, key!, now) is var (firstId, firstSequence))
        {
            return (firstId, firstSequence);
        }

        var id = Deliveries.InsertMessage(transaction, topic, publication.MessageId, content);
        foreach (var subscription in subscriptions)
        {
            if (FilterPolicy.Accepts(subscription, publication))
            {
                Deliveries.Insert(transaction, topic, id, subscription, now, publication.GroupId);
            }
        }

        Deliveries.DropMessage(transaction, id);
        if (!topic.Fifo)
        {
            return (publication.MessageId, null);
        }

        Deliveries.RememberDuplicate(transaction, topic, key!, publication.MessageId, Sequence(id), now);
        return (publication.MessageId, Sequence(id));
    }

    /// <summary>Twenty digits that grow.</summary>
    internal static string Sequence(long id) => $"1{id * 1000:D19}";
}
