using System.Text.Json;
using Amazon.CloudWatch;
using Amazon.DynamoDBv2.Model;
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
    private string table = "";
    private string control = "";

    [Fact]
    public async Task What_is_due_is_sent_again_and_what_is_not_is_left()
    {
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"), ("2", "15", "2026-11-23T06:30:00.000Z"), ("3", "7", "2026-11-23T06:31:00.000Z"));
        var (result, aws) = await SweepAsync($$"""{"source":"disa.schedule","time":"{{Time}}"}""");
        Assert.Equal(new RetryResult("OK", 2, 2, 1, false), result);
        var input = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!);
        Assert.Equal("""[{"sequenceNo":{"S":"1"}},{"sequenceNo":{"S":"2"}}]""", input.GetProperty("keys").GetRawText());
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
    public async Task In_Alarm_nothing_is_sent_and_the_record_says_so()
    {
        alarm = "ALARM";
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        var (result, aws) = await SweepAsync($$"""{"source":"disa.cli","time":"{{Time}}","force":true}""");
        Assert.Equal(new RetryResult("ALARM", 1, 0, 0, false), result);
        Assert.Empty(Started(aws));
        Assert.Equal("ALARM", (await RecordAsync())["state"].S);
        Assert.Contains("\"Held\":1", logged.ToString(), StringComparison.Ordinal);
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
        var keys = JsonElement.Parse(Started(aws).Single().GetProperty("input").GetString()!).GetProperty("keys");
        Assert.Equal(Enumerable.Range(20, 10).Reverse().Select(i => $"{i}"), keys.EnumerateArray().Select(key => key.GetProperty("sequenceNo").GetProperty("S").GetString()!));
    }

    [Fact]
    public async Task The_event_of_the_alarm_counts_where_CloudWatch_does_not_answer()
    {
        alarm = "";
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        var (result, _) = await SweepAsync("""{"version":"0","id":"x","detail-type":"CloudWatch Alarm State Change","source":"aws.cloudwatch","account":"000000000000","time":"2026-11-23T06:30:00Z","region":"us-east-1","resources":["arn"],"detail":{"alarmName":"failed","state":{"value":"ALARM","reason":"r","timestamp":"2026-11-23T06:29:59.000+0000"},"previousState":{"value":"OK"}}}""");
        Assert.Equal("ALARM", result.Breaker);
        Assert.Equal("2026-11-23T06:29:59.000Z", (await RecordAsync())["since"].S);
    }

    [Fact]
    public async Task An_alarm_that_has_no_data_yet_sends()
    {
        alarm = "INSUFFICIENT_DATA";
        await ItemsAsync(("1", "0", "2026-11-23T06:29:00.000Z"));
        Assert.Equal(1, (await SweepAsync($$"""{"time":"{{Time}}"}""")).Result.Started);
    }

    private static List<JsonElement> Started(FakeAws aws) => [.. aws.Requests.Where(sent => sent.Operation == "StartExecution").Select(sent => JsonElement.Parse(sent.Body))];

    private async Task ItemsAsync(params (string Id, string Shard, string Due)[] items)
    {
        cloud.SkipWithout();
        (table, control) = (await cloud.TableAsync(), await cloud.ControlTableAsync());
        using var client = cloud.DynamoDb();
        foreach (var (id, shard, due) in items)
        {
            await client.PutItemAsync(table, new() { ["sequenceNo"] = new(id), ["sendStatus"] = new("Failure"), ["sendShard"] = new(shard), ["sendDue"] = new(due) });
        }
    }

    private async Task<Dictionary<string, AttributeValue>> RecordAsync()
    {
        using var client = cloud.DynamoDb();
        return (await client.GetItemAsync(control, new() { ["id"] = new("breaker") })).Item;
    }

    private async Task<(RetryResult Result, FakeAws Aws)> SweepAsync(string text, int maxItems = 1000)
    {
        var aws = new FakeAws(sent => sent.Operation switch
        {
            "DescribeAlarms" when alarm == "" => Answer.QueryError("Throttling"),
            "DescribeAlarms" => Answer.Ok($"<DescribeAlarmsResponse><DescribeAlarmsResult><MetricAlarms><member><AlarmName>failed</AlarmName><StateValue>{alarm}</StateValue><StateUpdatedTimestamp>{since}</StateUpdatedTimestamp></member></MetricAlarms></DescribeAlarmsResult></DescribeAlarmsResponse>"),
            _ => executions.Add(JsonElement.Parse(sent.Body).GetProperty("name").GetString()!) ? Answer.Ok("""{"executionArn":"arn:e","startDate":1}""") : Answer.JsonError("ExecutionAlreadyExists"),
        });
        var log = new Log(logged, TimeProvider.System);
        using var dynamoDb = cloud.DynamoDb();
        var function = new RetryFunction(
            new Breaker(new AmazonCloudWatchClient(FakeAws.Credentials, aws.Config<AmazonCloudWatchConfig>()), dynamoDb, "failed", control, log),
            new DueIndex(dynamoDb, table),
            new Workflow(new AmazonStepFunctionsClient(FakeAws.Credentials, aws.Config<AmazonStepFunctionsConfig>()), "arn:s", log),
            maxItems, "disa", log, TimeProvider.System);
        return (await function.RunAsync(JsonSerializer.Deserialize(text, RetryJson.Default.RetryEvent)!, CancellationToken.None), aws);
    }
}

/// <summary>The retry function on an AWS that this project did not write.</summary>
public sealed class RetryFunctionOnMotoTests(Moto aws) : RetryFunctionTests(aws);

/// <summary>The retry function on the emulator.</summary>
public sealed class RetryFunctionOnTheEmulatorTests(Emulated aws) : RetryFunctionTests(aws);
