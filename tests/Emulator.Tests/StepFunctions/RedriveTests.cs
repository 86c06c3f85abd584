using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.StepFunctions;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Executions that go on from where they failed.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html</remarks>
public sealed class RedriveTests
{
    private const string Call =
        """{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"OutputPath":"$.Payload","Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":1,"MaxAttempts":1}],"End":true}""";

    private bool isMended;

    private Neighbours Picky =>
        Bench.Function(
            (payload, _) =>
                payload.Contains("bad", StringComparison.Ordinal) && !isMended
                    ? Bench.Answer("""{"errorType":"Busy"}""", "Unhandled")
                    : Bench.Answer(payload)
        );

    [Fact]
    public async Task A_failed_task_is_scheduled_again_with_the_same_input()
    {
        await using var bench = Bench.Open(Picky);
        var execution = await bench.Start(
            await bench.Create("""{"StartAt":"P","States":{"P":{"Type":"Pass","Result":"bad","Next":"A"},"A":""" + Call + "}}"),
            "\"x\""
        );
        await bench.Advance(2);
        var failed = await bench.Describe(execution);
        Assert.Equal(("FAILED", "REDRIVABLE"), (failed.GetProperty("status").GetString(), failed.GetProperty("redriveStatus").GetString()));
        var before = await bench.Events(execution);

        isMended = true;
        var answer = await bench.Call("RedriveExecution", $$"""{"executionArn":"{{execution}}","clientToken":"t"}""");

        var last = before.Count;
        Assert.Equal(
            [
                $"ExecutionRedriven {last + 1}<{last}",
                $"TaskScheduled {last + 2}<{last + 1}",
                $"TaskStarted {last + 3}<{last + 2}",
                $"TaskSucceeded {last + 4}<{last + 3}",
                $"TaskStateExited {last + 5}<{last + 4}",
                $"ExecutionSucceeded {last + 6}<{last + 5}",
            ],
            (await bench.Events(execution)).Skip(last)
        );
        var description = await bench.Describe(execution);
        Assert.Equal("\"bad\"", description.GetProperty("output").GetString());
        Assert.Equal(1, description.GetProperty("redriveCount").GetInt32());
        Assert.Equal(answer.GetProperty("redriveDate").GetDouble(), description.GetProperty("redriveDate").GetDouble());
        Assert.Equal("Execution is SUCCEEDED and cannot be redriven", description.GetProperty("redriveStatusReason").GetString());
        Assert.False(description.TryGetProperty("error", out _));

        var machine = description.GetProperty("stateMachineArn").GetString();
        var redriven = await bench.Call("ListExecutions", $$"""{"stateMachineArn":"{{machine}}","redriveFilter":"REDRIVEN"}""");
        var others = await bench.Call("ListExecutions", $$"""{"stateMachineArn":"{{machine}}","redriveFilter":"NOT_REDRIVEN"}""");
        Assert.Equal((1, 0), (redriven.GetProperty("executions").GetArrayLength(), others.GetProperty("executions").GetArrayLength()));

        // The same token again is the same redrive.
        Assert.Equal(
            answer.GetRawText(),
            (await bench.Call("RedriveExecution", $$"""{"executionArn":"{{execution}}","clientToken":"t"}""")).GetRawText()
        );
    }

