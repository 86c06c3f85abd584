using System.Text.Json;

namespace Disa.Emulator.Tests.Events;

/// <summary>Answers that EventBridge gives word for word, and what its targets get: recorded on AWS where no page is cited.</summary>
public sealed class EventsAnswersTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""");
        await Call("PutRule", """{"Name":"r","EventPattern":"{\"source\":[{\"prefix\":\"\"}]}"}""");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    /// <summary>Against the event's detail {"o":{"a":"q"},"l":["x"],"s":"text","n":5}.</summary>
    [Theory]
    [InlineData("""{"s":"<s>","n":<n>,"o":<o>}""", """{"s":"text","n":5,"o":{"a":"q"}}""")]
    [InlineData("""{"missing":<none>,"quoted":"<none>"}""", """{"missing":"","quoted":""}""")]
    [InlineData("\"an <s> with <o> and <l>\"", "\"an text with {a:q} and [x]\"")]
    [InlineData("""{"payload":"<o>"}""", null)]
    [InlineData("""{"payload":"all of <l>"}""", null)]
    [InlineData("<aws.events.event>", """{"version":"0","detailType":"d","source":"s"}""")]
    public async Task A_template_is_filled_as_AWS_fills_it(string template, string? message)
    {
        await Target(template);

        await Put("""{\"o\":{\"a\":\"q\"},\"l\":[\"x\"],\"s\":\"text\",\"n\":5}""");

        var got = await Receive();
        if (template.Contains("aws.events.event", StringComparison.Ordinal))
        {
            var json = JsonElement.Parse(got!);
            Assert.False(json.TryGetProperty("detail", out _));
            Assert.Equal(
                ("0", "d", "s"),
                (
                    json.GetProperty("version").GetString(),
                    json.GetProperty("detailType").GetString(),
                    json.GetProperty("source").GetString()
                )
            );
            return;
        }

        Assert.Equal(message, got);
    }

    [Fact]
    public async Task A_placeholder_that_nobody_defines_is_refused()
    {
        var error = await Assert.ThrowsAsync<TestAwsException>(() => Target("""{"a":<undefined>}"""));

        Assert.Contains("InputTemplate for target t contains invalid placeholder undefined.", error.Body);
    }

    [Theory]
    [InlineData("rule/none", "Rule none does not exist on EventBus default.")]
    [InlineData("event-bus/none", "Event bus none does not exist.")]
    public async Task Tags_of_what_does_not_exist_are_refused_by_its_name(string resource, string message)
    {
        foreach (
            var (operation, more) in ((string, string)[])
                [
                    ("TagResource", ",\"Tags\":[{\"Key\":\"a\",\"Value\":\"b\"}]"),
                    ("UntagResource", ",\"TagKeys\":[\"a\"]"),
                    ("ListTagsForResource", ""),
                ]
        )
        {
            var error = await Assert.ThrowsAsync<TestAwsException>(() =>
                Call(operation, $"{{\"ResourceARN\":\"arn:aws:events:us-east-1:000000000000:{resource}\"{more}}}")
            );
            Assert.Contains(message, error.Body);
        }
    }

    [Fact]
    public async Task The_default_bus_takes_tags()
    {
        const string arn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
        await Call("TagResource", $$"""{"ResourceARN":"{{arn}}","Tags":[{"Key":"a","Value":"b"}]}""");

        Assert.Equal(
            "b",
            (await Call("ListTagsForResource", $$"""{"ResourceARN":"{{arn}}"}""")).GetProperty("Tags")[0].GetProperty("Value").GetString()
        );
        Assert.Equal(1, (await Call("ListEventBuses", "{}")).GetProperty("EventBuses").GetArrayLength());
    }

    /// <remarks>https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html, "PutEvents entry size": 1 MB since January 2026</remarks>
    [Theory]
    [InlineData(300_000, true)]
    [InlineData(1_048_576, false)]
    public async Task Events_of_a_request_may_have_a_megabyte(int size, bool accepted)
    {
        var put = Put($$"""{\"a\":\"{{new string('x', size)}}\"}""");

        if (accepted)
        {
            await put;
        }
        else
        {
            Assert.Contains(
                "Total size of the entries in the request is over the limit.",
                (await Assert.ThrowsAsync<TestAwsException>(() => put)).Body
            );
        }
    }

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("events", "AWSEvents." + operation, body);

    private Task<JsonElement> Put(string detail) =>
        Call("PutEvents", $$"""{"Entries":[{"Source":"s","DetailType":"d","Detail":"{{detail}}"}]}""");

    private Task<JsonElement> Target(string template)
    {
        var text = JsonEncodedText.Encode(template);
        return Call(
            "PutTargets",
            $"{{\"Rule\":\"r\",\"Targets\":[{{\"Id\":\"t\",\"Arn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"InputTransformer\":{{\"InputTemplate\":\"{text}\","
                + "\"InputPathsMap\":{\"o\":\"$.detail.o\",\"l\":\"$.detail.l\",\"s\":\"$.detail.s\",\"n\":\"$.detail.n\",\"none\":\"$.detail.none\"}}}]}"
        );
    }

    private async Task<string?> Receive()
    {
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        var answer = await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", """{"QueueUrl":"q"}""");
        return answer.TryGetProperty("Messages", out var messages) ? messages[0].GetProperty("Body").GetString() : null;
    }
}
