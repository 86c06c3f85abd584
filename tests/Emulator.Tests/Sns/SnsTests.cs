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

/// <summary>Topics, what is published to them, and what is refused.</summary>
public sealed class SnsTests : WithTopics
{
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
}
