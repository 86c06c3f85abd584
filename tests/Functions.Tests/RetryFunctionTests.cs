using System.Text.Json;
using Amazon.CloudWatch;
using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService;
using Amazon.StepFunctions;
using Disa.Functions.Retry;

namespace Disa.Functions.Tests;

/// <summary>Sweeps over a real index, with an alarm and a workflow that answer as told.</summary>
public abstract class RetryFunctionTests(Cloud cloud)
{
    private const string Time = "2026-11-23T06:30:00Z";
    private readonly StringWriter logged = new();
    private readonly HashSet<string> executions = [];
    private string alarm = "OK";
    private string since = "2026-11-23T06:00:00.000Z";
    private string? updated;
    private string table = "";
    private string control = "";

    [Fact]
    public async Task What_is_due_is_sent_again_and_what_is_not_is_left()
    {
        await ItemsAsync(
            ("1", "0", "2026-11-23T06:29:00.000Z"),
            ("2", "15", "2026-11-23T06:30:00.000Z"),
            ("3", "7", "2026-11-23T06:31:00.000Z")
        );
        var (result, aws) = await SweepAsync($$"""{"source":"disa.schedule","time":"{{Time}}"}""");
        Assert.Equal(new RetryResult("OK", 2, 2, 1, false), result);
        var input = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
        Assert.Equal(
            """{"sequenceNo":{"S":"1"}} {"sequenceNo":{"S":"2"}}""",
            string.Join(' ', input.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("key").GetRawText()))
        );
        Assert.StartsWith("retry-20261123T0630-", Started(aws).Single().GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_doubled_schedule_starts_nothing_twice()
    {
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        await SweepAsync($$"""{"source":"disa.schedule","time":"{{Time}}"}""");
        var (result, _) = await SweepAsync($$"""{"source":"disa.schedule","time":"{{Time}}"}""");
        Assert.Equal(new RetryResult("OK", 1, 0, 0, false), result);
    }

    [Fact]
    public async Task In_Alarm_one_message_is_sent_as_a_probe_and_nothing_else()
    {
        alarm = "ALARM";
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"), ("2", "1", "2026-11-23T06:28:00.000Z"));
        var (result, aws) = await SweepAsync($$"""{"source":"disa.cli","time":"{{Time}}","force":true}""");
        Assert.Equal(new RetryResult("ALARM", 2, 1, 1, false), result);
        var input = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
        Assert.Equal(["2"], Ids(input));
        Assert.Equal(
            ("probe", "2026-11-23T06:31:0"),
            (input.GetProperty("report").GetProperty("kind").GetString(), input.GetProperty("report").GetProperty("at").GetString()![..18])
        );
        var record = await RecordAsync();
        Assert.Equal(("ALARM", input.GetProperty("report").GetProperty("token").GetString()), (record["state"].S, record["probeToken"].S));
        Assert.Contains("\"Held\":2", logged.ToString(), StringComparison.Ordinal);

        // As long as that probe is out, nothing more.
        Assert.Equal(0, (await SweepAsync("""{"source":"disa.schedule","time":"2026-11-23T06:32:00Z"}""")).Result.Started);
    }

    [Fact]
    public async Task A_probe_that_gets_through_closes_the_breaker_in_steps_though_the_alarm_is_still_In_Alarm()
    {
        alarm = "ALARM";
        await ItemsAsync([.. Enumerable.Range(0, 200).Select(i => ($"{i}", $"{i % 16}", $"2026-11-23T06:0{i % 10}:{i % 60:00}.000Z"))]);
        var (_, aws) = await SweepAsync($$"""{"time":"{{Time}}"}""");
        var steps = new List<string>();
        for (var step = 0; step < 3; step++)
        {
            var input = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
            steps.Add(
                $"{input.GetProperty("report").GetProperty("kind")} {input.GetProperty("items").GetArrayLength()} {(await RecordAsync())["state"].S}"
            );
            (_, aws) = await SweepAsync(Reported(input, sent: input.GetProperty("items").GetArrayLength(), failed: 0));
        }

        Assert.Equal(["probe 1 ALARM", "ramp 10 RAMP", "ramp 100 RAMP"], steps);
        Assert.Equal(2, Started(aws).Count); // All that is due, a hundred an execution.
        var record = await RecordAsync();
        Assert.Equal(("OK", true), (record["state"].S, record["watch"].BOOL));

        // The alarm was evaluated again and is In Alarm still: that is no news.
        updated = "2026-11-23T06:32:00.000Z";
        await SweepAsync("""{"source":"disa.schedule","time":"2026-11-23T06:32:30Z"}""");
        Assert.Equal("OK", (await RecordAsync())["state"].S);

        // Failures now open it again, without the alarm.
        await SweepAsync(
            """{"source":"disa.report","time":"2026-11-23T06:33:00Z","run":{"source":"disa.stream","items":[{}],"breaker":{},"result":{"sent":0,"failed":1} } }"""
        );
        Assert.Equal("ALARM", (await RecordAsync())["state"].S);
    }

    [Fact]
    public async Task A_probe_that_fails_or_never_comes_back_is_followed_by_another_after_the_interval()
    {
        alarm = "ALARM";
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        var (_, aws) = await SweepAsync($$"""{"time":"{{Time}}"}""");
        var input = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
        (var result, aws) = await SweepAsync(Reported(input, sent: 0, failed: 1));
        Assert.Equal(("ALARM", 1), (result.Breaker, result.Started));
        var second = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
        Assert.StartsWith("2026-11-23T06:32:0", second.GetProperty("report").GetProperty("at").GetString(), StringComparison.Ordinal);

        Assert.Equal(0, (await SweepAsync(Reported(input, sent: 1, failed: 0))).Result.Started); // An old probe's report proves nothing.
        Assert.Equal(1, (await SweepAsync("""{"source":"disa.schedule","time":"2026-11-23T06:40:00Z"}""")).Result.Started);
    }

    [Fact]
    public async Task The_alarm_back_at_OK_closes_it_in_steps_and_a_step_that_fails_opens_it_again()
    {
        alarm = "ALARM";
        await ItemsAsync([.. Enumerable.Range(0, 40).Select(i => ($"{i}", $"{i % 16}", $"2026-11-23T06:00:{i:00}.000Z"))]);
        await SweepAsync($$"""{"time":"{{Time}}"}""");
        (alarm, since) = ("OK", "2026-11-23T06:31:00.000Z");
        var (result, aws) = await SweepAsync("""{"source":"aws.cloudwatch","time":"2026-11-23T06:31:00Z"}""");
        Assert.Equal(("RAMP", 10), (result.Breaker, result.Started));
        var input = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
        Assert.Equal("ALARM", (await SweepAsync(Reported(input, sent: 2, failed: 8))).Result.Breaker);
    }

    [Fact]
    public async Task An_older_answer_does_not_overwrite_a_newer_record()
    {
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        (alarm, since) = ("ALARM", "2026-11-23T06:20:00.000Z");
        await SweepAsync($$"""{"time":"{{Time}}"}""");
        (alarm, since) = ("OK", "2026-11-23T06:10:00.000Z");
        var (result, aws) = await SweepAsync($$"""{"time":"{{Time}}"}""");
        Assert.Equal("ALARM", result.Breaker);
        Assert.Empty(Started(aws));
    }

    [Fact]
    public async Task By_hand_times_are_ignored_and_every_call_starts_anew()
    {
        await ItemsAsync(("1", "3", "2026-11-24T00:00:00.000Z"));
        var (first, aws) = await SweepAsync($$"""{"source":"disa.cli","time":"{{Time}}","force":true}""");
        Assert.Equal(1, first.Started);
        Assert.True(JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!).GetProperty("force").GetBoolean());
    }

