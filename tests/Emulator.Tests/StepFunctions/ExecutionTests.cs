using System.Text.Json;
using Disa.Asl.Data;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Tests.StepFunctions;

public sealed class ExecutionTests
{
    private const string Pass = """{"StartAt":"State_1","States":{"State_1":{"Type":"Pass","Result":{"Arg1":"argument1"},"End":true}}}""";
    private const string Wait = """{"StartAt":"State_1","States":{"State_1":{"Type":"Wait","Seconds":60,"End":true}}}""";

    [Fact]
    public async Task Its_history_is_AWSs_event_by_event()
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(Pass));
        await bench.Settle();

        var history = await bench.Call("GetExecutionHistory", $$"""{"executionArn":"{{execution}}"}""");

        // Recorded on AWS 22-06-2023: the first state follows event 0.
        Assert.Equal(
            [
                $$$"""{"type":"ExecutionStarted","id":1,"previousEventId":0,"executionStartedEventDetails":{"input":"{}","inputDetails":{"truncated":false},"roleArn":"{{{Bench.Role}}}"}}""",
                """{"type":"PassStateEntered","id":2,"previousEventId":0,"stateEnteredEventDetails":{"name":"State_1","input":"{}","inputDetails":{"truncated":false}}}""",
                """{"type":"PassStateExited","id":3,"previousEventId":2,"stateExitedEventDetails":{"name":"State_1","output":"{\"Arg1\":\"argument1\"}","outputDetails":{"truncated":false}}}""",
                """{"type":"ExecutionSucceeded","id":4,"previousEventId":3,"executionSucceededEventDetails":{"output":"{\"Arg1\":\"argument1\"}","outputDetails":{"truncated":false}}}""",
            ],
            history
                .GetProperty("events")
                .EnumerateArray()
                .Select(Json.Compact)
                .Select(e => "{" + e[(e.IndexOf(',', StringComparison.Ordinal) + 1)..])
        );
    }

    [Fact]
    public async Task The_same_name_and_input_is_the_same_execution_while_it_runs()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Wait);
        var first = await bench.Call("StartExecution", $$"""{"stateMachineArn":"{{machine}}","name":"n","input":"{\"a\":1}"}""");
        var again = await bench.Call("StartExecution", $$"""{"stateMachineArn":"{{machine}}","name":"n","input":"{\"a\":1}"}""");
        var other = await Assert.ThrowsAsync<AwsException>(() => bench.Start(machine, "{}", "n"));
        await bench.Advance(61);
        var late = await Assert.ThrowsAsync<AwsException>(() => bench.Start(machine, """{"a":1}""", "n"));

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal("ExecutionAlreadyExists", other.Code);
        Assert.Equal($"Execution Already Exists: '{first.GetProperty("executionArn").GetString()}'", late.Message);
        Assert.Single(
            (await bench.Call("ListExecutions", $$"""{"stateMachineArn":"{{machine}}"}""")).GetProperty("executions").EnumerateArray()
        );
    }

    [Theory]
    [InlineData(
        "not",
        "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'"
    )]
    [InlineData("", "Invalid State Machine Execution Input: 'Invalid execution input.'")]
    public async Task Input_must_be_JSON(string input, string message)
    {
        // Recorded on AWS 22-06-2023.
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass);
        var refused = await Assert.ThrowsAsync<AwsException>(() => bench.Start(machine, input));
        Assert.Equal(("InvalidExecutionInput", message), (refused.Code, refused.Message));
    }

    [Theory]
    [InlineData(80, null)]
    [InlineData(81, "ValidationException")]
    [InlineData(0, "InvalidName")]
    public async Task A_name_has_1_to_80_characters(int length, string? code)
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass);
        var start = () => bench.Start(machine, name: new string('n', length));
        if (code is null)
        {
            await start();
        }
        else
        {
            Assert.Equal(code, (await Assert.ThrowsAsync<AwsException>(start)).Code);
        }
    }

    [Fact]
    public async Task Executions_are_listed_newest_first_by_pages_and_by_status()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass);
        for (var i = 0; i < 5; i++)
        {
            await bench.Start(machine, name: $"run{i}");
            await bench.Settle();
        }

        var first = await bench.Call("ListExecutions", $$"""{"stateMachineArn":"{{machine}}","maxResults":3,"statusFilter":"SUCCEEDED"}""");
        var second = await bench.Call(
            "ListExecutions",
            $$"""{"stateMachineArn":"{{machine}}","maxResults":3,"statusFilter":"SUCCEEDED","nextToken":"{{first.GetProperty("nextToken").GetString()}}"}"""
        );

        Assert.Equal(["run4", "run3", "run2", "run1", "run0"], Names(first).Concat(Names(second)));
        Assert.False(second.TryGetProperty("nextToken", out _));
        Assert.Empty(Names(await bench.Call("ListExecutions", $$"""{"stateMachineArn":"{{machine}}","statusFilter":"RUNNING"}""")));
        Assert.Equal(
            "InvalidToken",
            (
                await Assert.ThrowsAsync<AwsException>(() =>
                    bench.Call("ListExecutions", $$"""{"stateMachineArn":"{{machine}}","nextToken":"bogus"}""")
                )
            ).Code
        );
    }

    [Fact]
    public async Task History_goes_backwards_by_pages_and_without_data()
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(Pass));
        await bench.Settle();

        var first = await bench.Call(
            "GetExecutionHistory",
            $$"""{"executionArn":"{{execution}}","reverseOrder":true,"maxResults":3,"includeExecutionData":false}"""
        );
        var rest = await bench.Call(
            "GetExecutionHistory",
            $$"""{"executionArn":"{{execution}}","reverseOrder":true,"maxResults":3,"nextToken":"{{first.GetProperty("nextToken").GetString()}}"}"""
        );

        Assert.Equal([4, 3, 2], first.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetInt32()));
        Assert.Equal([1], rest.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("id").GetInt32()));
        Assert.Equal("""{"name":"State_1"}""", first.GetProperty("events")[1].GetProperty("stateExitedEventDetails").GetRawText());
    }

    [Fact]
    public async Task A_stopped_execution_is_aborted()
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(Wait));
        await bench.Settle();

        await bench.Call("StopExecution", $$"""{"executionArn":"{{execution}}","error":"Mine","cause":"because"}""");

        // Recorded on AWS 06-05-2024: the end follows event 0.
        Assert.Equal(["ExecutionStarted 1<0", "WaitStateEntered 2<0", "ExecutionAborted 3<0"], await bench.Events(execution));
        var description = await bench.Describe(execution);
        Assert.Equal(("ABORTED", "Mine", "because"), (Text(description, "status"), Text(description, "error"), Text(description, "cause")));
        Assert.Equal(("REDRIVABLE", 0), (Text(description, "redriveStatus"), description.GetProperty("redriveCount").GetInt32()));
    }

    [Fact]
    public async Task A_wait_ends_when_the_clock_says_so()
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(Wait));

        await bench.Advance(59);
        Assert.Equal("RUNNING", Text(await bench.Describe(execution), "status"));
        await bench.Advance(2);
        Assert.Equal("SUCCEEDED", Text(await bench.Describe(execution), "status"));
    }

    [Fact]
    public async Task An_execution_over_its_time_is_timed_out()
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(
            await bench.Create(Wait.Replace("{\"StartAt\"", "{\"TimeoutSeconds\":10,\"StartAt\"", StringComparison.Ordinal))
        );
        await bench.Advance(11);
        Assert.Equal("TIMED_OUT", Text(await bench.Describe(execution), "status"));
    }

    [Fact]
    public async Task An_express_execution_runs_and_has_no_history()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass, "EXPRESS");
        var execution = await bench.Start(machine);
        await bench.Settle();

        Assert.StartsWith("arn:aws:states:us-east-1:000000000000:express:machine:run:", execution);
        foreach (
            var (operation, request) in new[]
            {
                ("ListExecutions", $$"""{"stateMachineArn":"{{machine}}"}"""),
                ("GetExecutionHistory", $$"""{"executionArn":"{{execution}}"}"""),
                ("DescribeExecution", $$"""{"executionArn":"{{execution}}"}"""),
            }
        )
        {
            Assert.Equal(
                operation == "ListExecutions" ? "StateMachineTypeNotSupported" : "InvalidArn",
                (await Assert.ThrowsAsync<AwsException>(() => bench.Call(operation, request))).Code
            );
        }
    }

    [Fact]
    public async Task A_synchronous_express_execution_answers_with_its_output()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass, "EXPRESS");

        var answer = await bench.Call("StartSyncExecution", $$"""{"stateMachineArn":"{{machine}}","input":"{}"}""");

        Assert.Equal(("SUCCEEDED", """{"Arg1":"argument1"}"""), (Text(answer, "status"), Text(answer, "output")));
    }

    [Fact]
    public async Task Many_executions_run_at_once()
    {
        await using var bench = Bench.Open(Bench.Function((payload, _) => Bench.Answer(payload)));
        var machine = await bench.Create(
            """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"OutputPath":"$.Payload","Next":"W"},"W":{"Type":"Wait","Seconds":1,"End":true}}}"""
        );

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => bench.Start(machine, $$"""{"i":{{i}}}""", $"run{i}")));
        await bench.Advance(5);

        var done = await bench.Call(
            "ListExecutions",
            $$"""{"stateMachineArn":"{{machine}}","maxResults":1000,"statusFilter":"SUCCEEDED"}"""
        );
        Assert.Equal(300, done.GetProperty("executions").GetArrayLength());
    }

    private static IEnumerable<string?> Names(JsonElement list) =>
        list.GetProperty("executions").EnumerateArray().Select(e => e.GetProperty("name").GetString());

    private static string? Text(JsonElement source, string name) => source.GetProperty(name).GetString();
}
