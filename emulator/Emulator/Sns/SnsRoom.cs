using System.Security.Cryptography.X509Certificates;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Sqs;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Sns;

/// <summary>Amazon Simple Notification Service: topics, and their delivery to mail, queues, functions and HTTP endpoints.</summary>
public sealed class SnsRoom : Room
{
    private readonly Database database;
    private readonly List<Operation> operations;
    private readonly List<IResource> resources;
    private readonly Worker deliveries;
    private readonly HttpDeliverer posts;
    private readonly Worker? smtp;
    private readonly IDisposable? arrivals;
    private readonly Signer signer;
    private readonly TopicRights rights;
    private readonly Inbox inbox;

    /// <param name="writeStatus">Writes what became of a delivery, in the name of a role.</param>
    /// <param name="trusts">Whether SNS may take a role for a topic.</param>
    /// <param name="smtpServer"><c>host:port</c> where mails also go; null keeps them in the mailbox only.</param>
    /// <param name="endpoints">The HTTP and HTTPS endpoints that may be posted to.</param>
    /// <param name="trusted">For tests: an authority that HTTPS endpoints may have their certificate from, beside those of the system.</param>
    internal SnsRoom(
        Database database,
        Clock clock,
        EmulatorEndpoint endpoint,
        DataKeys dataKeys,
        Tokens tokens,
        QueueSender queues,
        InvokeFunction invoke,
        WriteStatus writeStatus,
        Func<string, string, bool> trusts,
        string? smtpServer,
        HttpEndpoints endpoints,
        X509Certificate2? trusted,
        Authorizer authorizer,
        UsageMeter meter,
        ILoggerFactory loggers
    )
    {
        this.database = database;
        var logger = loggers.CreateLogger("Disa.Sns");
        var topics = new Topics(database, clock, tokens);
        var seal = new TextSeal(dataKeys);
        var links = new Links(endpoint);
        var mailbox = Mailbox = new Mailbox(database, clock, seal, links, smtpServer is not null);
        signer = new Signer(database, clock);
        inbox = new Inbox(mailbox, signer, clock);
        var notification = new Notification(signer, links);
        var messages = new QueueMessages(notification, queues);
        var failed = new FailedDeliveries(database, topics, seal, messages, queues, meter, logger);
        var status = new StatusLog(topics, writeStatus, trusts, logger);
        var deliverer = new Deliverer(database, topics, mailbox, messages, queues, invoke, notification, failed, status, meter, logger);
        deliveries = new Worker("sns deliveries", clock, logger, deliverer.Step);
        var poster = new HttpPoster(endpoints, clock, trusted);
        posts = new HttpDeliverer(database, topics, seal, notification, poster, failed, status, clock, meter, logger);
        if (smtpServer is not null)
        {
            smtp = new Worker("smtp", clock, logger, new SmtpSender(smtpServer, mailbox, clock, logger).Step);
            arrivals = mailbox.Subscribe(smtp.Signal);
        }

        Publisher = new Publisher(database, topics, seal, messages, deliveries.Signal, posts.Signal, authorizer, meter);
        rights = new TopicRights(topics);
        var notices = new NoticeWriter(topics, seal, notification);
        var subscribe = new Subscribe(database, topics, mailbox, notices, endpoints, posts.Signal);
        var unsubscribe = new Unsubscribe(database, topics, notices, posts.Signal);
        operations = Operations(database, topics, subscribe, unsubscribe, Publisher, mailbox, out resources);
    }

    public static IReadOnlyList<Migration> Migrations => Deliveries.Migrations;

    /// <summary>https://docs.aws.amazon.com/sns/latest/api/API_Operations.html</summary>
    private static readonly string[] KnownOperations =
    [
        "AddPermission",
        "CheckIfPhoneNumberIsOptedOut",
        "ConfirmSubscription",
        "CreatePlatformApplication",
        "CreatePlatformEndpoint",
        "CreateSMSSandboxPhoneNumber",
        "CreateTopic",
        "DeleteEndpoint",
        "DeletePlatformApplication",
        "DeleteSMSSandboxPhoneNumber",
        "DeleteTopic",
        "GetDataProtectionPolicy",
        "GetEndpointAttributes",
        "GetPlatformApplicationAttributes",
        "GetSMSAttributes",
        "GetSMSSandboxAccountStatus",
        "GetSubscriptionAttributes",
        "GetTopicAttributes",
        "ListEndpointsByPlatformApplication",
        "ListOriginationNumbers",
        "ListPhoneNumbersOptedOut",
        "ListPlatformApplications",
        "ListSMSSandboxPhoneNumbers",
        "ListSubscriptions",
        "ListSubscriptionsByTopic",
        "ListTagsForResource",
        "ListTopics",
        "OptInPhoneNumber",
        "Publish",
        "PublishBatch",
        "PutDataProtectionPolicy",
        "RemovePermission",
        "SetEndpointAttributes",
        "SetPlatformApplicationAttributes",
        "SetSMSAttributes",
        "SetSubscriptionAttributes",
        "SetTopicAttributes",
        "Subscribe",
        "TagResource",
        "Unsubscribe",
        "UntagResource",
        "VerifySMSSandboxPhoneNumber",
    ];

    internal Mailbox Mailbox { get; }

    /// <summary>For services that notify.</summary>
    public Publisher Publisher { get; }

    public override IEnumerable<IResource> Resources => resources;

    internal override Access? Existing(string arn, Caller caller) =>
        Arn.TryParse(arn) is { Service: "sns" } ? rights.On("", arn, caller) : null;

