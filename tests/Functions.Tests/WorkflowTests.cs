using System.Text.Json;
using Disa.Asl;

namespace Disa.Functions.Tests;

/// <summary>The state machine as AWS gets it, run by the interpreter with tasks that answer as told.</summary>
public sealed class WorkflowTests
{
    private const string TwoKeys =
        """{"source":"disa.stream","force":false,"items":[{"key":{"sequenceNo":{"S":"a"}},"seenAt":"2026-11-23T06:29:00.000Z"},{"key":{"sequenceNo":{"N":"2"}},"seenAt":"2026-11-23T06:29:01.000Z"}]}""";
    private const string Probe =
        """{"source":"disa.schedule","force":false,"items":[{"key":{"sequenceNo":{"S":"a"}},"seenAt":"2026-11-23T06:29:00.000Z"}],"report":{"kind":"probe","token":"t","at":"2026-11-23T06:31:00.000Z"}}""";
    private const string Sent = """{"Payload":{"sent":2,"failed":0,"rejected":0,"deferred":0,"skipped":0,"pacedUntil":null}}""";
    private const string GetItem = "arn:aws:states:::dynamodb:getItem";
    private const string UpdateItem = "arn:aws:states:::dynamodb:updateItem";
    private const string Invoke = "arn:aws:states:::lambda:invoke";
    private const string PutMetricData = "arn:aws:states:::aws-sdk:cloudwatch:putMetricData";

    private readonly List<(string Resource, JsonElement Parameters)> calls = [];

    [Theory]
    [InlineData("""{"SdkHttpMetadata":{"HttpStatusCode":200}}""")]
    [InlineData("""{"Item":{"id":{"S":"breaker"},"state":{"S":"OK"}}}""")]
    [InlineData("""{"Item":{"id":{"S":"breaker"},"state":{"S":"INSUFFICIENT_DATA"}}}""")]
    public void A_breaker_that_is_not_In_Alarm_sends(string breaker)
    {
        var outcome = Run(resource =>
            resource switch
            {
                GetItem => breaker,
                Invoke => Sent,
                _ => throw new InvalidOperationException(resource),
            }
        );
        Assert.Equal(
            (Outcome.Succeeded, """{"sent":2,"failed":0,"rejected":0,"deferred":0,"skipped":0,"pacedUntil":null}"""),
            (outcome.Status, outcome.Output.GetRawText())
        );
        var payload = calls.Single(call => call.Resource == Invoke).Parameters.GetProperty("Payload");
        Assert.Equal("2026-11-23T06:30:00.000Z", payload.GetProperty("time").GetString());
        Assert.Equal(2, payload.GetProperty("batch").GetProperty("items").GetArrayLength());
        Assert.Equal("run", payload.GetProperty("execution").GetString());
    }

    [Theory]
    [InlineData("ALARM", "2026-11-23T06:30:01.000Z", false)]
    [InlineData("RAMP", "2026-11-23T06:30:01.000Z", false)]
    [InlineData("ALARM", "2026-11-23T06:29:59.000Z", true)]
    [InlineData("ALARM", null, true)]
    public void In_Alarm_every_item_is_held_and_the_retry_function_is_told_where_no_probe_is_under_way(
        string state,
        string? probeUntil,
        bool told
    )
    {
        var until = probeUntil is null ? "" : $$""","probeUntil":{"S":"{{probeUntil}}"}""";
        var outcome = Run(resource =>
            resource == GetItem ? $$$"""{"Item":{"state":{"S":"{{{state}}}"},"watch":{"BOOL":false}{{{until}}} } }""" : "{}"
        );
        Assert.Equal(Outcome.Succeeded, outcome.Status);
        Assert.Equal(
            told ? ["arn:aws:lambda:us-east-1:000000000000:function:disa-retry"] : [],
            calls.Where(call => call.Resource == Invoke).Select(call => call.Parameters.GetProperty("FunctionName").GetString()!)
        );
        Assert.Equal(
            ["""{"sequenceNo":{"S":"a"}}""", """{"sequenceNo":{"N":"2"}}"""],
            Updates().Select(update => update.GetProperty("Key").GetRawText())
        );
        Assert.All(
            Updates(),
            update =>
            {
                var values = update.GetProperty("ExpressionAttributeValues");
                Assert.Equal(
                    ("Failure", "Held", "2026-11-23T06:30:00.000Z"),
                    (Text(values, ":failure"), Text(values, ":reason"), Text(values, ":now"))
                );
                Assert.InRange(int.Parse(Text(values, ":shard"), System.Globalization.CultureInfo.InvariantCulture), 0, 15);
                Assert.StartsWith("2026-11-23T06:29:0", Text(values, ":seen"), StringComparison.Ordinal);
                Assert.Equal("sequenceNo", update.GetProperty("ExpressionAttributeNames").GetProperty("#needed").GetString());
            }
        );
    }

