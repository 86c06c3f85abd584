using System.Text.Json;
using System.Xml.Linq;

namespace Disa.Emulator.Tests.Sns;

/// <summary>Answers that SNS gives word for word, and what its subscribers get: recorded on AWS.</summary>
public sealed class SnsAnswersTests : IAsyncLifetime
{
    private const string Topic = "arn:aws:sns:us-east-1:000000000000:t";
    private const string Fifo = "arn:aws:sns:us-east-1:000000000000:t.fifo";
    private const string Queue = "arn:aws:sqs:us-east-1:000000000000:q";
    private const string FifoQueue = "arn:aws:sqs:us-east-1:000000000000:q.fifo";

    private const string Token =
        "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";

    private static readonly string LongId = new('a', 81);
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await Call("CreateTopic", "Name=t");
        await Call("CreateTopic", "Name=t.fifo&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=True");
        await Sqs("CreateQueue", """{"QueueName":"q"}""");
        await Sqs("CreateQueue", """{"QueueName":"q.fifo","Attributes":{"FifoQueue":"true"}}""");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData("FooBar", "", "<Code>InvalidAction</Code><Message>Could not find operation FooBar for version 2010-03-31</Message>")]
    [InlineData(
        "CreateTopic",
        "Name=x&Attributes.entry.1.key=FifoTopic&Attributes.entry.1.value=true",
        "<Message>Invalid parameter: Topic Name</Message>"
    )]
    [InlineData(
        "AddPermission",
        "TopicArn=" + Topic + "&Label=l&AWSAccountId.member.1=111111111111&ActionName.member.1=InvalidAction",
        "<Message>Invalid parameter: Policy statement action out of service scope!</Message>"
    )]
    [InlineData("ConfirmSubscription", "TopicArn=" + Topic + "&Token=none", "<Message>Invalid token</Message>")]
    [InlineData("ConfirmSubscription", "TopicArn=" + Topic + "&Token=" + Token, "<Message>Invalid parameter: Token</Message>")]
    [InlineData(
        "Unsubscribe",
        "SubscriptionArn=",
        "<Message>Invalid parameter: SubscriptionArn Reason: no value for required parameter</Message>"
    )]
    [InlineData("Unsubscribe", "SubscriptionArn=" + Topic, "<Message>Invalid parameter: SubscriptionId</Message>")]
    [InlineData(
        "Subscribe",
        "TopicArn="
            + Topic
            + "&Protocol=sqs&Endpoint="
            + Queue
            + "&Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value={\"a\":{\"b\":[\"c\"]}}",
        "<Message>Invalid parameter: Filter policy scope MessageAttributes does not support nested filter policy</Message>"
    )]
    [InlineData(
        "PublishBatch",
        "TopicArn=" + Topic + "&PublishBatchRequestEntries.member.1.Id=a:b&PublishBatchRequestEntries.member.1.Message=x",
        "The Id of a batch entry in the batch request contains an impermissible character: a:b"
    )]
    [InlineData(
        "PublishBatch",
        "TopicArn="
            + Fifo
            + "&PublishBatchRequestEntries.member.1.Id=a&PublishBatchRequestEntries.member.1.MessageStructure=json&PublishBatchRequestEntries.member.1.Message={}",
        "Message Structure - No default entry in JSON message body"
    )]
    [InlineData(
        "Publish",
        "TopicArn="
            + Topic
            + "&Message=x&MessageAttributes.entry.1.Name=a^b&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=x",
        "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots."
    )]
    [InlineData(
        "Publish",
        "TopicArn="
            + Topic
            + "&Message=x&MessageAttributes.entry.1.Name=.a&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=x",
        "starting with character '.' was found."
    )]
    [InlineData(
        "Publish",
        "TopicArn="
            + Topic
            + "&Message=x&MessageAttributes.entry.1.Name=a.&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=x",
        "ending with character '.' was found."
    )]
    [InlineData(
        "Publish",
        "TopicArn="
            + Topic
            + "&Message=x&MessageAttributes.entry.1.Name=a..b&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=x",
        "Message attribute name can not have successive '.' character."
    )]
    [InlineData(
        "Publish",
        "TopicArn="
            + Topic
            + "&Message=x&MessageAttributes.entry.1.Name=attr1&MessageAttributes.entry.1.Value.DataType=Number&MessageAttributes.entry.1.Value.BinaryValue=eA==",
        "The message attribute 'attr1' with type 'Number' must use field 'String'."
    )]
    [InlineData(
        "Publish",
        "TopicArn=" + Topic + "&Message=x&MessageAttributes.entry.1.Name=attr1&MessageAttributes.entry.1.Value.StringValue=x",
        "<Code>ValidationError</Code><Message>1 validation error detected: Value null at 'messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null</Message>"
    )]
    public async Task A_refusal_is_in_SNSs_words(string action, string form, string part)
    {
        var (status, text) = await cloud.Send(
            HttpMethod.Post,
            "sns",
            "/",
            $"Action={action}&{form}".Replace("+", "%2B", StringComparison.Ordinal),
            "application/x-www-form-urlencoded"
        );

        Assert.Contains(part, text);
        Assert.Equal(400, status);
    }

    [Fact]
    public async Task A_batch_that_is_too_long_and_an_id_that_is_are_told_so()
    {
        var (_, id) = await cloud.Send(
            HttpMethod.Post,
            "sns",
            "/",
            $"Action=PublishBatch&TopicArn={Topic}&PublishBatchRequestEntries.member.1.Id={LongId}&PublishBatchRequestEntries.member.1.Message=x",
            "application/x-www-form-urlencoded"
        );
        var (_, size) = await cloud.Send(
            HttpMethod.Post,
            "sns",
            "/",
            $"Action=PublishBatch&TopicArn={Topic}&PublishBatchRequestEntries.member.1.Id=a&PublishBatchRequestEntries.member.1.Message={new string('x', 262_145)}",
            "application/x-www-form-urlencoded"
        );

        Assert.Contains($"The Id of a batch entry in the batch request is too long: {LongId}", id);
        Assert.Contains("The length of all the messages put together is more than the limit.", size);
    }

    [Fact]
    public async Task Raw_delivery_is_read_without_regard_to_case_and_shown_small()
    {
        var first = await Subscribe(Topic, Queue, ("RawMessageDelivery", "TrUe"));
        var again = await Subscribe(Topic, Queue, ("RawMessageDelivery", "true"));

        Assert.Equal(first, again);
        Assert.Contains(
            "<key>RawMessageDelivery</key><value>true</value>",
            await Call("GetSubscriptionAttributes", "SubscriptionArn=" + first)
        );
    }

    [Fact]
    public async Task A_scope_without_a_policy_is_not_shown()
    {
        var arn = await Subscribe(Topic, Queue);
        await Call("SetSubscriptionAttributes", $"SubscriptionArn={arn}&AttributeName=FilterPolicyScope&AttributeValue=MessageBody");

        Assert.DoesNotContain("FilterPolicyScope", await Call("GetSubscriptionAttributes", "SubscriptionArn=" + arn));
    }

    [Theory]
    [InlineData("""{"object.nested":["string.value"]}""", """{"object":{"nested":"string.value"}}""", true)]
    [InlineData("""{"object":{"nested":["string.value"]}}""", """{"object.nested":"string.value"}""", true)]
    [InlineData(
        """{"detail":{"payload.nested.deep":{"leaf":["x"]}}}""",
        """{"detail":{"payload":{"nested":{"deep":{"leaf":"x"}}}}}""",
        true
    )]
    [InlineData("""{"a.b":["x"]}""", """{"a":[{"b":"y"},{"b":"x"}]}""", true)]
    [InlineData("""{"a.b":["x"]}""", """{"a":{"b":"y"}}""", false)]
    [InlineData("""{"a.b":[{"exists":false}]}""", """{"a":{}}""", true)]
    [InlineData("""{"attr1":[null,{"anything-but":"whatever"}]}""", "{}", false)]
    public async Task A_dot_in_a_policy_on_the_body_is_a_path(string policy, string message, bool delivered)
    {
        await Subscribe(Topic, Queue, ("RawMessageDelivery", "true"), ("FilterPolicyScope", "MessageBody"), ("FilterPolicy", policy));

        await Call("Publish", $"TopicArn={Topic}&Message={Uri.EscapeDataString(message)}");

        Assert.Equal(delivered ? 1 : 0, (await Receive("q")).Count);
    }

    [Fact]
    public async Task The_queues_of_a_FIFO_topic_get_no_signature_and_a_standard_one_no_group()
    {
        await Subscribe(Fifo, FifoQueue);
        await Subscribe(Fifo, Queue);
        await Call("Publish", $"TopicArn={Fifo}&Message=x&MessageGroupId=g&MessageDeduplicationId=d");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var ordered = Assert.Single(await Receive("q.fifo"));
        var standard = Assert.Single(await Receive("q"));

        var body = JsonElement.Parse(ordered.GetProperty("Body").GetString()!);
        Assert.True(body.TryGetProperty("SequenceNumber", out _));
        Assert.False(
            body.TryGetProperty("Signature", out _)
                || body.TryGetProperty("SignatureVersion", out _)
                || body.TryGetProperty("SigningCertURL", out _)
        );
        Assert.Equal("g", ordered.GetProperty("Attributes").GetProperty("MessageGroupId").GetString());
        Assert.False(standard.GetProperty("Attributes").TryGetProperty("MessageGroupId", out _));
    }

    [Fact]
    public async Task The_trace_of_a_publication_goes_with_it()
    {
        const string trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        await Subscribe(Topic, Queue);
        await cloud.Send(
            HttpMethod.Post,
            "sns",
            "/",
            $"Action=Publish&TopicArn={Topic}&Message=x",
            "application/x-www-form-urlencoded",
            null,
            ("X-Amzn-Trace-Id", trace)
        );

        Assert.Equal(trace, Assert.Single(await Receive("q")).GetProperty("Attributes").GetProperty("AWSTraceHeader").GetString());
    }

    private Task<string> Call(string action, string form) =>
        cloud.Query(
            "sns",
            action,
            [.. form.Split('&').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], Uri.UnescapeDataString(pair[1])))]
        );

    private Task<JsonElement> Sqs(string operation, string body) => cloud.Json("sqs", "AmazonSQS." + operation, body);

    private async Task<string> Subscribe(string topic, string queue, params (string Name, string Value)[] attributes)
    {
        List<(string, string)> form = [("TopicArn", topic), ("Protocol", "sqs"), ("Endpoint", queue)];
        foreach (var (at, (name, value)) in attributes.Index())
        {
            form.Add(($"Attributes.entry.{at + 1}.key", name));
            form.Add(($"Attributes.entry.{at + 1}.value", value));
        }

        return XElement
            .Parse(await cloud.Query("sns", "Subscribe", [.. form]))
            .Descendants()
            .First(element => element.Name.LocalName == "SubscriptionArn")
            .Value;
    }

    private async Task<List<JsonElement>> Receive(string queue)
    {
        var answer = await Sqs(
            "ReceiveMessage",
            $$"""{"QueueUrl":"{{queue}}","MaxNumberOfMessages":10,"MessageSystemAttributeNames":["All"]}"""
        );
        return answer.TryGetProperty("Messages", out var messages) ? [.. messages.EnumerateArray()] : [];
    }
}
