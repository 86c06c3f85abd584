using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Disa.Emulator.Tests.Sqs;

/// <summary>Answers that SQS gives word for word: recorded on AWS where no page is cited.</summary>
public sealed class SqsAnswersTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await Call("CreateQueue", """{"QueueName":"q"}""");
        await Call("CreateQueue", """{"QueueName":"q.fifo","Attributes":{"FifoQueue":"True"}}""");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    // The name of the error's shape, and the code that Query clients know.
    [InlineData(
        "ReceiveMessage",
        """{"QueueUrl":"q","MaxNumberOfMessages":11}""",
        "InvalidParameterValueException",
        "InvalidParameterValue;Sender"
    )]
    [InlineData("SendMessage", """{"QueueUrl":"q"}""", "MissingRequiredParameterException", "MissingParameter;Sender")]
    [InlineData("GetQueueUrl", """{"QueueName":"none"}""", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue;Sender")]
    [InlineData(
        "GetQueueAttributes",
        """{"QueueUrl":"q","AttributeNames":["None"]}""",
        "InvalidAttributeName",
        "InvalidAttributeName;Sender"
    )]
    // Attributes
    [InlineData(
        "CreateQueue",
        """{"QueueName":"x","Attributes":{"FifoThroughputLimit":"perQueue"}}""",
        "You can specify the FifoThroughputLimit only when FifoQueue is set to true.",
        "InvalidAttributeName;Sender"
    )]
    [InlineData(
        "CreateQueue",
        """{"QueueName":"x","Attributes":{"DeduplicationScope":"queue"}}""",
        "You can specify the DeduplicationScope only when FifoQueue is set to true.",
        "InvalidAttributeName;Sender"
    )]
    [InlineData(
        "SetQueueAttributes",
        """{"QueueUrl":"q","Attributes":{"DeduplicationScope":"queue"}}""",
        "You can specify the DeduplicationScope only",
        "InvalidAttributeName;Sender"
    )]
    // Messages
    [InlineData(
        "SendMessageBatch",
        """{"QueueUrl":"q.fifo","Entries":[{"Id":"1","MessageBody":"x","MessageGroupId":"g"}]}""",
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
        "InvalidParameterValue;Sender"
    )]
    [InlineData(
        "SendMessageBatch",
        """{"QueueUrl":"q.fifo","Entries":[{"Id":"1","MessageBody":"x","MessageDeduplicationId":"d"}]}""",
        "The request must contain the parameter MessageGroupId.",
        "InvalidParameterValue;Sender"
    )]
    [InlineData(
        "SendMessage",
        """{"QueueUrl":"q.fifo","MessageBody":"x","MessageDeduplicationId":"d"}""",
        "The request must contain the parameter MessageGroupId.",
        "MissingParameter;Sender"
    )]
    [InlineData(
        "SendMessage",
        """{"QueueUrl":"q","MessageBody":"x","MessageAttributes":{"a":{"DataType":"String","StringValue":""}}}""",
        "Message (user) attribute 'a' must contain a non-empty value of type 'String'.",
        "InvalidParameterValue;Sender"
    )]
    [InlineData(
        "SendMessage",
        """{"QueueUrl":"q","MessageBody":"x","MessageAttributes":{"a":{"DataType":"String","StringValue":"\u0001"}}}""",
        "Invalid characters found",
        "InvalidParameterValue;Sender"
    )]
    [InlineData("SendMessage", """{"QueueUrl":"q","MessageBody":"\u0001"}""", "Invalid characters found", "InvalidMessageContents;Sender")]
    [InlineData(
        "StartMessageMoveTask",
        """{"SourceArn":"arn:aws:sqs:us-east-1:000000000000:q","DestinationArn":"arn:aws:sqs:us-east-1:000000000000:none"}""",
        "specified for the DestinationArn parameter",
        "ResourceNotFoundException;Sender"
    )]
    public async Task A_refusal_names_its_shape_and_its_older_code(string operation, string body, string part, string queryError)
    {
        await Call(
            "CreateQueue",
            """{"QueueName":"s","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"maxReceiveCount\":1}"}}"""
        );
        using var http = new HttpClient();
        using var request = cloud.Signed(
            HttpMethod.Post,
            "sqs",
            "/",
            body,
            [("X-Amz-Target", "AmazonSQS." + operation)],
            "application/x-amz-json-1.0"
        );
        using var answer = await http.SendAsync(request);

        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Contains(part, $"{error.GetProperty("__type")} {error.GetProperty("message")}");
        Assert.Equal(queryError, answer.Headers.GetValues("x-amzn-query-error").Single());
        Assert.Equal(400, answer.StatusCode == System.Net.HttpStatusCode.NotFound ? 400 : (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("Action=FooBar", 400, "<Code>InvalidAction</Code><Message>The action FooBar is not valid for this endpoint.</Message>")]
    [InlineData("Action=CancelMessageMoveTask", 501, "sqs:CancelMessageMoveTask")]
    [InlineData("Version=2012-11-05", 404, "<UnknownOperationException/>")]
    [InlineData("Action=GetQueueUrl&QueueName=none", 400, "<Message>The specified queue does not exist for this wsdl version.</Message>")]
    [InlineData("Action=ReceiveMessage&QueueUrl=q&MaxNumberOfMessages=11", 400, "<Code>InvalidParameterValue</Code>")]
    public async Task Query_clients_are_refused_in_their_words(string form, int status, string part)
    {
        var (answered, text) = await cloud.Send(HttpMethod.Post, "sqs", "/", form, "application/x-www-form-urlencoded");

        Assert.Contains(part, text);
        Assert.Equal(status, answered);
    }

    [Theory]
    [InlineData(
        "SendMessage",
        """{"QueueUrl":"q","MessageBody":"x","MessageAttributes":{"attr.1\u00F8\u00DF\u00E4":{"DataType":"String","StringValue":"a"}}}"""
    )]
    [InlineData("SetQueueAttributes", """{"QueueUrl":"q.fifo","Attributes":{"FifoQueue":"true","ContentBasedDeduplication":"TRUE"}}""")]
    [InlineData("SetQueueAttributes", """{"QueueUrl":"q","Attributes":{"Policy":""}}""")]
    [InlineData(
        "SetQueueAttributes",
        """{"QueueUrl":"q","Attributes":{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"$queue\"}]}"}}"""
    )]
    public async Task What_AWS_accepts_is_accepted(string operation, string body) => await Call(operation, body);

    [Fact]
    public async Task Booleans_are_read_without_regard_to_case_and_shown_small()
    {
        await Call("CreateQueue", """{"QueueName":"b.fifo","Attributes":{"FifoQueue":"True","ContentBasedDeduplication":"True"}}""");
        await Call("CreateQueue", """{"QueueName":"b.fifo","Attributes":{"FifoQueue":"TRUE","ContentBasedDeduplication":"true"}}""");

        var attributes = (await Call("GetQueueAttributes", """{"QueueUrl":"b.fifo","AttributeNames":["All"]}""")).GetProperty("Attributes");

        Assert.Equal("true", attributes.GetProperty("ContentBasedDeduplication").GetString());
    }

    [Fact]
    public async Task A_batch_names_only_the_lists_that_something_is_in()
    {
        var sent = await Call("SendMessageBatch", """{"QueueUrl":"q","Entries":[{"Id":"1","MessageBody":"x"}]}""");
        var refused = await Call("DeleteMessageBatch", """{"QueueUrl":"q","Entries":[{"Id":"1","ReceiptHandle":"none"}]}""");

        Assert.False(sent.TryGetProperty("Failed", out _));
        Assert.False(refused.TryGetProperty("Successful", out _));
    }

    [Fact]
    public async Task A_receive_is_filled_from_one_group_and_what_is_given_back_waits_behind_the_others()
    {
        await Fifo(("1", "g1-m1"), ("2", "g2-m1"), ("1", "g1-m2"), ("1", "g1-m3"));

        var first = await Receive("q.fifo", 10);
        Assert.Equal(["g1-m1", "g1-m2", "g1-m3", "g2-m1"], Bodies(first));
        foreach (var message in first)
        {
            await ChangeVisibility("q.fifo", message, 0);
        }

        var one = Assert.Single(await Receive("q.fifo", 1));
        Assert.Equal("g1-m1", one.GetProperty("Body").GetString());
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(1));
        await ChangeVisibility("q.fifo", one, 0);
        Assert.Equal(["g2-m1", "g1-m1", "g1-m2", "g1-m3"], Bodies(await Receive("q.fifo", 10)));
    }

    [Fact]
    public async Task A_handle_changes_the_visibility_of_its_message_in_flight_or_not()
    {
        await Call("SendMessage", """{"QueueUrl":"q","MessageBody":"x"}""");
        var first = Assert.Single(await Receive("q", 1, 0));
        await Receive("q", 1, 0);

        await ChangeVisibility("q", first, 30);

        Assert.Empty(await Receive("q", 1));
    }

    [Fact]
    public async Task A_purge_forgets_what_was_sent()
    {
        await Fifo(("1", "x"));
        await Call("PurgeQueue", """{"QueueUrl":"q.fifo"}""");
        await Fifo(("1", "x"));

        Assert.Single(await Receive("q.fifo", 10));
    }

    [Fact]
    public async Task The_trace_of_a_request_is_on_its_message()
    {
        const string trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        await cloud.Send(
            HttpMethod.Post,
            "sqs",
            "/",
            """{"QueueUrl":"q","MessageBody":"x"}""",
            "application/x-amz-json-1.0",
            null,
            ("X-Amz-Target", "AmazonSQS.SendMessage"),
            ("X-Amzn-Trace-Id", trace)
        );

        var message = (await Call("ReceiveMessage", """{"QueueUrl":"q","MessageSystemAttributeNames":["All"]}""")).GetProperty("Messages")[
            0
        ];

        Assert.Equal(trace, message.GetProperty("Attributes").GetProperty("AWSTraceHeader").GetString());
    }

    [Fact]
    public async Task The_key_reuse_period_shows_only_with_a_key()
    {
        await Call("SetQueueAttributes", """{"QueueUrl":"q","Attributes":{"KmsDataKeyReusePeriodSeconds":"300","DelaySeconds":"0"}}""");

        Assert.DoesNotContain(
            "KmsDataKeyReusePeriodSeconds",
            (await Call("GetQueueAttributes", """{"QueueUrl":"q","AttributeNames":["All"]}""")).GetRawText()
        );
    }

    [Fact]
    public async Task A_carriage_return_in_a_body_survives_the_Query_protocol()
    {
        await Call("SendMessage", """{"QueueUrl":"q","MessageBody":"a\rb\r\nc"}""");

        var answer = await cloud.Query("sqs", "ReceiveMessage", ("QueueUrl", "q"));

        Assert.Contains("<Body>a&#xD;b&#xD;\nc</Body>", answer);
        Assert.Equal(
            "a\rb\r\nc",
            System.Xml.Linq.XElement.Parse(answer).Descendants().Single(element => element.Name.LocalName == "Body").Value
        );
    }

    [Fact]
    public async Task A_move_task_is_named_by_its_source()
    {
        await Call(
            "CreateQueue",
            """{"QueueName":"s","Attributes":{"RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:q\",\"maxReceiveCount\":1}"}}"""
        );

        var handle = (await Call("StartMessageMoveTask", """{"SourceArn":"arn:aws:sqs:us-east-1:000000000000:q"}"""))
            .GetProperty("TaskHandle")
            .GetString();

        var task = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(handle!)))!;
        Assert.Equal("arn:aws:sqs:us-east-1:000000000000:q", (string?)task["sourceArn"]);
        Assert.True(Guid.TryParse((string?)task["taskId"], out _));
    }

    private Task<JsonElement> Call(string operation, string body) => cloud.Json("sqs", "AmazonSQS." + operation, body);

    private async Task Fifo(params (string Group, string Body)[] messages)
    {
        foreach (var (group, body) in messages)
        {
            await Call(
                "SendMessage",
                $$"""{"QueueUrl":"q.fifo","MessageBody":"{{body}}","MessageGroupId":"{{group}}","MessageDeduplicationId":"{{body}}"}"""
            );
        }
    }

    private async Task<List<JsonElement>> Receive(string queue, int most, int? timeout = null)
    {
        var visibility = timeout is null ? "" : $",\"VisibilityTimeout\":{timeout}";
        var answer = await Call("ReceiveMessage", $"{{\"QueueUrl\":\"{queue}\",\"MaxNumberOfMessages\":{most}{visibility}}}");
        return answer.TryGetProperty("Messages", out var messages) ? [.. messages.EnumerateArray()] : [];
    }

    private Task ChangeVisibility(string queue, JsonElement message, int timeout) =>
        Call(
            "ChangeMessageVisibility",
            $$"""{"QueueUrl":"{{queue}}","ReceiptHandle":"{{message.GetProperty("ReceiptHandle").GetString()}}","VisibilityTimeout":{{timeout}}}"""
        );

    private static string?[] Bodies(List<JsonElement> messages) => [.. messages.Select(message => message.GetProperty("Body").GetString())];
}
