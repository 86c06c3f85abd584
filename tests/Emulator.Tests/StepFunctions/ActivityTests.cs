using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Time;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Activities: histories as recorded on AWS; API_CreateActivity, API_GetActivityTask and "Activities" of the guide for the rest.</summary>
public sealed class ActivityTests
{
    private const string Arn = "arn:aws:states:us-east-1:000000000000:activity:work";

    [Fact]
    public async Task A_worker_takes_the_task_and_answers_it()
    {
        await using var bench = Bench.Open();
        await bench.Call("CreateActivity", """{"name":"work"}""");
        var execution = await bench.Start(await bench.Create(Machine()), """{"a": 1}""");

        var task = await bench.Call("GetActivityTask", $$"""{"activityArn":"{{Arn}}","workerName":"me"}""");
        await bench.Call("SendTaskSuccess", $$"""{"taskToken":"{{task.GetProperty("taskToken").GetString()}}","output":"{\"b\":2}"}""");

        Assert.Equal("""{"a":1}""", task.GetProperty("input").GetString());
        Assert.Equal(
            [
                "ExecutionStarted 1<0",
                "TaskStateEntered 2<0",
                "ActivityScheduled 3<2",
                "ActivityStarted 4<3",
                "ActivitySucceeded 5<4",
                "TaskStateExited 6<5",
                "ExecutionSucceeded 7<6",
            ],
            await bench.Events(execution)
        );
        Assert.Equal("""{"b":2}""", (await bench.Describe(execution)).GetProperty("output").GetString());
        Assert.Equal(
            $$$"""{"resource":"{{{Arn}}}","input":"{\"a\":1}","inputDetails":{"truncated":false}}""",
            await Details(bench, execution, 3, "activityScheduledEventDetails")
        );
        Assert.Equal("""{"workerName":"me"}""", await Details(bench, execution, 4, "activityStartedEventDetails"));
        Assert.Equal(
            """{"output":"{\"b\":2}","outputDetails":{"truncated":false}}""",
            await Details(bench, execution, 5, "activitySucceededEventDetails")
        );
    }

    [Fact]
    public async Task A_worker_without_a_name_fails_the_task()
    {
        await using var bench = Bench.Open();
        await bench.Call("CreateActivity", """{"name":"work"}""");
        var execution = await bench.Start(await bench.Create(Machine()));

        var task = await bench.Call("GetActivityTask", $$"""{"activityArn":"{{Arn}}"}""");
        await bench.Call("SendTaskFailure", $$"""{"taskToken":"{{task.GetProperty("taskToken").GetString()}}","error":"E","cause":"c"}""");

        Assert.Equal(
            [
                "ExecutionStarted 1<0",
                "TaskStateEntered 2<0",
                "ActivityScheduled 3<2",
                "ActivityStarted 4<3",
                "ActivityFailed 5<4",
                "ExecutionFailed 6<5",
            ],
            await bench.Events(execution)
        );
        Assert.Equal("{}", await Details(bench, execution, 4, "activityStartedEventDetails"));
        Assert.Equal("""{"error":"E","cause":"c"}""", await Details(bench, execution, 5, "activityFailedEventDetails"));
    }

    [Fact]
    public async Task A_worker_that_asks_first_is_woken_by_the_task()
    {
        await using var bench = Bench.Open();
        await bench.Call("CreateActivity", """{"name":"work"}""");
        var polling = bench.Call("GetActivityTask", $$"""{"activityArn":"{{Arn}}"}""");
        Assert.False(polling.IsCompleted);

        await bench.Start(await bench.Create(Machine()), """{"n":1}""");

        Assert.Equal("""{"n":1}""", (await polling).GetProperty("input").GetString());
    }

    [Fact]
    public async Task Each_task_goes_to_one_worker_the_oldest_first_and_then_there_is_none_for_a_minute()
    {
        await using var bench = Bench.Open(clock: new Clock(new FakeTimeProvider(DateTimeOffset.UnixEpoch)));
        await bench.Call("CreateActivity", """{"name":"work"}""");
        var machine = await bench.Create(Machine());
        await bench.Start(machine, """{"n":1}""", "one");
        await bench.Settle();
        await bench.Start(machine, """{"n":2}""", "two");
        await bench.Settle();

        var first = await bench.Call("GetActivityTask", $$"""{"activityArn":"{{Arn}}"}""");
        var second = await bench.Call("GetActivityTask", $$"""{"activityArn":"{{Arn}}"}""");
        var third = bench.Call("GetActivityTask", $$"""{"activityArn":"{{Arn}}"}""");
        await bench.Advance(59);
        Assert.False(third.IsCompleted);
        await bench.Advance(1);

        Assert.Equal(("""{"n":1}""", """{"n":2}"""), (first.GetProperty("input").GetString(), second.GetProperty("input").GetString()));
        Assert.False((await third).TryGetProperty("taskToken", out _));
    }