    public override IEnumerable<AdminEndpoint> AdminEndpoints => inbox.Endpoints;

    public override IEnumerable<AwsService> Services =>
        [
            new AwsService("sns", operations)
            {
                SdkName = "sns",
                SdkErrorPrefix = "Sns",
                Protocols = Protocols.Query,
                XmlNamespace = "http://sns.amazonaws.com/doc/2010-03-31/",
                Rights = rights.Of,
                TagsOf = rights.TagsOf,
                TagsIn = TopicRights.TagsIn,
                Known = KnownOperations,
                Denied = TopicRights.Denied,
            },
        ];

    public override IEnumerable<Upcoming> Upcoming(string account, int limit) =>
        database.Read(transaction => Deliveries.Upcoming(transaction, account, limit));

    public override void Start()
    {
        deliveries.Start();
        posts.Start();
        smtp?.Start();
    }

    public override void Reset(Transaction transaction, string account) => Deliveries.Reset(transaction, account);

    public override async ValueTask DisposeAsync()
    {
        arrivals?.Dispose();
        await deliveries.DisposeAsync().ConfigureAwait(false);
        await posts.DisposeAsync().ConfigureAwait(false);
        if (smtp is not null)
        {
            await smtp.DisposeAsync().ConfigureAwait(false);
        }

        signer.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private static List<Operation> Operations(
        Database database,
        Topics topics,
        Subscribe subscribe,
        Unsubscribe unsubscribe,
        Publisher publisher,
        Mailbox mailbox,
        out List<IResource> resources
    )
    {
        var json = SnsJson.Default;
        var create = new CreateTopic(database, topics);
        var delete = new DeleteTopic(database, topics);
        var set = new SetTopicAttributes(database, topics);
        var setSubscription = new SetSubscriptionAttributes(database, topics);
        var tags = new TopicTags(database, topics);
        var permissions = new TopicPermissions(topics, set);
        var phones = new PhoneNumbers(database);
        resources =
        [
            new TopicResource(database, topics, create, delete, subscribe, unsubscribe),
            new SubscriptionResource(topics, subscribe, unsubscribe, setSubscription),
            new TopicPolicyResource(topics, set),
        ];
        return
        [
            Operation.Of("AddPermission", json.AddPermissionInput, permissions.Add),
            Operation.Of(
                "ConfirmSubscription",
                json.ConfirmSubscriptionInput,
                json.ConfirmSubscriptionResponse,
                new ConfirmSubscription(database, topics).Run,
                anonymous: true,
                page: ConfirmSubscription.Page
            ),
            Operation.Of("CreateTopic", json.CreateTopicInput, json.CreateTopicResponse, create.Run),
            Operation.Of("DeleteTopic", json.TopicArnInput, delete.Run),
            Operation.Of(
                "GetSubscriptionAttributes",
                json.SubscriptionArnInput,
                json.AttributesResponse,
                new GetSubscriptionAttributes(topics).Run
            ),
            Operation.Of("GetTopicAttributes", json.TopicArnInput, json.AttributesResponse, new GetTopicAttributes(topics).Run),
            Operation.Of("ListSubscriptions", json.NextTokenInput, json.ListSubscriptionsResponse, new ListSubscriptions(topics).Run),
            Operation.Of(
                "ListSubscriptionsByTopic",
                json.ListSubscriptionsByTopicInput,
                json.ListSubscriptionsResponse,
                new ListSubscriptionsByTopic(topics).Run
            ),
            Operation.Of("ListTagsForResource", json.ListTagsForResourceRequest, json.ListTagsForResourceResponse, tags.List),
            Operation.Of("ListTopics", json.NextTokenInput, json.ListTopicsResponse, new ListTopics(topics).Run),
            Operation.Of("Publish", json.PublishInput, json.PublishResponse, new Publish(topics, publisher, mailbox).Run),
            Operation.Of("PublishBatch", json.PublishBatchInput, json.PublishBatchResponse, new PublishBatch(topics, publisher).Run),
            Operation.Of("CheckIfPhoneNumberIsOptedOut", json.PhoneNumberOptedOutInput, json.OptedOutResponse, PhoneNumbers.IsOptedOut),
            Operation.Of(
                "ListPhoneNumbersOptedOut",
                json.OptedOutListInput,
                json.OptedOutListResponse,
                (_, _) => new OptedOutListResponse([])
            ),
            Operation.Of("GetSMSAttributes", json.SmsAttributesInput, json.SmsAttributesResponse, phones.Get),
            Operation.Of("SetSMSAttributes", json.SetSmsAttributesInput, json.EmptyResult, phones.Set),
            Operation.Of("RemovePermission", json.RemovePermissionInput, permissions.Remove),
            Operation.Of("SetSubscriptionAttributes", json.SetSubscriptionAttributesInput, setSubscription.Run),
            Operation.Of("SetTopicAttributes", json.SetTopicAttributesInput, set.Run),
            Operation.Of("Subscribe", json.SubscribeInput, json.SubscribeResponse, subscribe.Run),
            Operation.Of("TagResource", json.TagResourceRequest, json.EmptyResult, tags.Tag),
            Operation.Of(
                "Unsubscribe",
                json.SubscriptionArnInput,
                unsubscribe.Run,
                anonymous: true,
                page: Pages.Of(
                    "Subscription removed!",
                    "Your subscription has been removed. You will receive no more notifications from this topic."
                )
            ),
            Operation.Of("UntagResource", json.UntagResourceRequest, json.EmptyResult, tags.Untag),
        ];
    }
}
