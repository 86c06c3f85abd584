using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Lambda;
using Disa.Emulator.StepFunctions;

namespace Disa.Emulator.Tests.StepFunctions;

public sealed class TaskTests
{
    private const string Invoke =
        """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"End":true}}}""";

    [Fact]
    public async Task A_function_answers_with_the_metadata_of_the_call()
    {
        await using var bench = Bench.Open(Bench.Function((payload, _) => Bench.Answer($$"""{"got":{{payload}}}""")));
        var execution = await bench.Start(await bench.Create(Invoke), """{"a":1}""");

        var output = JsonElement.Parse((await bench.Describe(execution)).GetProperty("output").GetString()!);
        Assert.Equal("""{"got":{"a":1}}""", output.GetProperty("Payload").GetRawText());
        Assert.Equal("request-1", output.GetProperty("SdkResponseMetadata").GetProperty("RequestId").GetString());
        Assert.Equal(
            ["ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"],
            output.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(
            [
                "ExecutionStarted 1<0",
                "TaskStateEntered 2<0",
                "TaskScheduled 3<2",
                "TaskStarted 4<3",
                "TaskSucceeded 5<4",
                "TaskStateExited 6<5",
                "ExecutionSucceeded 7<6",
            ],
            await bench.Events(execution)
        );
    }

    [Theory]
    [InlineData(
        """{"errorType":"MessageTooLarge","errorMessage":"m"}""",
        "MessageTooLarge",
        """{"errorType":"MessageTooLarge","errorMessage":"m"}"""
    )]
    [InlineData(
        """{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 3.00 seconds"}""",
        "Sandbox.Timedout",
        null
    )]
    [InlineData(
        """{"errorMessage":"m"}""",
        "Lambda.Unknown",
        """The cause could not be determined because Lambda did not return an error type. Returned payload: {"errorMessage":"m"}"""
    )]
    public async Task A_functions_error_is_named_after_its_type(string payload, string error, string? cause)
    {
        await using var bench = Bench.Open(Bench.Function((_, _) => Bench.Answer(payload, "Unhandled")));
        var description = await bench.Describe(await bench.Start(await bench.Create(Invoke)));

        Assert.Equal(("FAILED", error), (description.GetProperty("status").GetString(), description.GetProperty("error").GetString()));
        Assert.Equal(cause ?? payload, description.GetProperty("cause").GetString());
    }

    [Theory]
    [InlineData("ResourceNotFoundException", 404, "Lambda.ResourceNotFoundException")]
    [InlineData("TooManyRequestsException", 429, "Lambda.TooManyRequestsException")]
    [InlineData("ServiceException", 500, "Lambda.ServiceException")]
    [InlineData("SomethingElse", 400, "Lambda.AWSLambdaException")]
    public async Task An_error_of_Lambda_itself_is_named_after_its_exception(string code, int status, string error)
    {
        await using var bench = Bench.Open(new Neighbours { Invoke = (_, _, _, _, _, _) => throw new AwsException(code, "why", status) });
        var description = await bench.Describe(await bench.Start(await bench.Create(Invoke)));

        Assert.Equal(error, description.GetProperty("error").GetString());
        Assert.StartsWith(
            $"why (Service: AWSLambda; Status Code: {status}; Error Code: {code}; Request ID: ",
            description.GetProperty("cause").GetString()
        );
    }

    [Fact]
    public async Task A_function_by_its_ARN_has_its_own_events()
    {
        await using var bench = Bench.Open(Bench.Function((payload, _) => Bench.Answer(payload)));
        var execution = await bench.Start(
            await bench.Create(
                """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}}}"""
            ),
            "[1]"
        );

        Assert.Equal("[1]", (await bench.Describe(execution)).GetProperty("output").GetString());
        Assert.Contains("LambdaFunctionSucceeded 5<4", await bench.Events(execution));
    }

    [Fact]
    public async Task Retries_wait_for_their_time()
    {
        await using var bench = Bench.Open(
            Bench.Function((_, call) => call < 3 ? Bench.Answer("""{"errorType":"Busy"}""", "Unhandled") : Bench.Answer("\"done\""))
        );
        var execution = await bench.Start(
            await bench.Create(
                Invoke.Replace(
                    "\"End\":true",
                    "\"Retry\":[{\"ErrorEquals\":[\"Busy\"],\"IntervalSeconds\":2}],\"OutputPath\":\"$.Payload\",\"End\":true",
                    StringComparison.Ordinal
                )
            )
        );

        await bench.Advance(5);
        Assert.Equal("RUNNING", (await bench.Describe(execution)).GetProperty("status").GetString());
        await bench.Advance(2);
        Assert.Equal("\"done\"", (await bench.Describe(execution)).GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_task_over_its_time_is_timed_out_and_its_late_answer_dropped()
    {
        var answered = new TaskCompletionSource<Invocation>();
        await using var bench = Bench.Open(new Neighbours { Invoke = (_, _, _, _, _, _) => answered.Task });
        var execution = await bench.Start(
            await bench.Create(Invoke.Replace("\"End\":true", "\"TimeoutSeconds\":5,\"End\":true", StringComparison.Ordinal))
        );
        await bench.Clock.Advance(TimeSpan.FromSeconds(6), TimeSpan.FromMilliseconds(200));

        for (
            var i = 0;
            i < 50
                && (await bench.Call("DescribeExecution", $$"""{"executionArn":"{{execution}}"}""")).GetProperty("status").GetString()
                    == "RUNNING";
            i++
        )
        {
            await bench.Clock.Settle(TimeSpan.FromMilliseconds(100));
        }

        answered.SetResult(Bench.Answer("1"));
        Assert.Equal("States.Timeout", (await bench.Describe(execution)).GetProperty("error").GetString());
        Assert.Equal(["TaskTimedOut 5<4", "ExecutionFailed 6<5"], (await bench.Events(execution))[^2..]);
    }

    [Fact]
    public async Task A_workflow_starts_another_and_waits_for_it()
    {
        await using var bench = Bench.Open();
        var child = await bench.Create("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":30,"End":true}}}""", name: "child");
        var parent = await bench.Create(
            $$$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"{{{child}}}","Input":{"x":1} },"ResultSelector":{"out.$":"$.Output","status.$":"$.Status"},"End":true} } }""",
            name: "parent"
        );
        var execution = await bench.Start(parent);
        await bench.Settle();
        Assert.Contains("TaskSubmitted 5<4", await bench.Events(execution));

        await bench.Advance(31);

        Assert.Equal("""{"out":{"x":1},"status":"SUCCEEDED"}""", (await bench.Describe(execution)).GetProperty("output").GetString());
    }

