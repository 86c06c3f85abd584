using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>The process function on a real table (conditions and all), with a topic that answers as told.</summary>
public abstract class ProcessFunctionTests(Cloud cloud) : WithProcessFunction(cloud)
{
    [Fact]
    public async Task A_message_is_sent_and_the_item_says_so()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello")), ("subject", new("Hi")), ("mine", new() { SS = ["a"] })));
        var result = await RunAsync(table, Now, "1");
        Assert.Equal((1, 0), (result.Sent, result.Failed));
        var item = await ReadAsync(table, "1");
        Assert.Equal(
            [
                "message",
                "mine",
                "sendAttempts",
                "sendHistory",
                "sendList",
                "sendListedAt",
                "sendMessageId",
                "sendSeenAt",
                "sendStatus",
                "sendTraceId",
                "sentAt",
                "sequenceNo",
                "subject",
            ],
            item.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(("Successful", "m-1", "1"), (item["sendStatus"].S, item["sendMessageId"].S, item["sendAttempts"].N));
        Assert.StartsWith("2026-11-23T06:30:0", item["sentAt"].S, StringComparison.Ordinal);
        var form = topic.Requests.Single().Form;
        Assert.Equal(("Hello", "Hi", "arn:aws:sns:us-east-1:000000000000:t"), (form["Message"], form["Subject"], form["TopicArn"]));
        Assert.Equal(
            ("disa-id", "1", "disa-attempt", "1"),
            (
                form["MessageAttributes.entry.1.Name"],
                form["MessageAttributes.entry.1.Value.StringValue"],
                form["MessageAttributes.entry.2.Name"],
                form["MessageAttributes.entry.2.Value.StringValue"]
            )
        );
        Assert.Contains("\"Sent\":1", logged.ToString(), StringComparison.Ordinal);
        Assert.Contains($"\"Timestamp\":{Now.ToUnixTimeMilliseconds() / 1000}", logged.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Hello", logged.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sent_is_never_sent_again()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        await RunAsync(table, Now, "1");
        var result = await RunAsync(table, Now.AddHours(1), "1");
        Assert.Equal(1, result.Skipped);
        Assert.Single(topic.Requests);
    }

    [Theory]
    [InlineData("NotFound", "configuration", true)]
    [InlineData("AuthorizationError", "configuration", true)]
    [InlineData("Throttled", "transient", false)]
    public async Task A_failed_send_says_what_went_wrong_and_when_it_is_tried_next(string code, string faultClass, bool counts)
    {
        topic = new(_ => Answer.QueryError(code, "because"));
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        var result = await RunAsync(table, Now, "1");
        Assert.Equal(counts ? (0, 1, 0) : (0, 0, 1), (result.Sent, result.Failed, result.Retried));
        var item = await ReadAsync(table, "1");
        Assert.Equal(("Failure", "SendFailed", "1"), (item["sendStatus"].S, item["sendReason"].S, item["sendAttempts"].N));
        Assert.Equal(
            (faultClass, code, "because"),
            (item["sendError"].M["class"].S, item["sendError"].M["code"].S, item["sendError"].M["text"].S)
        );
        Assert.Equal(item["sendNextAttempt"].S, item["sendDue"].S);
        Assert.Equal("2026-11-23T06:30:15", item["sendDue"].S[..19]); // Half of the first delay of 30 s.
        Assert.InRange(int.Parse(item["sendShard"].S, System.Globalization.CultureInfo.InvariantCulture), 0, 15);
        Assert.False(item.ContainsKey("sendClaim"));
        Assert.Contains(counts ? "\"Failed\":1" : "\"Retried\":1", logged.ToString(), StringComparison.Ordinal);
        Assert.Equal(counts, logged.ToString().Contains("\"Failed\"", StringComparison.Ordinal)); // Back-pressure does not open the breaker.
    }

    [Fact]
    public async Task A_failed_message_is_sent_when_due_and_not_before()
    {
        topic = new(_ => Answer.QueryError("NotFound"));
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        await RunAsync(table, Now, "1");
        topic = new(_ => Published("m-2"));
        Assert.Equal(1, (await RunAsync(table, Now.AddSeconds(5), "1")).Skipped);
        Assert.Equal(1, (await RunAsync(table, Now.AddMinutes(5), "1")).Sent);
        var item = await ReadAsync(table, "1");
        Assert.Equal(("Successful", "2"), (item["sendStatus"].S, item["sendAttempts"].N));
        Assert.Equal(
            [
                "message",
                "sendAttempts",
                "sendHistory",
                "sendList",
                "sendListedAt",
                "sendMessageId",
                "sendSeenAt",
                "sendStatus",
                "sendTraceId",
                "sentAt",
                "sequenceNo",
            ],
            item.Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_permanent_error_parks_the_message_and_the_last_attempt_does()
    {
        topic = new(sent => Said(sent, (_, text) => text == "bad" ? "InvalidParameter" : "InternalError"));
        var table = await TableAsync(
            Item("1", ("message", new("bad"))),
            Item("2", ("message", new("unlucky")), ("sendAttempts", new() { N = "2" }))
        );
        await RunAsync(table, Now, "1", "2");
        foreach (var (id, reason) in new[] { ("1", "SendFailed"), ("2", "AttemptsExhausted") })
        {
            var item = await ReadAsync(table, id);
            Assert.Equal(("Failure", reason), (item["sendStatus"].S, item["sendReason"].S));
            Assert.False(item.ContainsKey("sendDue") || item.ContainsKey("sendShard") || item.ContainsKey("sendNextAttempt"));
        }

        Assert.Equal(["PublishBatch"], topic.Requests.Select(sent => sent.Operation)); // A publish that may have got through is not repeated at once.
        Assert.Equal(2, (await RunAsync(table, Now.AddDays(1), "1", "2")).Skipped);
    }

    [Fact]
    public async Task A_bad_message_is_parked_with_a_reason_and_blocks_nobody()
    {
        var table = await TableAsync(
            Item("missing"),
            Item("number", ("message", new() { N = "1" })),
            Item("empty", ("message", new(""))),
            Item("large", ("message", new(new string('x', 262_144)))),
            Item("good", ("message", new("Hello")))
        );
        var result = await RunAsync(table, Now, "missing", "number", "empty", "large", "good");
        Assert.Equal((1, 4, 0), (result.Sent, result.Rejected, result.Failed));
        foreach (
            var (id, code) in new[]
            {
                ("missing", "MessageMissing"),
                ("number", "MessageNotString"),
                ("empty", "MessageEmpty"),
                ("large", "MessageTooLarge"),
            }
        )
        {
            var item = await ReadAsync(table, id);
            Assert.Equal(
                ("Failure", "InvalidMessage", "permanent", code),
                (item["sendStatus"].S, item["sendReason"].S, item["sendError"].M["class"].S, item["sendError"].M["code"].S)
            );
            Assert.False(item.ContainsKey("sendDue"));
        }

        // The alarm watches Failed: the items' own faults must not hold up everybody else's messages.
        Assert.Contains("\"Failed\":0", logged.ToString(), StringComparison.Ordinal); // No fault of the topic.
    }

    [Fact]
    public async Task A_deleted_item_is_not_brought_back()
    {
        var table = await TableAsync();
        Assert.Equal(1, (await RunAsync(table, Now, "gone")).Skipped);
        using var client = Aws.DynamoDb();
        topic = new(_ =>
        {
            client.DeleteItemAsync(table, Key("1")).GetAwaiter().GetResult();
            return Published("m-1");
        });
        await client.PutItemAsync(table, Item("1", ("message", new("Hello"))));
        await RunAsync(table, Now, "1");
        Assert.False((await client.GetItemAsync(table, Key("1"))).Item is { Count: > 0 });
    }

    [Fact]
    public async Task A_sent_item_gets_a_time_to_live_where_the_stack_has_a_retention_and_nothing_else_does()
    {
        retention = TimeSpan.FromDays(30);
        topic = new(sent => Said(sent, (_, text) => text == "bad" ? "NotFound" : null));
        var table = await TableAsync(
            Item("1", ("message", new("Hello"))),
            Item("2", ("message", new("bad"))),
            Item("3", ("message", new("")))
        );
        await RunAsync(table, Now, "1", "2", "3");
        var removed = long.Parse((await ReadAsync(table, "1"))["sendRemoveAt"].N, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(removed - Now.AddDays(30).ToUnixTimeSeconds(), 0, 2);
        Assert.All(["2", "3"], id => Assert.False(ReadAsync(table, id).GetAwaiter().GetResult().ContainsKey("sendRemoveAt")));
    }

    [Fact]
    public async Task Send_at_puts_off_and_expires_at_parks()
    {
        var table = await TableAsync(
            Item("later", ("message", new("Hello")), ("sendAt", new("2026-11-23T08:00:00Z"))),
            Item("over", ("message", new("Hello")), ("expiresAt", new() { N = "1795000000" }))
        );
        var result = await RunAsync(table, Now, "later", "over");
        Assert.Equal((1, 1, 0), (result.Deferred, result.Rejected, result.Sent));
        var later = await ReadAsync(table, "later");
        Assert.Equal(
            ("Failure", "Scheduled", "2026-11-23T08:00:00.000Z"),
            (later["sendStatus"].S, later["sendReason"].S, later["sendDue"].S)
        );
        Assert.Equal("Expired", (await ReadAsync(table, "over"))["sendReason"].S);
        Assert.Equal(1, (await RunAsync(table, Now.AddHours(2), "later")).Sent);
    }

    [Fact]
    public async Task A_table_that_does_not_answer_is_an_exception_for_the_workflow()
    {
        var aws = new FakeAws(_ => Answer.JsonError("InternalServerError", "no", System.Net.HttpStatusCode.InternalServerError));
        using var client = new AmazonDynamoDBClient(FakeAws.Credentials, aws.Config<AmazonDynamoDBConfig>());
        await Assert.ThrowsAsync<ItemsUndecidedException>(() =>
            Function(client, "t").RunAsync(Event(Now, "1"), () => TimeSpan.FromMinutes(1), CancellationToken.None)
        );
        Assert.Empty(topic.Requests);
    }
}

/// <summary>The process function on the emulator.</summary>
public sealed class ProcessFunctionOnTheEmulatorTests(Emulated aws) : ProcessFunctionTests(aws);

/// <summary>The process function on an AWS that this project did not write.</summary>
public sealed class ProcessFunctionOnMotoTests(Moto aws) : ProcessFunctionTests(aws);