    [Fact]
    public void A_breaker_that_cannot_be_read_sends_and_says_so()
    {
        var outcome = Run(resource => resource == Invoke ? Sent : throw new TaskFailure("DynamoDB.AmazonDynamoDBException"));
        Assert.Equal(Outcome.Succeeded, outcome.Status);
        Assert.Equal(3, calls.Count(call => call.Resource == GetItem));
        var batch = calls.Single(call => call.Resource == Invoke).Parameters.GetProperty("Payload").GetProperty("batch");
        Assert.Equal("UNREADABLE", batch.GetProperty("breaker").GetProperty("Item").GetProperty("state").GetProperty("S").GetString());
    }

    [Theory]
    [InlineData("Lambda.ResourceNotFoundException", 1)]
    [InlineData("Lambda.Unknown", 1)]
    [InlineData("Sandbox.Timedout", 1)]
    [InlineData("ItemsUndecidedException", 1)]
    [InlineData("Lambda.ServiceException", 5)]
    [InlineData("Lambda.TooManyRequestsException", 5)]
    public void A_process_function_that_fails_leaves_every_item_with_a_status(string error, int tries)
    {
        var outcome = Run(resource => resource == Invoke ? throw new TaskFailure(error, "why it is so") : "{}");
        Assert.Equal(Outcome.Succeeded, outcome.Status);
        Assert.Equal(tries, calls.Count(call => call.Resource == Invoke));
        Assert.Equal(2, Updates().Count);
        Assert.All(
            Updates(),
            update =>
            {
                var values = update.GetProperty("ExpressionAttributeValues");
                Assert.Equal(("Failure", "ProcessFailed"), (Text(values, ":failure"), Text(values, ":reason")));
                var because = values.GetProperty(":error").GetProperty("M");
                Assert.Equal(error, Text(because, "code"));
                Assert.Contains("why it is so", Text(because, "text"), StringComparison.Ordinal);
            }
        );
        var metric = calls.Single(call => call.Resource == PutMetricData).Parameters;
        Assert.Equal(
            """{"Namespace":"Disa","MetricData":[{"MetricName":"ProcessFailed","Dimensions":[{"Name":"Stack","Value":"disa"}],"Unit":"Count","Value":2}]}""",
            Sorted(metric)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_probe_goes_through_an_open_breaker_at_its_time_and_is_reported_whatever_comes_of_it(bool fails)
    {
        var outcome = Run(
            resource =>
                resource switch
                {
                    GetItem => """{"Item":{"state":{"S":"ALARM"},"probeToken":{"S":"t"},"probeUntil":{"S":"2026-11-23T06:35:00.000Z"}}}""",
                    Invoke when calls.Count(call => call.Resource == Invoke) == 1 => fails
                        ? throw new TaskFailure("Lambda.Unknown")
                        : """{"Payload":{"sent":1,"failed":0,"rejected":0,"deferred":0,"skipped":0,"pacedUntil":null}}""",
                    _ => "{}",
                },
            Probe
        );
        Assert.Equal(Outcome.Succeeded, outcome.Status);
        var invocations = calls.Where(call => call.Resource == Invoke).Select(call => call.Parameters).ToList();
        Assert.Equal("2026-11-23T06:31:00.000Z", invocations[0].GetProperty("Payload").GetProperty("time").GetString());
        Assert.Equal("Event", invocations[1].GetProperty("InvocationType").GetString());
        var report = invocations[1].GetProperty("Payload");
        Assert.Equal(
            ("disa.report", "t"),
            (report.GetProperty("source").GetString(), report.GetProperty("run").GetProperty("report").GetProperty("token").GetString())
        );
        Assert.Equal(
            fails,
            !report.GetProperty("run").TryGetProperty("result", out var result) || result.GetProperty("sent").GetInt32() != 1
        );
        Assert.Equal(fails, report.GetProperty("run").TryGetProperty("error", out _));
    }

    [Theory]
    [InlineData(true, 1, true)]
    [InlineData(true, 0, false)]
    [InlineData(false, 1, false)]
    public void Failures_are_reported_while_the_alarm_is_In_Alarm_and_the_breaker_closed(bool watch, int failed, bool told)
    {
        Run(resource =>
            resource == GetItem
                ? $$$"""{"Item":{"state":{"S":"OK"},"watch":{"BOOL":{{{(watch ? "true" : "false")}}}} } }"""
                : $$"""{"Payload":{"sent":1,"failed":{{failed}},"rejected":0,"deferred":0,"skipped":0,"pacedUntil":null} }"""
        );
        Assert.Equal(told ? 2 : 1, calls.Count(call => call.Resource == Invoke));
    }

    [Theory]
    [InlineData("more", "t")]
    [InlineData("probe", "an-older-one")]
    public void An_open_breaker_lets_nothing_through_but_the_probe_that_it_waits_for(string kind, string token)
    {
        var outcome = Run(
            resource =>
                resource == GetItem
                    ? """{"Item":{"state":{"S":"ALARM"},"probeToken":{"S":"the-newest"},"probeUntil":{"S":"2026-11-23T06:35:00.000Z"}}}"""
                    : "{}",
            Probe.Replace("\"probe\"", $"\"{kind}\"", StringComparison.Ordinal).Replace("\"t\"", $"\"{token}\"", StringComparison.Ordinal)
        );
        Assert.Equal(Outcome.Succeeded, outcome.Status);
        Assert.All(
            calls.Where(call => call.Resource == Invoke),
            call => Assert.EndsWith("disa-retry", call.Parameters.GetProperty("FunctionName").GetString(), StringComparison.Ordinal)
        );
        Assert.Single(Updates());
    }

    [Fact]
    public void Each_call_of_the_process_function_is_told_the_time_at_which_it_is_made()
    {
        var outcome = Run(resource => resource == Invoke ? throw new TaskFailure("Lambda.TooManyRequestsException") : "{}");
        Assert.Equal(Outcome.Succeeded, outcome.Status);
        var times = calls
            .Where(call => call.Resource == Invoke)
            .Select(call => call.Parameters.GetProperty("Payload").GetProperty("time").GetDateTimeOffset())
            .ToList();
        Assert.Equal(5, times.Distinct().Count());
        Assert.True(times[^1] - times[0] <= TimeSpan.FromSeconds(37), $"{times[^1] - times[0]}");
    }

    [Fact]
    public void What_has_to_wait_for_its_pace_is_sent_at_its_moment_unless_the_breaker_has_opened_meanwhile()
    {
        const string paced =
            """{"Payload":{"sent":5,"failed":0,"rejected":0,"deferred":0,"skipped":0,"pacedUntil":"2026-11-23T06:31:40.000Z"}}""";
        Run(resource =>
            resource == Invoke
                ? calls.Count(call => call.Resource == Invoke) == 1
                    ? paced
                    : Sent
                : "{}"
        );
        Assert.Equal(
            ["2026-11-23T06:30:00.000Z", "2026-11-23T06:31:40.000Z"],
            calls
                .Where(call => call.Resource == Invoke)
                .Select(call => call.Parameters.GetProperty("Payload").GetProperty("time").GetString()!)
        );
        calls.Clear();
        Run(resource =>
            resource == GetItem
                ? calls.Count(call => call.Resource == GetItem) == 1
                    ? "{}"
                    : """{"Item":{"state":{"S":"ALARM"}}}"""
                : paced
        );
        Assert.Equal(2, Updates().Count); // Held.
    }

    [Fact]
    public void A_lease_is_waited_for_once()
    {
        var outcome = Run(resource => resource == Invoke ? throw new TaskFailure("ItemsInFlightException") : "{}");
        Assert.Equal((Outcome.Succeeded, 2), (outcome.Status, calls.Count(call => call.Resource == Invoke)));
    }

    [Fact]
    public void A_lost_report_changes_nothing()
    {
        var outcome = Run(
            resource =>
                resource == GetItem ? """{"Item":{"state":{"S":"ALARM"},"probeToken":{"S":"t"}}}"""
                : calls.Count(call => call.Resource == Invoke) == 1 ? Sent
                : throw new TaskFailure("Lambda.ServiceException"),
            Probe
        );
        Assert.Equal(Outcome.Succeeded, outcome.Status);
    }

    [Fact]
    public void An_item_in_flight_is_asked_for_again_when_its_lease_has_ended()
    {
        var invocations = 0;
        var outcome = Run(resource => resource == Invoke && ++invocations == 1 ? throw new TaskFailure("ItemsInFlightException") : Sent);
        Assert.Equal(Outcome.Succeeded, outcome.Status);
        Assert.Equal(
            ["2026-11-23T06:30:00.000Z", "2026-11-23T06:32:30.000Z"],
            calls
                .Where(call => call.Resource == Invoke)
                .Select(call => call.Parameters.GetProperty("Payload").GetProperty("time").GetString()!)
        );
    }

    [Fact]
    public void An_item_that_was_decided_meanwhile_is_left_alone_and_its_neighbour_is_not()
    {
        var updates = 0;
        var outcome = Run(resource =>
            resource switch
            {
                Invoke => throw new TaskFailure("Lambda.Unknown"),
                UpdateItem when ++updates == 1 => throw new TaskFailure("DynamoDB.ConditionalCheckFailedException"),
                _ => "{}",
            }
        );
        Assert.Equal(Outcome.Succeeded, outcome.Status);
        Assert.Equal(2, Updates().Count);
    }

    [Fact]
    public void A_lost_metric_changes_nothing()
    {
        var outcome = Run(resource =>
            resource is Invoke or PutMetricData ? throw new TaskFailure("CloudWatch.InternalServiceException") : "{}"
        );
        Assert.Equal(Outcome.Succeeded, outcome.Status);
    }

    [Fact]
    public void A_table_that_refuses_for_minutes_fails_the_execution_after_all_items_were_tried()
    {
        var outcome = Run(resource =>
            resource is Invoke or UpdateItem ? throw new TaskFailure("DynamoDB.InternalServerErrorException") : "{}"
        );
        Assert.Equal((Outcome.Failed, "Disa.ItemsUnmarked"), (outcome.Status, outcome.Error?.Error));
        Assert.Equal(14, Updates().Count);
    }

    private List<JsonElement> Updates() => [.. calls.Where(call => call.Resource == UpdateItem).Select(call => call.Parameters)];

    private static string Text(JsonElement values, string name) => values.GetProperty(name).GetProperty("S").GetString()!;

    private static string Sorted(JsonElement element) => JsonSerializer.Serialize(element);

    private Outcome Run(Func<string, string> answer, string input = TwoKeys)
    {
        var definition = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "artefacts/cft/state-machine/state-machine.json"));
        foreach (
            var (name, value) in new Dictionary<string, string>
            {
                ["ProcessFunctionArn"] = "arn:aws:lambda:us-east-1:000000000000:function:disa-process",
                ["RetryFunctionArn"] = "arn:aws:lambda:us-east-1:000000000000:function:disa-retry",
                ["TableName"] = "messages",
                ["ControlTableName"] = "control",
                ["NeededAttribute"] = "sequenceNo",
                ["Partition"] = "aws",
                ["StackLabel"] = "disa",
            }
        )
        {
            definition = definition.Replace($"${{{name}}}", value, StringComparison.Ordinal);
        }

        var machine = StateMachine.Parse(definition);
        var now = new DateTimeOffset(2026, 11, 23, 6, 30, 0, TimeSpan.Zero);
        var random = new Random(1);
        var facts = new ExecutionFacts("arn:e", "run", "arn:r", now, "arn:s", "disa-dispatch", "us-east-1", JsonElement.Parse(input));
        var decision = Interpreter.Start(machine, facts, new Moment(now, random));
        while (decision.Outcome is null)
        {
            var run = decision.Run;
            Happening next;
            if (run.Positions.Values.FirstOrDefault(position => position.Phase == Phase.Enter) is { } entering)
            {
                next = new Entering(entering.Id);
            }
            else if (run.Positions.Values.FirstOrDefault(position => position.Phase == Phase.Task) is { Task: { } task } position)
            {
                calls.Add((task.Resource, task.Parameters));
                try
                {
                    next = new TaskSucceeded(position.Id, task.Id, JsonElement.Parse(answer(task.Resource)));
                }
                catch (TaskFailure failure)
                {
                    next = new TaskFailed(position.Id, task.Id, new WorkflowError(failure.Message, failure.Because));
                }
            }
            else
            {
                now = run.NextDue ?? throw new InvalidOperationException("Nothing will ever happen again.");
                next = new Elapsed();
            }

            decision = Interpreter.Decide(machine, run, next, new Moment(now, random));
        }

        return decision.Outcome;
    }

    private sealed class TaskFailure(string error, string cause = "") : Exception(error)
    {
        public string Because { get; } = cause;
    }
}