    [Fact]
    public async Task A_failed_child_fails_the_task()
    {
        await using var bench = Bench.Open();
        var child = await bench.Create(
            """{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Mine","Cause":"because"}}}""",
            name: "child"
        );
        var execution = await bench.Start(
            await bench.Create(
                $$$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{"StateMachineArn":"{{{child}}}"},"End":true} } }""",
                name: "parent"
            )
        );

        var description = await bench.Describe(execution);

        Assert.Equal("States.TaskFailed", description.GetProperty("error").GetString());
        var cause = JsonElement.Parse(description.GetProperty("cause").GetString()!);
        Assert.Equal(("FAILED", "Mine"), (cause.GetProperty("Status").GetString(), cause.GetProperty("Error").GetString()));
    }

    [Fact]
    public async Task An_sdk_call_speaks_PascalCase_and_names_its_errors_after_the_service()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(
            """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:describeStateMachine","Parameters":{"StateMachineArn.$":"$.arn"},"Catch":[{"ErrorEquals":["Sfn.StateMachineDoesNotExistException"],"Next":"B"}],"End":true},"B":{"Type":"Pass","End":true}}}"""
        );

        var found = JsonElement.Parse(
            (await bench.Describe(await bench.Start(machine, $$"""{"arn":"{{machine}}"}"""))).GetProperty("output").GetString()!
        );
        var missing = JsonElement.Parse(
            (await bench.Describe(await bench.Start(machine, $$"""{"arn":"{{machine}}2"}""", "two"))).GetProperty("output").GetString()!
        );

        Assert.Equal("OFF", found.GetProperty("LoggingConfiguration").GetProperty("Level").GetString());
        Assert.EndsWith("Z", found.GetProperty("CreationDate").GetString());
        Assert.Equal("Sfn.StateMachineDoesNotExistException", missing.GetProperty("Error").GetString());
        Assert.Matches(
            @"^State Machine Does Not Exist: '.+' \(Service: Sfn, Status Code: 400, Request ID: .+\)$",
            missing.GetProperty("Cause").GetString()
        );
    }
}