    [Theory]
    [InlineData(
        """{"StartAt":"S","States":{"S":{"Type":"Parallel","Branches":[{"StartAt":"G","States":{"G":GOOD}},{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"B"},"B":BAD}}],"End":true}}}""",
        """["good","bad"]"""
    )]
    [InlineData(
        """{"StartAt":"S","States":{"S":{"Type":"Map","ItemsPath":"$.list","MaxConcurrency":1,"ItemProcessor":{"StartAt":"G","States":{"G":CALL}},"End":true}}}""",
        """["good","bad","more"]"""
    )]
    public async Task Branches_and_iterations_that_succeeded_are_not_repeated(string definition, string output)
    {
        var calls = new List<string>();
        var neighbours = Bench.Function(
            (payload, _) =>
            {
                lock (calls)
                {
                    calls.Add(payload);
                }

                return payload == "bad" && !isMended
                    ? Bench.Answer("""{"errorType":"Mine"}""", "Unhandled")
                    : Bench.Answer($"\"{payload}\"");
            }
        );
        await using var bench = Bench.Open(neighbours);
        var machine = definition
            .Replace(
                "GOOD",
                Call.Replace("\"Payload.$\":\"$\"", "\"Payload\":\"good\"", StringComparison.Ordinal),
                StringComparison.Ordinal
            )
            .Replace("BAD", Call.Replace("\"Payload.$\":\"$\"", "\"Payload\":\"bad\"", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("CALL", Call, StringComparison.Ordinal);
        var execution = await bench.Start(await bench.Create(machine), """{"list":["good","bad","more"]}""");
        await bench.Advance(2);
        Assert.Equal("FAILED", (await bench.Describe(execution)).GetProperty("status").GetString());

        isMended = true;
        await bench.Call("RedriveExecution", $$"""{"executionArn":"{{execution}}"}""");

        Assert.Equal(output, (await bench.Describe(execution)).GetProperty("output").GetString());
        Assert.Equal(2, calls.Count(call => call == "bad"));
        Assert.Single(calls, call => call == "good");
    }

    [Theory]
    [InlineData(
        """{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"E"}}}""",
        "",
        "ExecutionRedriven 4<3,FailStateEntered 5<4,ExecutionFailed 6<5"
    )]
    [InlineData("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}""", "stop", "ExecutionRedriven 4<3")]
    [InlineData(
        """{"TimeoutSeconds":5,"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}""",
        "wait",
        "ExecutionRedriven 4<3"
    )]
    public async Task What_failed_was_stopped_or_ran_out_of_time_goes_on(string definition, string how, string events)
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(definition));
        await bench.Settle();
        if (how == "stop")
        {
            await bench.Call("StopExecution", $$"""{"executionArn":"{{execution}}"}""");
        }
        else if (how == "wait")
        {
            await bench.Advance(6);
        }

        await bench.Call("RedriveExecution", $$"""{"executionArn":"{{execution}}"}""");

        Assert.Equal(events.Split(','), (await bench.Events(execution)).Skip(3));
    }

    [Theory]
    [InlineData("""{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""", 0, "Execution is SUCCEEDED and cannot be redriven")]
    [InlineData(
        """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}""",
        0,
        "Execution is RUNNING and cannot be redriven"
    )]
    [InlineData("""{"StartAt":"F","States":{"F":{"Type":"Fail"}}}""", 15, "Execution redrivable period exceeded")]
    public async Task What_cannot_be_redriven_says_why(string definition, int days, string why)
    {
        await using var bench = Bench.Open();
        var execution = await bench.Start(await bench.Create(definition));
        await bench.Settle();
        await bench.Advance(days * 86_400);

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Call("RedriveExecution", $$"""{"executionArn":"{{execution}}"}""")
        );

        Assert.Equal(("ExecutionNotRedrivable", why), (refused.Code, refused.Message));
        var description = await bench.Describe(execution);
        Assert.Equal("NOT_REDRIVABLE", description.GetProperty("redriveStatus").GetString());
        Assert.Equal(why, description.GetProperty("redriveStatusReason").GetString());
    }

    [Fact]
    public async Task The_context_object_counts_redrives()
    {
        await using var bench = Bench.Open(Picky);
        var definition =
            """{"StartAt":"A","States":{"A":"""
            + Call.Replace("\"End\":true", "\"Next\":\"B\"", StringComparison.Ordinal)
            + ""","B":{"Type":"Pass","Parameters":{"n.$":"$$.Execution.RedriveCount"},"End":true}}}""";
        var execution = await bench.Start(await bench.Create(definition), "\"bad\"");
        await bench.Advance(2);

        isMended = true;
        await bench.Call("RedriveExecution", $$"""{"executionArn":"{{execution}}"}""");

        Assert.Equal("""{"n":1}""", (await bench.Describe(execution)).GetProperty("output").GetString());
    }
}