    [Fact]
    public async Task A_sweep_takes_a_bounded_number_longest_due_first_and_says_what_it_left()
    {
        await ItemsAsync([.. Enumerable.Range(0, 30).Select(i => ($"{i}", $"{i % 16}", $"2026-11-23T06:00:{59 - i:00}.000Z"))]);
        var (result, aws) = await SweepAsync($$"""{"time":"{{Time}}"}""", maxItems: 10);
        Assert.Equal((10, true), (result.Started, result.More));
        var input = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
        Assert.Equal(Enumerable.Range(20, 10).Reverse().Select(i => $"{i}"), Ids(input));
        Assert.Equal("more", input.GetProperty("report").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_event_of_the_alarm_counts_where_CloudWatch_does_not_answer()
    {
        alarm = "";
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        var (result, _) = await SweepAsync(
            """{"version":"0","id":"x","detail-type":"CloudWatch Alarm State Change","source":"aws.cloudwatch","account":"000000000000","time":"2026-11-23T06:30:00Z","region":"us-east-1","resources":["arn"],"detail":{"alarmName":"failed","state":{"value":"ALARM","reason":"r","timestamp":"2026-11-23T06:29:59.000+0000"},"previousState":{"value":"OK"}}}"""
        );
        Assert.Equal("ALARM", result.Breaker);
        Assert.Equal("2026-11-23T06:29:59.000Z", (await RecordAsync())["since"].S);
    }

    [Fact]
    public async Task An_event_that_is_newer_than_the_answer_of_CloudWatch_counts()
    {
        (alarm, since) = ("OK", "2026-11-23T06:00:00.000Z");
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        const string change =
            """{"source":"aws.cloudwatch","time":"2026-11-23T06:30:00Z","detail":{"alarmName":"failed","state":{"value":"ALARM","timestamp":"2026-11-23T06:29:59.000+0000"} } }""";
        Assert.Equal("ALARM", (await SweepAsync(change)).Result.Breaker);
    }

    [Theory]
    [InlineData("Lambda.Unknown")]
    [InlineData("Sandbox.Timedout")]
    public async Task A_batch_that_the_process_function_lost_says_nothing_of_the_topic(string error)
    {
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        (alarm, since) = ("ALARM", "2026-11-23T06:20:00.000Z");
        var (_, aws) = await SweepAsync($$"""{"time":"{{Time}}"}""");
        var probe = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
        await SweepAsync(Reported(probe, sent: 1, failed: 0)); // Closing.
        Assert.Equal("RAMP", (await RecordAsync())["state"].S);
        var ramp = (await RecordAsync())["probeToken"].S;
        await SweepAsync(
            $$"""{"source":"disa.report","time":"2026-11-23T06:31:05Z","run":{"items":[{},{}],"report":{"kind":"ramp","token":"{{ramp}}","at":"2026-11-23T06:31:02Z"},"error":{"Error":"{{error}}"} } }"""
        );
        Assert.Equal("RAMP", (await RecordAsync())["state"].S);
    }

    [Fact]
    public async Task An_alarm_that_has_no_data_yet_sends()
    {
        alarm = "INSUFFICIENT_DATA";
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        Assert.Equal(1, (await SweepAsync($$"""{"time":"{{Time}}"}""")).Result.Started);
    }

    [Fact]
    public async Task A_sweep_on_schedule_measures_how_many_messages_are_in_each_state()
    {
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        using var client = cloud.DynamoDb();
        foreach (var (id, list) in ((string, string)[])[("p1", "Parked-0"), ("p2", "Parked-15"), ("h", "Held-3"), ("s", "Sent-1")])
        {
            await client.PutItemAsync(
                table,
                new()
                {
                    ["sequenceNo"] = new(id),
                    ["sendList"] = new(list),
                    ["sendListedAt"] = new("2026-11-23T06:00:00.000Z"),
                }
            );
        }

        await SweepAsync($$"""{"source":"disa.report","time":"{{Time}}"}""");
        Assert.DoesNotContain("Messages", logged.ToString(), StringComparison.Ordinal);
        await SweepAsync($$"""{"source":"disa.schedule","time":"{{Time}}"}""");
        var measured = logged.ToString().Split('\n').Single(line => line.Contains("\"MessagesParked\":", StringComparison.Ordinal));
        Assert.Contains("\"MessagesParked\":2,\"MessagesHeld\":1}", measured, StringComparison.Ordinal);
        Assert.DoesNotContain("MessagesWaiting", measured, StringComparison.Ordinal); // None: not measured, and so not billed.
    }

    [Fact]
    public async Task A_sweep_on_schedule_measures_how_many_subscriptions_are_confirmed_and_how_many_are_not()
    {
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        await SweepAsync($$"""{"source":"disa.report","time":"{{Time}}"}""");
        Assert.DoesNotContain("Subscriptions", logged.ToString(), StringComparison.Ordinal);

        await SweepAsync($$"""{"source":"disa.schedule","time":"{{Time}}"}""");

        Assert.Contains("\"ConfirmedSubscriptions\":2,\"PendingSubscriptions\":1}", logged.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What is only told never holds up what is due.</summary>
    [Fact]
    public async Task A_sweep_starts_what_is_due_before_it_asks_for_the_subscriptions()
    {
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));

        var (_, aws) = await SweepAsync($$"""{"source":"disa.schedule","time":"{{Time}}"}""");

        var operations = aws.Requests.Select(request => request.Operation).ToList();
        Assert.InRange(operations.IndexOf("StartExecution"), 0, operations.IndexOf("GetTopicAttributes"));
    }

    [Fact]
    public async Task An_SNS_that_never_answers_for_the_subscriptions_is_left_after_its_time()
    {
        var reader = new SubscriptionReader(
            new AmazonSimpleNotificationServiceClient(
                FakeAws.Credentials,
                new AmazonSimpleNotificationServiceConfig
                {
                    RegionEndpoint = Amazon.RegionEndpoint.USEast1,
                    HttpClientFactory = new Silent(),
                }
            ),
            "arn:aws:sns:us-east-1:000000000000:t",
            new Log(logged, TimeProvider.System)
        )
        {
            CallLimit = TimeSpan.FromMilliseconds(50),
        };

        Assert.Null(await reader.ReadAsync(CancellationToken.None));
        Assert.Contains("SNS did not answer", logged.ToString(), StringComparison.Ordinal);
    }

    private sealed class Silent : Amazon.Runtime.HttpClientFactory
    {
        public override HttpClient CreateHttpClient(Amazon.Runtime.IClientConfig clientConfig) => new(new Handler());

        private sealed class Handler : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var never = new TaskCompletionSource<HttpResponseMessage>();
                cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
                return never.Task;
            }
        }
    }

