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

/// <summary>Subscriptions of queues: what they get, in which form and order, and what goes to the dead-letter queue.</summary>
public sealed class QueueDeliveryTests : WithTopics
{
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
}
