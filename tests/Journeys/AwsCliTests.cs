using System.Text.Json;

namespace Disa.Journeys;

/// <summary>The commands of docs/tour.md, with the AWS CLI alone.</summary>
public sealed class AwsCliTests(SharedDisa shared) : IClassFixture<SharedDisa>
{
    private RunningDisa Disa => shared.Disa;

    [Fact]
    public async Task One_message_can_be_put_and_followed_with_the_AWS_CLI()
    {
        await Aws(
            "dynamodb",
            "put-item",
            "--table-name",
            Disa.Table,
            "--item",
            """{"sequenceNo": {"S": "cli-1"}, "message": {"S": "From the AWS CLI."}}"""
        );
        await Disa.Decided("cli-1");

        var item = await Aws(
            "dynamodb",
            "get-item",
            "--table-name",
            Disa.Table,
            "--key",
            """{"sequenceNo": {"S": "cli-1"}}""",
            "--consistent-read"
        );
        Assert.Equal("Successful", item.GetProperty("Item").GetProperty("sendStatus").GetProperty("S").GetString());

        var executions = (
            await Aws("stepfunctions", "list-executions", "--state-machine-arn", Disa.Outputs["StateMachineArn"])
        ).GetProperty("executions");
        var execution = executions.EnumerateArray().First();
        var arn = execution.GetProperty("executionArn").GetString()!;
        var events = (await Aws("stepfunctions", "get-execution-history", "--execution-arn", arn))
            .GetProperty("events")
            .EnumerateArray()
            .ToList();
        Assert.Equal("ExecutionStarted", events[0].GetProperty("type").GetString());
        Assert.Equal(0, events[0].GetProperty("previousEventId").GetInt64());
        Assert.Equal("ExecutionSucceeded", events[^1].GetProperty("type").GetString());
        Assert.Contains(events, entry => entry.GetProperty("type").GetString() == "TaskStarted");

        var alarm = (await Aws("cloudwatch", "describe-alarms", "--alarm-names", Disa.Outputs["AlarmName"])).GetProperty("MetricAlarms")[0];
        Assert.NotEqual("ALARM", alarm.GetProperty("StateValue").GetString());

        var stackEvents = (await Aws("cloudformation", "describe-stack-events", "--stack-name", "disa")).GetProperty("StackEvents");
        Assert.Equal("CREATE_COMPLETE", stackEvents[0].GetProperty("ResourceStatus").GetString());

        var logs = (
            await Aws(
                "logs",
                "filter-log-events",
                "--log-group-name",
                "/aws/lambda/" + Disa.Outputs["ProcessFunctionName"],
                "--filter-pattern",
                "\"cli-1\""
            )
        ).GetProperty("events");
        Assert.True(logs.GetArrayLength() > 0, "the process function's log names the message");
    }

    [Fact]
    public async Task The_failure_switch_is_an_environment_variable_of_the_process_function()
    {
        await using var disa = await RunningDisa.Up();
        var name = disa.Outputs["ProcessFunctionName"];
        var configuration = (await disa.Aws("lambda", "get-function-configuration", "--function-name", name)).Json();
        var variables = configuration
            .GetProperty("Environment")
            .GetProperty("Variables")
            .EnumerateObject()
            .ToDictionary(variable => variable.Name, variable => variable.Value.GetString()!);
        variables["SNS_TOPIC_ARN"] += "-gone";
        (
            await disa.Aws(
                "lambda",
                "update-function-configuration",
                "--function-name",
                name,
                "--environment",
                JsonSerializer.Serialize(new { Variables = variables })
            )
        ).Json();
        (await disa.Aws("lambda", "wait", "function-updated", "--function-name", name)).Output.ToString();

        await disa.Put("cli-broken", "Will not go.");
        Assert.Equal("Failure", (await disa.Decided("cli-broken"))["sendStatus"].S);
    }

    [Theory]
    [InlineData(
        "dynamodb",
        "put-item",
        "--table-name",
        "no-such-table",
        "--item",
        """{"sequenceNo": {"S": "x"}}""",
        "ResourceNotFoundException"
    )]
    [InlineData("dynamodb", "put-item", "--table-name", "TABLE", "--item", """{"other": {"S": "x"}}""", "ValidationException")]
    [InlineData("sns", "publish", "--topic-arn", "arn:aws:sns:us-east-1:000000000000:gone", "--message", "x", "NotFound")]
    [InlineData("lambda", "invoke", "--function-name", "gone", "/dev/null", "", "ResourceNotFoundException")]
    [InlineData("cloudformation", "describe-stacks", "--stack-name", "gone", "", "", "ValidationError")]
    [InlineData("stepfunctions", "start-execution", "--state-machine-arn", "nonsense", "", "", "InvalidArn")]
    public async Task A_wrong_request_gets_the_error_that_a_client_expects(
        string service,
        string operation,
        string name,
        string value,
        string more,
        string moreValue,
        string code
    )
    {
        var ended = await Disa.Aws([
            .. ((string[])[service, operation, name, value == "TABLE" ? Disa.Table : value, more, moreValue]).Where(argument =>
                argument.Length > 0
            ),
        ]);

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains($"({code})", ended.Error, StringComparison.Ordinal);
    }

    private async Task<JsonElement> Aws(params string[] arguments)
    {
        var ended = await Disa.Aws(arguments);
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', arguments)}: {ended.Error}");
        return ended.Output.Trim().Length == 0 ? default : JsonElement.Parse(ended.Output);
    }
}