    [Fact]
    public async Task The_time_of_a_task_runs_from_when_a_worker_takes_it()
    {
        await using var bench = Bench.Open(clock: new Clock(new FakeTimeProvider(DateTimeOffset.UnixEpoch)));
        await bench.Call("CreateActivity", """{"name":"work"}""");
        var execution = await bench.Start(await bench.Create(Machine(""","TimeoutSeconds":60,"HeartbeatSeconds":10""")));
        await bench.Advance(600);
        Assert.Equal("RUNNING", (await bench.Describe(execution)).GetProperty("status").GetString());

        var task = await bench.Call("GetActivityTask", $$"""{"activityArn":"{{Arn}}"}""");
        await bench.Advance(8);
        await bench.Call("SendTaskHeartbeat", $$"""{"taskToken":"{{task.GetProperty("taskToken").GetString()}}"}""");
        await bench.Advance(8);
        Assert.Equal("RUNNING", (await bench.Describe(execution)).GetProperty("status").GetString());
        await bench.Advance(3);

        Assert.Equal("States.Timeout", (await bench.Describe(execution)).GetProperty("error").GetString());
        Assert.Contains("ActivityTimedOut 5<4", await bench.Events(execution));
        Assert.Equal(
            """{"resource":"ARN","input":"{}","inputDetails":{"truncated":false},"timeoutInSeconds":60,"heartbeatInSeconds":10}""".Replace(
                "ARN",
                Arn,
                StringComparison.Ordinal
            ),
            await Details(bench, execution, 3, "activityScheduledEventDetails")
        );
    }

    [Fact]
    public async Task A_task_of_an_activity_that_is_gone_fails_the_execution()
    {
        await using var bench = Bench.Open();
        await bench.Call("CreateActivity", """{"name":"work"}""");
        var machine = await bench.Create(Machine());
        await bench.Call("DeleteActivity", $$"""{"activityArn":"{{Arn}}"}""");
        var execution = await bench.Start(machine);

        Assert.Equal(["ExecutionStarted 1<0", "TaskStateEntered 2<0", "ExecutionFailed 3<2"], await bench.Events(execution));
        Assert.Equal(
            $"An error occurred while executing the state 'A' (entered at the event id #2). The activity {Arn} does not exist.",
            (await bench.Describe(execution)).GetProperty("cause").GetString()
        );
    }

    [Fact]
    public async Task A_task_of_an_execution_that_was_stopped_is_not_given_out()
    {
        await using var bench = Bench.Open(clock: new Clock(new FakeTimeProvider(DateTimeOffset.UnixEpoch)));
        await bench.Call("CreateActivity", """{"name":"work"}""");
        var machine = await bench.Create(Machine());
        var execution = await bench.Start(machine, """{"n":1}""", "one");
        await bench.Settle();
        await bench.Call("StopExecution", $$"""{"executionArn":"{{execution}}"}""");
        await bench.Start(machine, """{"n":2}""", "two");
        await bench.Settle();

        var task = await bench.Call("GetActivityTask", $$"""{"activityArn":"{{Arn}}"}""");

        Assert.Equal("""{"n":2}""", task.GetProperty("input").GetString());
    }

    [Fact]
    public async Task Activities_are_created_once_shown_listed_tagged_and_deleted()
    {
        await using var bench = Bench.Open();
        var first = await bench.Call("CreateActivity", """{"name":"work","tags":[{"key":"k","value":"v"}]}""");
        var again = await bench.Call("CreateActivity", """{"name":"work"}""");
        await bench.Call("CreateActivity", """{"name":"alone"}""");

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal(Arn, first.GetProperty("activityArn").GetString());
        var shown = await bench.Call("DescribeActivity", $$"""{"activityArn":"{{Arn}}"}""");
        Assert.Equal("work", shown.GetProperty("name").GetString());
        Assert.Equal("AWS_OWNED_KEY", shown.GetProperty("encryptionConfiguration").GetProperty("type").GetString());
        var listed = (await bench.Call("ListActivities", "{}")).GetProperty("activities");
        Assert.Equal(["alone", "work"], listed.EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        var tags = (await bench.Call("ListTagsForResource", $$"""{"resourceArn":"{{Arn}}"}""")).GetProperty("tags");
        Assert.Equal("""[{"key":"k","value":"v"}]""", tags.GetRawText());
        await bench.Call("DeleteActivity", $$"""{"activityArn":"{{Arn}}"}""");
        await bench.Call("DeleteActivity", $$"""{"activityArn":"{{Arn}}"}""");
    }

    [Theory]
    [InlineData("CreateActivity", """{"name":"a b"}""", "InvalidName", "Invalid Name: 'a b'")]
    [InlineData(
        "DescribeActivity",
        """{"activityArn":"arn:aws:states:us-east-1:000000000000:activity:none"}""",
        "ActivityDoesNotExist",
        "Activity Does Not Exist: 'arn:aws:states:us-east-1:000000000000:activity:none'"
    )]
    [InlineData(
        "GetActivityTask",
        """{"activityArn":"arn:aws:states:us-east-1:000000000000:activity:none"}""",
        "ActivityDoesNotExist",
        "Activity Does Not Exist: 'arn:aws:states:us-east-1:000000000000:activity:none'"
    )]
    [InlineData("DeleteActivity", """{"activityArn":"none"}""", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: none'")]
    public async Task What_is_wrong_is_said_in_AWSs_words(string operation, string request, string code, string message)
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<AwsException>(() => bench.Call(operation, request));

        Assert.Equal((code, message), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task An_express_machine_has_no_activities()
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<AwsException>(() => bench.Create(Machine(), "EXPRESS"));

        Assert.Equal("InvalidDefinition", refused.Code);
    }

    private static string Machine(string more = "") =>
        """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"ARN","End":true""".Replace("ARN", Arn, StringComparison.Ordinal)
        + more
        + "}}}";

    private static async Task<string> Details(Bench bench, string execution, int id, string name)
    {
        var history = await bench.Call("GetExecutionHistory", $$"""{"executionArn":"{{execution}}"}""");
        return Disa.Asl.Data.Json.Compact(history.GetProperty("events")[id - 1].GetProperty(name));
    }
}
