using System.Text.Json;
using Amazon.SQS.Model;
using Disa.Emulator.Tests.Lambda;
using Disa.Emulator.Tests.Sqs;

namespace Disa.Emulator.Tests.Sns;

/// <summary>Messages to functions, invoked asynchronously with the event that AWS gives them.</summary>
public sealed class FunctionDeliveryTests
{
    private const string Topic = "arn:aws:sns:us-east-1:000000000000:news";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_function_gets_the_message_in_an_event()
    {
        if (!FunctionFixture.HasPython)
        {
            Assert.Skip("python3 is not on PATH");
        }

        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "reader",
            "import json\ndef handler(event, context):\n    print('GOT ' + json.dumps(event['Records'][0]))\n"
        );
        await cloud.Query("sns", "CreateTopic", ("Name", "news"));
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", Topic),
            ("Protocol", "lambda"),
            ("Endpoint", "arn:aws:lambda:us-east-1:000000000000:function:reader")
        );
        await cloud.Query("sns", "Publish", ("TopicArn", Topic), ("Message", "Hello"), ("Subject", "S"));
        Assert.True(await cloud.Clock.Settle(Patience));

        var line = Assert.Single(await cloud.LogMessages("reader"), message => message.StartsWith("GOT ", StringComparison.Ordinal));
        var record = JsonElement.Parse(line[4..]);
        Assert.Equal(("aws:sns", "1.0"), (record.GetProperty("EventSource").GetString(), record.GetProperty("EventVersion").GetString()));
        Assert.Equal(
            [
                "Message",
                "MessageAttributes",
                "MessageId",
                "Signature",
                "SignatureVersion",
                "SigningCertUrl",
                "Subject",
                "Timestamp",
                "TopicArn",
                "Type",
                "UnsubscribeUrl",
            ],
            record.GetProperty("Sns").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal("Hello", record.GetProperty("Sns").GetProperty("Message").GetString());
    }

    [Fact]
    public async Task A_function_that_does_not_exist_sends_its_messages_to_the_dead_letter_queue()
    {
        await using var cloud = await TestCloud.Start();
        using var sqs = SqsTests.Client(cloud);
        var letters = (await sqs.CreateQueueAsync("letters")).QueueUrl;
        await cloud.Query("sns", "CreateTopic", ("Name", "news"));
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", Topic),
            ("Protocol", "lambda"),
            ("Endpoint", "arn:aws:lambda:us-east-1:000000000000:function:none"),
            ("Attributes.entry.1.key", "RedrivePolicy"),
            ("Attributes.entry.1.value", """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:letters"}""")
        );
        await cloud.Query("sns", "Publish", ("TopicArn", Topic), ("Message", "Hello"));
        var letter = Assert.Single((await sqs.ReceiveMessageAsync(new ReceiveMessageRequest(letters) { WaitTimeSeconds = 10 })).Messages);
        Assert.Equal("Hello", JsonElement.Parse(letter.Body).GetProperty("Message").GetString());
    }
}