    private static IEnumerable<string> Ids(JsonElement input) =>
        input
            .GetProperty("items")
            .EnumerateArray()
            .Select(item => item.GetProperty("key").GetProperty("sequenceNo").GetProperty("S").GetString()!);

    /// <summary>The workflow's report at the end of an execution with this input.</summary>
    private static string Reported(JsonElement input, int sent, int failed) =>
        $$"""
            {"source":"disa.report","time":"2026-11-23T06:31:02Z","run":{"source":"x","force":false,"items":{{input.GetProperty(
                "items"
            ).GetRawText()}},"report":{{input.GetProperty("report").GetRawText()}},
             "breaker":{"Item":{ } },"result":{"sent":{{sent}},"failed":{{failed}},"rejected":0,"deferred":0,"skipped":0} } }
            """;

    private static List<JsonElement> Started(FakeAws aws) =>
        [.. aws.Requests.Where(sent => sent.Operation == "StartExecution").Select(sent => JsonElement.Parse(sent.Body))];

    private async Task ItemsAsync(params (string Id, string Shard, string Due)[] items)
    {
        cloud.SkipWithout();
        (table, control) = (await cloud.TableAsync(), await cloud.ControlTableAsync());
        using var client = cloud.DynamoDb();
        foreach (var (id, shard, due) in items)
        {
            await client.PutItemAsync(
                table,
                new()
                {
                    ["sequenceNo"] = new(id),
                    ["sendStatus"] = new("Failure"),
                    ["sendShard"] = new(shard),
                    ["sendDue"] = new(due),
                }
            );
        }
    }

