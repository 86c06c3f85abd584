using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Amazon.SQS;
using Amazon.SQS.Model;
using Disa.Emulator.Tests.Sqs;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Sns;

/// <summary>SNS through signed Query calls, its mailbox as a reader has it, its queues through Amazon's client.</summary>
public sealed class SnsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private HttpClient browser = new();
    private TestCloud cloud = null!;
    private AmazonSQSClient sqs = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        sqs = SqsTests.Client(cloud);
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        sqs.Dispose();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task A_message_reaches_the_mailbox_once_its_reader_has_confirmed_by_the_link()
    {
        var topic = await Topic("news");
        Assert.Equal("pending confirmation", Value(await Subscribe(topic, "email", "ann@example.com"), "SubscriptionArn"));
        await Publish(topic, "too early");

        var invitation = Assert.Single(await Inbox());
        Assert.Equal(
            ("AWS Notification - Subscription Confirmation", "ann@example.com", "confirmation"),
            (Text(invitation, "subject"), Text(invitation, "to"), Text(invitation, "kind"))
        );
        var page = await Open(Link(Text(invitation, "body"), "ConfirmSubscription"), "text/html");
        Assert.Contains("Subscription confirmed!", page);
        var again = await Open(Link(Text(invitation, "body"), "ConfirmSubscription"), "*/*");
        Assert.StartsWith(topic + ":", Value(again, "SubscriptionArn"));

        var id = await Publish(topic, "Hello, Ann.\nBye.", ("Subject", "Greetings"));
        var mail = (await Inbox()).Single(entry => Text(entry, "kind") == "notification");
        Assert.Equal(
            ("Greetings", id, topic, "AWS Notifications <no-reply@sns.amazonaws.com>"),
            (Text(mail, "subject"), Text(mail, "messageId"), Text(mail, "topicArn"), Text(mail, "from"))
        );
        Assert.StartsWith("Hello, Ann.\nBye.\n\n--\nIf you wish to stop receiving notifications from this topic", Text(mail, "body"));

        await Open(Link(Text(mail, "body"), "Unsubscribe"), "text/html");
        var attributes = Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)));
        Assert.Equal(
            ("0", "0", "1"),
            (attributes["SubscriptionsConfirmed"], attributes["SubscriptionsPending"], attributes["SubscriptionsDeleted"])
        );
    }

    [Fact]
    public async Task A_mail_without_a_subject_and_with_a_display_name_is_as_on_AWS()
    {
        var topic = await Topic("named", ("DisplayName", "Disa"));
        await Confirm(topic, "bob@example.com");
        await Publish(topic, "x");
        var mail = (await Inbox("bob@example.com")).Last();
        Assert.Equal(("AWS Notification Message", "Disa <no-reply@sns.amazonaws.com>"), (Text(mail, "subject"), Text(mail, "from")));
    }

    [Fact]
    public async Task An_unconfirmed_subscription_lapses_after_two_days()
    {
        var topic = await Topic("lapse");
        await Subscribe(topic, "email", "late@example.com");
        var link = Link(Text((await Inbox()).Single(), "body"), "ConfirmSubscription");
        await cloud.Cloud.Advance(TimeSpan.FromDays(2));
        using var response = await browser.GetAsync(link);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Invalid parameter: Token", await response.Content.ReadAsStringAsync());
        Assert.DoesNotContain("<member>", await cloud.Query("sns", "ListSubscriptions"));
    }

    [Fact]
    public async Task A_subscription_confirmed_with_authentication_cannot_be_ended_by_the_link()
    {
        var topic = await Topic("kept");
        await Subscribe(topic, "email", "a@example.com");
        var token = Regex.Match(Text((await Inbox()).Single(), "body"), "Token=([0-9a-f]+)").Groups[1].Value;
        var arn = Value(
            await cloud.Query("sns", "ConfirmSubscription", ("TopicArn", topic), ("Token", token), ("AuthenticateOnUnsubscribe", "true")),
            "SubscriptionArn"
        );
        using var response = await browser.GetAsync(new Uri(cloud.Endpoint, $"/?Action=Unsubscribe&SubscriptionArn={arn}"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(
            "true",
            Attributes(await cloud.Query("sns", "GetSubscriptionAttributes", ("SubscriptionArn", arn)))["ConfirmationWasAuthenticated"]
        );
        await cloud.Query("sns", "Unsubscribe", ("SubscriptionArn", arn));
    }

    [Fact]
    public async Task A_queue_gets_the_signed_notification_or_the_raw_message()
    {
        var topic = await Topic("fan");
        var plain = await Queue("plain");
        var raw = await Queue("raw");
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:plain");
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:raw", ("RawMessageDelivery", "true"));
        var id = await Publish(
            topic,
            "Grüße",
            ("Subject", "S"),
            ("MessageAttributes.entry.1.Name", "n"),
            ("MessageAttributes.entry.1.Value.DataType", "Number"),
            ("MessageAttributes.entry.1.Value.StringValue", "99.12")
        );

        var envelope = JsonDocument.Parse((await Receive(plain)).Body).RootElement;
        Assert.Equal(
            [
                "Type",
                "MessageId",
                "TopicArn",
                "Subject",
                "Message",
                "Timestamp",
                "SignatureVersion",
                "Signature",
                "SigningCertURL",
                "UnsubscribeURL",
                "MessageAttributes",
            ],
            envelope.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(
            ("Notification", id, "Grüße", "99.12"),
            (
                Text(envelope, "Type"),
                Text(envelope, "MessageId"),
                Text(envelope, "Message"),
                envelope.GetProperty("MessageAttributes").GetProperty("n").GetProperty("Value").GetString()
            )
        );
        await VerifySignature(envelope);

        var message = await Receive(raw);
        Assert.Equal(("Grüße", "99.12"), (message.Body, message.MessageAttributes["n"].StringValue));
    }

    [Fact]
    public async Task A_queue_has_the_message_when_the_publish_is_answered_and_what_it_refuses_is_tried_apart()
    {
        var topic = await Topic("handed-over");
        var queue = await Queue("handed-over");
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:handed-over", ("RawMessageDelivery", "true"));
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:not-there", ("RawMessageDelivery", "true"));
        await cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", "at once"));
        Assert.Equal("at once", Assert.Single((await sqs.ReceiveMessageAsync(queue)).Messages).Body);
        Assert.True(await cloud.Clock.Settle(Patience));
        Assert.Null((await sqs.ReceiveMessageAsync(queue)).Messages);
    }

    /// <summary>A subscription that changes between a publish's look at it and its write gets the message by a delivery instead.</summary>
    [Fact]
    public async Task A_queue_gets_each_message_once_while_its_subscription_changes()
    {
        const int messages = 50;
        var topic = await Topic("changing");
        var queue = await Queue("changing");
        var subscription = Value(await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:changing"), "SubscriptionArn");
        await Task.WhenAll(
            Enumerable
                .Range(0, messages)
                .Select(number =>
                    Task.WhenAll(
                        cloud.Query(
                            "sns",
                            "SetSubscriptionAttributes",
                            ("SubscriptionArn", subscription),
                            ("AttributeName", "RawMessageDelivery"),
                            ("AttributeValue", number % 2 == 0 ? "true" : "false")
                        ),
                        cloud.Query("sns", "Publish", ("TopicArn", topic), ("Message", $"number {number}"))
                    )
                )
        );
        Assert.True(await cloud.Clock.Settle(Patience));
        var count = await sqs.GetQueueAttributesAsync(queue, ["ApproximateNumberOfMessages"]);
        Assert.Equal(messages, count.ApproximateNumberOfMessages);
    }

    [Fact]
    public async Task A_message_for_a_queue_that_is_gone_goes_to_the_subscriptions_dead_letter_queue()
    {
        var topic = await Topic("lost");
        var letters = await Queue("letters");
        await Subscribe(
            topic,
            "sqs",
            "arn:aws:sqs:us-east-1:000000000000:gone",
            ("RawMessageDelivery", "true"),
            ("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:letters"}""")
        );
        await Publish(topic, "nobody home");
        Assert.Equal("nobody home", (await Receive(letters)).Body);
    }

    [Theory]
    [InlineData("""{"colour":["red",{"prefix":"bl"}]}""", "blue", true)]
    [InlineData("""{"colour":["red"]}""", "blue", false)]
    [InlineData("""{"colour":[{"anything-but":["red","green"]}]}""", "blue", true)]
    [InlineData("""{"colour":[{"anything-but":{"prefix":"b"}}]}""", "blue", false)]
    [InlineData("""{"colour":[{"exists":false}]}""", "blue", false)]
    [InlineData("""{"shade":[{"exists":false}]}""", "blue", true)]
    [InlineData("""{"size":[{"numeric":[">",0,"<=",100]}]}""", "blue", true)]
    [InlineData("""{"size":[{"numeric":["=",43]}]}""", "blue", false)]
    [InlineData("""{"colour":[{"suffix":"ue"}],"size":[42]}""", "blue", true)]
    [InlineData("""{"$or":[{"colour":["red"]},{"size":[42]}]}""", "blue", true)]
    [InlineData("""{"colour":[{"equals-ignore-case":"BLUE"}]}""", "blue", true)]
    [InlineData("""{"colour":[{"wildcard":"b*e"}]}""", "blue", true)]
    public async Task A_filter_policy_lets_through_what_matches(string policy, string colour, bool through)
    {
        var topic = await Topic("filtered");
        var queue = await Queue("filtered");
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:filtered", ("FilterPolicy", policy));
        await Publish(
            topic,
            "x",
            ("MessageAttributes.entry.1.Name", "colour"),
            ("MessageAttributes.entry.1.Value.DataType", "String"),
            ("MessageAttributes.entry.1.Value.StringValue", colour),
            ("MessageAttributes.entry.2.Name", "size"),
            ("MessageAttributes.entry.2.Value.DataType", "Number"),
            ("MessageAttributes.entry.2.Value.StringValue", "42")
        );
        Assert.Equal(through, (await sqs.ReceiveMessageAsync(queue)).Messages is { Count: 1 });
    }

    [Fact]
    public async Task A_filter_policy_on_the_body_looks_into_it()
    {
        var topic = await Topic("body");
        var queue = await Queue("body");
        await Subscribe(
            topic,
            "sqs",
            "arn:aws:sqs:us-east-1:000000000000:body",
            ("FilterPolicy", """{"order":{"kind":["new"]}}"""),
            ("FilterPolicyScope", "MessageBody"),
            ("RawMessageDelivery", "true")
        );
        await Publish(topic, """{"order":{"kind":"old"}}""");
        await Publish(topic, "no json");
        await Publish(topic, """{"order":{"kind":"new"}}""");
        Assert.Equal("""{"order":{"kind":"new"}}""", (await Receive(queue)).Body);
        Assert.Null((await sqs.ReceiveMessageAsync(queue)).Messages);
    }

    [Fact]
    public async Task A_structured_message_gives_each_protocol_its_text()
    {
        var topic = await Topic("forms");
        var queue = await Queue("forms");
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:forms", ("RawMessageDelivery", "true"));
        await Publish(topic, """{"default":"d","sqs":"for the queue"}""", ("MessageStructure", "json"));
        Assert.Equal("for the queue", (await Receive(queue)).Body);
    }

    /// <summary>The answers are those that AWS gave (recorded 2023-08-24 to 2025-10-06).</summary>
    [Theory]
    [InlineData("NotFound", "Topic does not exist", "TopicArn=arn:aws:sns:us-east-1:000000000000:none&Message=x")]
    [InlineData(
        "InvalidParameter",
        "Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1",
        "TopicArn=x&Message=x"
    )]
    [InlineData("InvalidParameter", "Invalid parameter: TopicArn", "TopicArn=arn:aws:sns:eu-west-1:000000000000:t&Message=x")]
    [InlineData("InvalidParameter", "Invalid parameter: Empty message", "TopicArn={topic}&Message=")]
    [InlineData("InvalidParameter", "Invalid parameter: Subject", "TopicArn={topic}&Message=x&Subject=")]
    [InlineData("InvalidParameter", "Invalid parameter: Subject", "TopicArn={topic}&Message=x&Subject=a%0Ab")]
    [InlineData(
        "InvalidParameter",
        "Invalid parameter: Message Structure - No default entry in JSON message body",
        "TopicArn={topic}&Message={}&MessageStructure=json"
    )]
    [InlineData(
        "InvalidParameter",
        "Invalid parameter: Message Structure - JSON message body failed to parse",
        "TopicArn={topic}&Message=x&MessageStructure=json"
    )]
    [InlineData(
        "ParameterValueInvalid",
        "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'.",
        "TopicArn={topic}&Message=x&MessageAttributes.entry.1.Name=a&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue="
    )]
    [InlineData("InvalidParameter", "Invalid parameter: Message too long", "TopicArn={topic}&Message={long}")]
    public async Task A_message_that_AWS_refuses_is_refused_in_its_words(string code, string message, string query)
    {
        var topic = await Topic("t");
        var parameters = query
            .Split('&')
            .Select(pair => pair.Split('=', 2))
            .Select(pair =>
                (pair[0], Uri.UnescapeDataString(pair[1]).Replace("{topic}", topic).Replace("{long}", new string('x', 262_145)))
            )
            .ToArray();
        await Fails(code, message, "Publish", parameters);
    }

    [Fact]
    public async Task Subscriptions_that_AWS_refuses_are_refused_in_its_words()
    {
        var topic = await Topic("t");
        (string, string)[] With(string protocol, string endpoint, params (string, string)[] more) =>
            [("TopicArn", topic), ("Protocol", protocol), ("Endpoint", endpoint), .. more];
        await Fails(
            "InvalidParameter",
            "Invalid parameter: Amazon SNS does not support this protocol string: pigeon",
            "Subscribe",
            With("pigeon", "x")
        );
        await Fails("InvalidParameter", "Invalid parameter: Email address", "Subscribe", With("email", "nobody"));
        await Fails("InvalidParameter", "Invalid parameter: SQS endpoint ARN", "Subscribe", With("sqs", "http://localhost/queue"));
        await Fails(
            "InvalidParameter",
            "Invalid parameter: Attributes Reason: RawMessageDelivery: Invalid value [maybe]. Must be true or false.",
            "Subscribe",
            With(
                "sqs",
                "arn:aws:sqs:us-east-1:000000000000:q",
                ("Attributes.entry.1.key", "RawMessageDelivery"),
                ("Attributes.entry.1.value", "maybe")
            )
        );
        await Fails("InvalidParameter", "Invalid token", "ConfirmSubscription", ("TopicArn", topic), ("Token", "abc"));
        await Fails("NotFound", "Subscription does not exist", "GetSubscriptionAttributes", ("SubscriptionArn", topic + ":none"));
        Assert.Equal(
            501,
            (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sns", "Subscribe", With("sms", "+49301234567")))).Status
        );
        Assert.Equal(501, (await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sns", "CreatePlatformApplication"))).Status);
        await Assert.ThrowsAsync<TestAwsException>(() => Subscribe(topic, "email", "a@example.com\r\nBcc: b@example.com"));
    }

    [Fact]
    public async Task A_topic_is_made_once_and_keeps_attributes_tags_and_permissions()
    {
        var topic = await Topic("twice", ("DisplayName", "One"));
        Assert.Equal(topic, await Topic("twice", ("DisplayName", "One")));
        await Fails(
            "InvalidParameter",
            "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
            "CreateTopic",
            ("Name", "twice"),
            ("Attributes.entry.1.key", "DisplayName"),
            ("Attributes.entry.1.value", "Two")
        );
        await Fails("InvalidParameter", "Invalid parameter: Topic Name", "CreateTopic", ("Name", "no spaces"));

        await cloud.Query(
            "sns",
            "TagResource",
            ("ResourceArn", topic),
            ("Tags.member.1.Key", "k1"),
            ("Tags.member.1.Value", "v1"),
            ("Tags.member.2.Key", "k2"),
            ("Tags.member.2.Value", "v2")
        );
        await cloud.Query("sns", "UntagResource", ("ResourceArn", topic), ("TagKeys.member.1", "k1"));
        Assert.Contains(
            "<member><Key>k2</Key><Value>v2</Value></member>",
            await cloud.Query("sns", "ListTagsForResource", ("ResourceArn", topic))
        );

        await cloud.Query(
            "sns",
            "AddPermission",
            ("TopicArn", topic),
            ("Label", "l"),
            ("AWSAccountId.member.1", "111122223333"),
            ("ActionName.member.1", "Publish")
        );
        Assert.Contains("111122223333", Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)))["Policy"]);
        await cloud.Query("sns", "SetTopicAttributes", ("TopicArn", topic), ("AttributeName", "SignatureVersion"), ("AttributeValue", "2"));
        await Fails(
            "InvalidParameter",
            "Invalid parameter: AttributeName",
            "SetTopicAttributes",
            ("TopicArn", topic),
            ("AttributeName", "Colour"),
            ("AttributeValue", "blue")
        );
        await cloud.Query("sns", "DeleteTopic", ("TopicArn", topic));
        await cloud.Query("sns", "DeleteTopic", ("TopicArn", topic));
        Assert.DoesNotContain("twice", await cloud.Query("sns", "ListTopics"));
    }

    [Fact]
    public async Task A_batch_answers_for_each_entry()
    {
        var topic = await Topic("batch");
        var answer = await cloud.Query(
            "sns",
            "PublishBatch",
            ("TopicArn", topic),
            ("PublishBatchRequestEntries.member.1.Id", "good"),
            ("PublishBatchRequestEntries.member.1.Message", "x"),
            ("PublishBatchRequestEntries.member.2.Id", "bad"),
            ("PublishBatchRequestEntries.member.2.Message", "")
        );
        Assert.Contains("<Successful><member><Id>good</Id>", answer);
        Assert.Contains("<Failed><member><Id>bad</Id><Code>InvalidParameter</Code>", answer);
        await Fails(
            "BatchEntryIdsNotDistinct",
            "Two or more batch entries in the request have the same Id.",
            "PublishBatch",
            ("TopicArn", topic),
            ("PublishBatchRequestEntries.member.1.Id", "a"),
            ("PublishBatchRequestEntries.member.1.Message", "x"),
            ("PublishBatchRequestEntries.member.2.Id", "a"),
            ("PublishBatchRequestEntries.member.2.Message", "x")
        );
    }

    /// <summary>https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html and the API references of SetTopicAttributes and PublishBatch.</summary>
    [Fact]
    public async Task A_topic_takes_messages_and_batches_up_to_its_own_maximum_size()
    {
        var topic = await Topic("sized", ("MaximumMessageSize", "1024"));
        Assert.Equal("1024", Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)))["MaximumMessageSize"]);
        Assert.Equal(
            "262144",
            Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", await Topic("plain"))))["MaximumMessageSize"]
        );
        await Publish(topic, new string('x', 1024));
        await Fails(
            "InvalidParameter",
            "Invalid parameter: Message too long",
            "Publish",
            ("TopicArn", topic),
            ("Message", new string('x', 1025))
        );
        await Fails(
            "BatchRequestTooLong",
            "The length of all the messages put together is more than the limit.",
            "PublishBatch",
            ("TopicArn", topic),
            ("PublishBatchRequestEntries.member.1.Id", "a"),
            ("PublishBatchRequestEntries.member.1.Message", new string('x', 512)),
            ("PublishBatchRequestEntries.member.2.Id", "b"),
            ("PublishBatchRequestEntries.member.2.Message", new string('x', 513))
        );

        await SetAttribute(topic, "MaximumMessageSize", "1048576");
        var queue = await Queue("large");
        await sqs.SetQueueAttributesAsync(queue, new() { ["MaximumMessageSize"] = "1048576" });
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:large", ("RawMessageDelivery", "true"));
        await Publish(topic, new string('x', 1_048_576));
        Assert.Equal(1_048_576, (await Receive(queue)).Body.Length);
        await Fails(
            "InvalidParameter",
            "Invalid parameter: Message too long",
            "Publish",
            ("TopicArn", topic),
            ("Message", new string('x', 1_048_577))
        );
    }

    [Theory]
    [InlineData("1023")]
    [InlineData("1048577")]
    [InlineData("many")]
    public async Task A_maximum_size_that_AWS_does_not_take_is_refused(string size)
    {
        var topic = await Topic("sized");
        var error = await Assert.ThrowsAsync<TestAwsException>(() => SetAttribute(topic, "MaximumMessageSize", size));
        Assert.Equal("InvalidParameter", Value(error.Body, "Code"));
        Assert.Equal(
            "InvalidParameter",
            Value((await Assert.ThrowsAsync<TestAwsException>(() => Topic("other", ("MaximumMessageSize", size)))).Body, "Code")
        );
    }

    [Fact]
    public async Task A_topic_of_large_messages_has_no_mail_and_at_most_a_hundred_subscriptions()
    {
        var large = await Topic("large", ("MaximumMessageSize", "262145"));
        Assert.Contains(
            "InvalidParameter",
            (await Assert.ThrowsAsync<TestAwsException>(() => Subscribe(large, "email", "ann@example.com"))).Body
        );
        for (var i = 0; i < 100; i++)
        {
            await Subscribe(large, "sqs", $"arn:aws:sqs:us-east-1:000000000000:q{i}");
        }

        await Subscribe(large, "sqs", "arn:aws:sqs:us-east-1:000000000000:q7");
        Assert.Contains(
            "InvalidParameter",
            (await Assert.ThrowsAsync<TestAwsException>(() => Subscribe(large, "sqs", "arn:aws:sqs:us-east-1:000000000000:more"))).Body
        );

        var mailed = await Topic("mailed");
        await Subscribe(mailed, "email", "ann@example.com");
        Assert.Contains(
            "InvalidParameter",
            (await Assert.ThrowsAsync<TestAwsException>(() => SetAttribute(mailed, "MaximumMessageSize", "262145"))).Body
        );
        await SetAttribute(mailed, "MaximumMessageSize", "262144");
    }

    /// <summary>https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html: "will be discarded as client side errors".</summary>
    [Fact]
    public async Task A_raw_queue_gets_no_message_with_more_than_ten_attributes_and_its_dead_letter_queue_does()
    {
        var topic = await Topic("attributes");
        var (raw, wrapped, bare, dead) = (await Queue("raw"), await Queue("wrapped"), await Queue("bare"), await Queue("dead"));
        await Subscribe(
            topic,
            "sqs",
            "arn:aws:sqs:us-east-1:000000000000:raw",
            ("RawMessageDelivery", "true"),
            ("RedrivePolicy", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}""")
        );
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:bare", ("RawMessageDelivery", "true"));
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:wrapped");

        await Publish(topic, "ten", [.. Ten()]);
        await Publish(topic, "eleven", [.. Ten(), .. Attribute(11)]);

        Assert.Equal("ten", (await Receive(raw)).Body);
        Assert.Equal("ten", (await Receive(bare)).Body);
        Assert.Null((await sqs.ReceiveMessageAsync(raw)).Messages);
        Assert.Null((await sqs.ReceiveMessageAsync(bare)).Messages);
        Assert.Equal(2, (await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(wrapped) { MaxNumberOfMessages = 10 })).Messages.Count);
        Assert.Equal("eleven", Text(JsonElement.Parse((await Receive(dead)).Body), "Message"));

        static IEnumerable<(string, string)> Ten() => Enumerable.Range(1, 10).SelectMany(Attribute);
        static (string, string)[] Attribute(int number) =>
            [
                ($"MessageAttributes.entry.{number}.Name", $"n{number}"),
                ($"MessageAttributes.entry.{number}.Value.DataType", "String"),
                ($"MessageAttributes.entry.{number}.Value.StringValue", "x"),
            ];
    }

    [Fact]
    public async Task A_fifo_topic_delivers_in_order_and_once()
    {
        var topic = await Topic("order.fifo", ("FifoTopic", "true"), ("ContentBasedDeduplication", "true"));
        var queue = (
            await sqs.CreateQueueAsync(
                new CreateQueueRequest
                {
                    QueueName = "order.fifo",
                    Attributes = new() { ["FifoQueue"] = "true" },
                }
            )
        ).QueueUrl;
        await Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:order.fifo", ("RawMessageDelivery", "true"));
        foreach (var message in (string[])["1", "2", "2", "3"])
        {
            await Publish(topic, message, ("MessageGroupId", "g"));
        }

        var received = await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(queue) { MaxNumberOfMessages = 10 });
        Assert.Equal(["1", "2", "3"], received.Messages.Select(message => message.Body));
        await Fails(
            "InvalidParameter",
            "Invalid parameter: The MessageGroupId parameter is required for FIFO topics",
            "Publish",
            ("TopicArn", topic),
            ("Message", "x")
        );
    }

    /// <summary>
    /// "Amazon SNS disables your subscription": https://repost.aws/knowledge-center/sns-email-subscription-disabled; ten messages a second for a
    /// subscription is a hard limit: https://docs.aws.amazon.com/general/latest/gr/sns.html.
    /// </summary>
    [Fact]
    public async Task The_eleventh_mail_of_a_second_disables_the_subscription_until_it_is_confirmed_again()
    {
        await DisposeAsync();
        cloud = await TestCloud.Start(new() { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero)) });
        sqs = SqsTests.Client(cloud);
        browser = new();
        var topic = await Topic("many");
        await Confirm(topic, "a@example.com");
        await Confirm(topic, "b@example.com");
        var old = Link(Text((await Inbox("a@example.com")).First(), "body"), "ConfirmSubscription");
        for (var second = 0; second < 3; second++)
        {
            await Mail(10, topic);
            await cloud.Cloud.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((30, 30), await Mails());

        await Mail(11, topic);
        Assert.Equal((40, 40), await Mails());
        Assert.Equal(2, Regex.Count(await cloud.Query("sns", "ListSubscriptionsByTopic", ("TopicArn", topic)), "PendingConfirmation"));
        Assert.Equal(("0", "2"), await Counts());
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        await Publish(topic, "nobody hears of it");
        Assert.Equal((40, 40), await Mails());

        using (var stale = await browser.GetAsync(old))
        {
            Assert.Equal(HttpStatusCode.BadRequest, stale.StatusCode);
        }

        await Confirm(topic, "a@example.com");
        await Publish(topic, "back");
        Assert.Equal((41, 40), await Mails());
        await cloud.Cloud.Advance(TimeSpan.FromHours(48));
        Assert.Equal(("1", "0"), await Counts());

        async Task Mail(int number, string to)
        {
            for (var i = 0; i < number; i++)
            {
                await Publish(to, $"{i}");
            }
        }

        async Task<(int, int)> Mails() => (await Notifications("a@example.com"), await Notifications("b@example.com"));

        async Task<int> Notifications(string address) => (await Inbox(address)).Count(mail => Text(mail, "kind") == "notification");

        async Task<(string, string)> Counts()
        {
            var attributes = Attributes(await cloud.Query("sns", "GetTopicAttributes", ("TopicArn", topic)));
            return (attributes["SubscriptionsConfirmed"], attributes["SubscriptionsPending"]);
        }
    }

    [Fact]
    public async Task Whoever_waits_for_mail_gets_it_when_it_comes()
    {
        var topic = await Topic("wait");
        var waiting = browser.GetStringAsync(new Uri(cloud.Endpoint, "/_disa/inbox?after=0&wait=30"));
        await Subscribe(topic, "email", "a@example.com");
        var mails = JsonDocument.Parse(await waiting).RootElement.GetProperty("mails");
        Assert.Equal(1, mails.GetArrayLength());
        var id = mails[0].GetProperty("id").GetString();
        Assert.Equal(
            "a@example.com",
            JsonDocument
                .Parse(await browser.GetStringAsync(new Uri(cloud.Endpoint, $"/_disa/inbox/{id}")))
                .RootElement.GetProperty("to")
                .GetString()
        );
        Assert.Empty(await Inbox(after: id));
    }

    private async Task<string> Topic(string name, params (string Name, string Value)[] attributes) =>
        Value(await cloud.Query("sns", "CreateTopic", [("Name", name), .. Entries(attributes)]), "TopicArn");

    private Task<string> Subscribe(string topic, string protocol, string endpoint, params (string Name, string Value)[] attributes) =>
        cloud.Query("sns", "Subscribe", [("TopicArn", topic), ("Protocol", protocol), ("Endpoint", endpoint), .. Entries(attributes)]);

    private Task<string> SetAttribute(string topic, string name, string value) =>
        cloud.Query("sns", "SetTopicAttributes", ("TopicArn", topic), ("AttributeName", name), ("AttributeValue", value));

    private static IEnumerable<(string, string)> Entries((string Name, string Value)[] attributes) =>
        attributes.SelectMany(
            (attribute, i) =>
                new[] { ($"Attributes.entry.{i + 1}.key", attribute.Name), ($"Attributes.entry.{i + 1}.value", attribute.Value) }
        );

    private async Task Confirm(string topic, string address)
    {
        await Subscribe(topic, "email", address);
        await Open(Link(Text((await Inbox(address)).Last(), "body"), "ConfirmSubscription"), "*/*");
    }

    private async Task<string> Publish(string topic, string message, params (string Name, string Value)[] more)
    {
        var id = Value(await cloud.Query("sns", "Publish", [("TopicArn", topic), ("Message", message), .. more]), "MessageId");
        Assert.True(await cloud.Clock.Settle(Patience));
        return id;
    }

    private async Task<string> Queue(string name) => (await sqs.CreateQueueAsync(name)).QueueUrl;

    private async Task<Message> Receive(string url) =>
        Assert.Single(
            (
                await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MessageAttributeNames = ["All"], WaitTimeSeconds = 5 })
            ).Messages
        );

    private async Task<List<JsonElement>> Inbox(string? to = null, string? after = null)
    {
        Assert.True(await cloud.Clock.Settle(Patience));
        return
        [
            .. JsonDocument
                .Parse(await browser.GetStringAsync(new Uri(cloud.Endpoint, $"/_disa/inbox?to={to}&after={after}".Replace("to=&", ""))))
                .RootElement.GetProperty("mails")
                .EnumerateArray(),
        ];
    }

    private async Task<string> Open(string link, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await browser.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private async Task VerifySignature(JsonElement envelope)
    {
        var text = new StringBuilder();
        foreach (var name in (string[])["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"])
        {
            text.Append(name).Append('\n').Append(Text(envelope, name)).Append('\n');
        }

        using var certificate = X509Certificate2.CreateFromPem(await browser.GetStringAsync(Text(envelope, "SigningCertURL")));
        using var key = certificate.GetRSAPublicKey()!;
        Assert.True(
            key.VerifyData(
                Encoding.UTF8.GetBytes(text.ToString()),
                Convert.FromBase64String(Text(envelope, "Signature")),
                HashAlgorithmName.SHA1,
                RSASignaturePadding.Pkcs1
            )
        );
    }

    private async Task Fails(string code, string message, string action, params (string, string)[] parameters)
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("sns", action, parameters));
        Assert.Equal((code, message), (Value(error.Body, "Code"), Value(error.Body, "Message")));
    }

    private static string Link(string body, string action) => Regex.Match(body, $@"http://\S+Action={action}\S+").Value;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string Value(string xml, string name) =>
        XDocument.Parse(xml).Descendants().First(element => element.Name.LocalName == name).Value;

    private static Dictionary<string, string> Attributes(string xml) =>
        XDocument
            .Parse(xml)
            .Descendants()
            .Where(element => element.Name.LocalName == "entry")
            .ToDictionary(entry => entry.Elements().First().Value, entry => entry.Elements().Last().Value);
}
