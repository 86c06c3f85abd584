using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda;
using Amazon.SimpleNotificationService;
using Disa.Functions.Process;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Functions.Tests;

/// <summary>The process function on a real table (conditions and all), with a topic that answers as told.</summary>
public abstract partial class ProcessFunctionTests(Cloud cloud)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
    private readonly StringWriter logged = new();
    private TimeSpan frozen;
    private DateTimeOffset wall = DateTimeOffset.UnixEpoch;
    private FakeTimeProvider? time;
    private TimeSpan retention;
    private FakeAws topic = new(_ => Published("m-1"));
    private string topicArn = "arn:aws:sns:us-east-1:000000000000:t";
    private FakeAws? lambda;

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

    /// <summary>Whoever left the claim may have published: what is put off or parked meanwhile does not undo that.</summary>
    [Theory]
    [InlineData("sendAt", 3600, 0)] // put off to its time
    [InlineData("expiresAt", -60, 1)] // parked, given more time and redriven
    public async Task What_was_left_claimed_is_marked_though_it_was_put_off_or_parked_meanwhile(string attribute, int seconds, int rejected)
    {
        var left = new Dictionary<string, AttributeValue> { ["token"] = new("dead"), ["until"] = new(Instant.Text(Now.AddMinutes(-1))) };
        var table = await TableAsync(
            Item(
                "1",
                ("message", new("Hello")),
                ("sendAttempts", new() { N = "1" }),
                ("sendClaim", new() { M = left }),
                (attribute, new() { N = $"{Now.AddSeconds(seconds).ToUnixTimeSeconds()}" })
            )
        );
        var first = await RunAsync(table, Now, "1");
        Assert.Equal((0, 1 - rejected, rejected), (first.Sent, first.Deferred, first.Rejected));
        using var client = cloud.DynamoDb();
        await client.UpdateItemAsync(
            new()
            {
                TableName = table,
                Key = new() { ["sequenceNo"] = new("1") },
                UpdateExpression = "REMOVE expiresAt SET sendDue = :now",
                ExpressionAttributeValues = new() { [":now"] = new(Instant.Text(Now)) },
            }
        );

        Assert.Equal(1, (await RunAsync(table, Now.AddHours(2), "1")).Sent);
        Assert.Contains("disa-possible-duplicate", topic.Requests.Single().Body, StringComparison.Ordinal);
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
        using var client = cloud.DynamoDb();
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
    public async Task Two_at_once_send_once()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        var results = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(async _ =>
                {
                    try
                    {
                        return (await RunAsync(table, Now, "1")).Sent;
                    }
                    catch (ItemsInFlightException)
                    {
                        return 0; // Its workflow would wait and ask again.
                    }
                })
        );
        Assert.Equal(1, results.Sum());
        Assert.Single(topic.Requests);
        Assert.Equal(1, (await RunAsync(table, Now + Timeouts.Lease, "1")).Skipped);
        Assert.False((await ReadAsync(table, "1")).ContainsKey("sendDue"));
    }

    [Fact]
    public async Task A_claim_left_behind_is_honoured_until_its_lease_ends_and_the_resend_says_that_it_may_be_one()
    {
        var claim = new AttributeValue
        {
            M = new() { ["token"] = new("dead"), ["until"] = new("2026-11-23T06:31:00.000Z") },
        };
        var table = await TableAsync(Item("1", ("message", new("Hello")), ("sendAttempts", new() { N = "1" }), ("sendClaim", claim)));
        await Assert.ThrowsAsync<ItemsInFlightException>(() => RunAsync(table, Now, "1"));
        var watched = await ReadAsync(table, "1");
        Assert.Equal(("2026-11-23T06:31:00.000Z", false), (watched["sendDue"].S, watched.ContainsKey("sendStatus"))); // The sweep finds it when the lease is over.
        Assert.Equal(1, (await RunAsync(table, Now.AddMinutes(2), "1")).Sent);
        Assert.Equal("disa-possible-duplicate", topic.Requests.Single().Form["MessageAttributes.entry.4.Name"]);
    }

    [Fact]
    public async Task The_last_ten_attempts_are_on_the_item_and_one_that_never_came_back_is_among_them()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        topic = new(_ => Answer.QueryError("NotFound"));
        for (var hour = 0; hour < 11; hour++)
        {
            await RunAsync(table, Now.AddHours(hour), "1");
        }

        var history = (await ReadAsync(table, "1"))["sendHistory"].L;
        Assert.Equal(Enumerable.Range(2, 10).Select(attempt => $"{attempt} Failed NotFound"), history.Select(Line));
        Assert.StartsWith("2026-11-23T07:30:0", history[0].M["at"].S, StringComparison.Ordinal);

        using var client = cloud.DynamoDb();
        await client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = table,
                Key = Key("1"),
                UpdateExpression = "SET sendClaim = :claim, sendAttempts = :twelve",
                ExpressionAttributeValues = new()
                {
                    [":twelve"] = new() { N = "12" },
                    [":claim"] = new()
                    {
                        M = new() { ["token"] = new("dead"), ["until"] = new("2026-11-23T18:02:30.000Z") },
                    },
                },
            }
        );
        topic = new(_ => Published("m-13"));
        Assert.Equal(1, (await RunAsync(table, Now.AddHours(13), "1")).Sent);
        history = (await ReadAsync(table, "1"))["sendHistory"].L;
        Assert.Equal(10, history.Count);
        Assert.Equal(["12 Unknown NoOutcome", "13 Sent m-13"], history[^2..].Select(Line));
        Assert.Equal("2026-11-23T18:00:00.000Z", history[^2].M["at"].S);

        static string Line(AttributeValue entry) =>
            $"{entry.M["attempt"].N} {entry.M["outcome"].S} {(entry.M.GetValueOrDefault("code") ?? entry.M["messageId"]).S}";
    }

    [Fact]
    public async Task An_attempt_without_an_outcome_is_never_forgotten_and_marks_every_later_one()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        topic = new(_ => throw new TaskCanceledException("too late"));
        await RunAsync(table, Now, "1");
        topic = new(_ => Answer.QueryError("NotFound"));
        for (var hour = 1; hour < 13; hour++)
        {
            await RunAsync(table, Now.AddHours(2 * hour), "1");
        }

        var history = (await ReadAsync(table, "1"))["sendHistory"].L;
        Assert.Equal((10, "Unknown", "1"), (history.Count, history[0].M["outcome"].S, history[0].M["attempt"].N));
        topic = new(_ => Published("m-14"));
        Assert.Equal(1, (await RunAsync(table, Now.AddDays(3), "1")).Sent);
        Assert.Contains("disa-possible-duplicate", topic.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(60, 1)]
    [InlineData(149, 0)]
    public async Task A_claim_that_is_nearly_over_publishes_nothing(int secondsFrozen, int published)
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        frozen = TimeSpan.FromSeconds(secondsFrozen);
        var result = await RunAsync(table, Now, "1");
        Assert.Equal((published, published), (result.Sent, topic.Requests.Count));
        var item = await ReadAsync(table, "1");
        Assert.Equal(published == 1 ? "Successful" : "Failure", item["sendStatus"].S);
        Assert.Equal(published == 0, item.ContainsKey("sendDue"));
    }

    [Fact]
    public async Task The_lease_runs_from_the_later_of_the_events_time_and_the_machines()
    {
        var table = await TableAsync(Item("1", ("message", new("Hello"))));
        wall = Now + TimeSpan.FromMinutes(10); // The workflow's time stood still while its call was tried again and again.
        var until = "";
        topic = new(_ =>
        {
            until = ReadAsync(table, "1").GetAwaiter().GetResult()["sendClaim"].M["until"].S;
            return Published("m-1");
        });
        await RunAsync(table, Now, "1");
        Assert.StartsWith("2026-11-23T06:42:30", until, StringComparison.Ordinal);
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

    private static Answer Published(string id) =>
        Answer.Ok($"<PublishResponse><PublishResult><MessageId>{id}</MessageId></PublishResult></PublishResponse>");

    private static Dictionary<string, AttributeValue> Key(string id) => new() { ["sequenceNo"] = new(id) };

    private static Dictionary<string, AttributeValue> Item(string id, params (string Name, AttributeValue Value)[] attributes)
    {
        var item = Key(id);
        foreach (var (name, value) in attributes)
        {
            item[name] = value;
        }

        return item;
    }

    private static ProcessEvent Event(DateTimeOffset now, params string[] ids) =>
        new(
            Instant.Text(now),
            "run",
            new(
                [.. ids.Select(id => new SendItem(JsonElement.Parse($$"""{"sequenceNo":{"S":"{{id}}"} }"""), "2026-11-23T06:29:59.000Z"))],
                Force: false,
                Redrive: false,
                "test",
                null,
                null
            )
        );

    private async Task<string> TableAsync(params Dictionary<string, AttributeValue>[] items)
    {
        cloud.SkipWithout();
        var table = await cloud.TableAsync();
        using var client = cloud.DynamoDb();
        foreach (var item in items)
        {
            await client.PutItemAsync(table, item);
        }

        return table;
    }

    private async Task<Dictionary<string, AttributeValue>> ReadAsync(string table, string id)
    {
        using var client = cloud.DynamoDb();
        return (await client.GetItemAsync(table, Key(id), true)).Item;
    }

    private Task<ProcessResult> RunAsync(string table, DateTimeOffset now, params string[] ids) =>
        RunAsync(table, now, TimeSpan.FromMinutes(1), false, ids);

    private async Task<ProcessResult> RunAsync(string table, DateTimeOffset now, TimeSpan remaining, bool probe, params string[] ids)
    {
        var config = cloud.Config<AmazonDynamoDBConfig>();
        config.HttpClientFactory = new Freezing(cloud, () => time?.Advance(frozen));
        using var client = new AmazonDynamoDBClient(FakeAws.Credentials, config);
        return await Function(client, table)
            .RunAsync(
                probe ? Event(now, ids) with { Batch = Event(now, ids).Batch! with { Report = new("probe") } } : Event(now, ids),
                () => remaining,
                CancellationToken.None
            );
    }

    private ProcessFunction Function(AmazonDynamoDBClient client, string table)
    {
        time = new FakeTimeProvider(wall) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var log = new Log(logged, time);
        var sns = new AmazonSimpleNotificationServiceClient(FakeAws.Credentials, topic.Config<AmazonSimpleNotificationServiceConfig>());
        var messages = new MessageTable(client, table, Cloud.Shape) { CallLimit = FakeAws.Patience };
        var sender = new Sender(
            messages,
            Cloud.Shape,
            new Backoff(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 3),
            () => 0.5,
            log,
            SendLimits.None with
            {
                Retention = retention,
            }
        );
        var self = lambda is null
            ? null
            : new OwnFunction(() => new(FakeAws.Credentials, lambda.Config<AmazonLambdaConfig>()), "p", "$LATEST", topicArn, log);
        return new(messages, sender, new Publisher(sns, topicArn, TimeProvider.System), "disa", log, time, self: self);
    }
}

/// <summary>Stops after each write of the table for a while, as a sandbox may.</summary>
internal sealed class Freezing(Cloud cloud, Action freeze) : Amazon.Runtime.HttpClientFactory
{
    public override HttpClient CreateHttpClient(Amazon.Runtime.IClientConfig clientConfig) => new(new Handler(freeze, cloud.Handler()));

    public override bool UseSDKHttpClientCaching(Amazon.Runtime.IClientConfig clientConfig) => false;

    private sealed class Handler(Action freeze, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (
                request.Headers.TryGetValues("X-Amz-Target", out var target)
                && target.Single().EndsWith(".UpdateItem", StringComparison.Ordinal)
            )
            {
                freeze();
            }

            return response;
        }
    }
}

/// <summary>The process function on the emulator.</summary>
public sealed class ProcessFunctionOnTheEmulatorTests(Emulated aws) : ProcessFunctionTests(aws);

/// <summary>The process function on an AWS that this project did not write.</summary>
public sealed class ProcessFunctionOnMotoTests(Moto aws) : ProcessFunctionTests(aws);