    private async Task<Dictionary<string, AttributeValue>> RecordAsync()
    {
        using var client = cloud.DynamoDb();
        return (await client.GetItemAsync(control, new() { ["id"] = new("breaker") })).Item;
    }

    private async Task<(RetryResult Result, FakeAws Aws)> SweepAsync(string text, int maxItems = 1000)
    {
        var aws = new FakeAws(sent =>
            sent.Operation switch
            {
                "DescribeAlarms" when alarm == "" => Answer.QueryError("Throttling"),
                "DescribeAlarms" => Answer.Ok(
                    $"<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms><member><AlarmName>failed</AlarmName><StateValue>{alarm}</StateValue><StateUpdatedTimestamp>{updated ?? since}</StateUpdatedTimestamp><StateTransitionedTimestamp>{since}</StateTransitionedTimestamp></member></MetricAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>"
                ),
                "GetTopicAttributes" => Answer.Ok(
                    "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes><entry><key>SubscriptionsConfirmed</key><value>2</value></entry><entry><key>SubscriptionsPending</key><value>1</value></entry></Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>"
                ),
                _ => executions.Add(JsonElement.Parse(sent.Body).GetProperty("name").GetString()!)
                    ? Answer.Ok("""{"executionArn":"arn:e","startDate":1}""")
                    : Answer.JsonError("ExecutionAlreadyExists"),
            }
        );
        var log = new Log(logged, TimeProvider.System);
        using var dynamoDb = cloud.DynamoDb();
        var function = new RetryFunction(
            new AlarmReader(new AmazonCloudWatchClient(FakeAws.Credentials, aws.Config<AmazonCloudWatchConfig>()), "failed", log),
            new BreakerStore(dynamoDb, control, "failed"),
            new DueIndex(dynamoDb, table),
            new StateCounter(dynamoDb, table),
            new SubscriptionReader(
                new AmazonSimpleNotificationServiceClient(FakeAws.Credentials, aws.Config<AmazonSimpleNotificationServiceConfig>()),
                "arn:aws:sns:us-east-1:000000000000:t",
                log
            ),
            new Workflow(new AmazonStepFunctionsClient(FakeAws.Credentials, aws.Config<AmazonStepFunctionsConfig>()), "arn:s", log),
            new(maxItems, TimeSpan.FromMinutes(1), "disa"),
            log,
            TimeProvider.System
        );
        return (await function.RunAsync(JsonSerializer.Deserialize(text, RetryJson.Default.RetryEvent)!, CancellationToken.None), aws);
    }
}

/// <summary>The retry function on an AWS that this project did not write.</summary>
public sealed class RetryFunctionOnMotoTests(Moto aws) : RetryFunctionTests(aws);

/// <summary>The retry function on the emulator.</summary>
public sealed class RetryFunctionOnTheEmulatorTests(Emulated aws) : RetryFunctionTests(aws);
