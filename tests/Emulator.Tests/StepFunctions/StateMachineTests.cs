using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Tests.StepFunctions;

public sealed class StateMachineTests
{
    private const string Pass =
        """{"Comment":"BASE_PASS_RESULT","StartAt":"State_1","States":{"State_1":{"Type":"Pass","Result":{"Arg1":"argument1"},"End":true}}}""";
    private const string Arn = "arn:aws:states:us-east-1:000000000000:stateMachine:machine";

    [Fact]
    public async Task It_is_shown_as_it_was_created()
    {
        await using var bench = Bench.Open();
        Assert.Equal(Arn, await bench.Create(Pass));

        var machine = await bench.Call("DescribeStateMachine", $$"""{"stateMachineArn":"{{Arn}}"}""");

        Assert.Equal(Pass, machine.GetProperty("definition").GetString());
        Assert.Equal("ACTIVE", machine.GetProperty("status").GetString());
        Assert.Equal("STANDARD", machine.GetProperty("type").GetString());
        Assert.Equal("""{"level":"OFF","includeExecutionData":false}""", machine.GetProperty("loggingConfiguration").GetRawText());
        Assert.Equal("""{"enabled":false}""", machine.GetProperty("tracingConfiguration").GetRawText());
        Assert.False(machine.TryGetProperty("revisionId", out _));
    }

    [Fact]
    public async Task The_same_again_answers_as_the_first_time_and_another_is_refused()
    {
        await using var bench = Bench.Open();
        await bench.Create(Pass);
        await bench.Create(Pass);

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Create(Pass.Replace("argument1", "other", StringComparison.Ordinal))
        );

        // Recorded on AWS 22-06-2023.
        Assert.Equal(("StateMachineAlreadyExists", $"State Machine Already Exists: '{Arn}'"), (refused.Code, refused.Message));
    }

    [Fact]
    public async Task A_wrong_definition_is_refused_with_all_that_is_wrong()
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<AwsException>(() => bench.Create("""{"StartAt":"A"}"""));

        // Recorded on AWS 04-08-2023.
        Assert.Equal("InvalidDefinition", refused.Code);
        Assert.Equal(
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
            refused.Message
        );
    }

    [Theory]
    [InlineData("arn:aws:states:::ecs:runTask.sync", "STANDARD", "NotImplemented")]
    [InlineData("arn:aws:states:::aws-sdk:athena:startQueryExecution", "STANDARD", "NotImplemented")]
    [InlineData("arn:aws:states:::aws-sdk:s3:putBucketCors", "STANDARD", "NotImplemented")]
    [InlineData("arn:aws:states:us-east-1:000000000000:activity:a", "EXPRESS", "InvalidDefinition")]
    [InlineData("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "EXPRESS", "InvalidDefinition")]
    public async Task What_cannot_be_called_is_refused_when_the_machine_is_created(string resource, string type, string code)
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Create($$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"{{resource}}","End":true} } }""", type)
        );

        Assert.Equal(code, refused.Code);
        Assert.Contains("/States/A/Resource", refused.Message);
    }

    [Theory]
    [InlineData("""{"name":"bad name","definition":"{}","roleArn":"arn:aws:iam::000000000000:role/r"}""", "InvalidName")]
    [InlineData("""{"name":"m","definition":"{}","roleArn":"nope"}""", "InvalidArn")]
    [InlineData("""{"name":"m","roleArn":"arn:aws:iam::000000000000:role/r"}""", "ValidationException")]
    [InlineData("""{"name":"m","definition":"{}","roleArn":"arn:aws:iam::000000000000:role/r","type":"FAST"}""", "ValidationException")]
    [InlineData(
        """{"name":"m","definition":"{}","roleArn":"arn:aws:iam::000000000000:role/r","versionDescription":"one"}""",
        "ValidationException"
    )]
    public async Task Wrong_requests_get_AWSs_errors(string request, string code)
    {
        await using var bench = Bench.Open();
        Assert.Equal(code, (await Assert.ThrowsAsync<AwsException>(() => bench.Call("CreateStateMachine", request))).Code);
    }

    [Fact]
    public async Task An_update_makes_a_revision_and_running_executions_keep_theirs()
    {
        await using var bench = Bench.Open();
        var waiting =
            """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"Next":"P"},"P":{"Type":"Pass","Result":"old","End":true}}}""";
        await bench.Create(waiting);
        var execution = await bench.Start(Arn);
        await bench.Settle();

        var updated = await bench.Call("UpdateStateMachine", $$"""{"stateMachineArn":"{{Arn}}","definition":{{Bench.Quote(Pass)}}}""");
        await bench.Advance(61);

        Assert.Equal("\"old\"", (await bench.Describe(execution)).GetProperty("output").GetString());
        var machine = await bench.Call("DescribeStateMachine", $$"""{"stateMachineArn":"{{Arn}}"}""");
        Assert.Equal(updated.GetProperty("revisionId").GetString(), machine.GetProperty("revisionId").GetString());
        var then = await bench.Call("DescribeStateMachineForExecution", $$"""{"executionArn":"{{execution}}"}""");
        Assert.Equal(waiting, then.GetProperty("definition").GetString());
    }

    [Fact]
    public async Task Deleting_ends_what_runs_and_is_no_error_the_second_time()
    {
        await using var bench = Bench.Open();
        await bench.Create("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}""");
        var execution = await bench.Start(Arn);
        await bench.Settle();

        await bench.Call("DeleteStateMachine", $$"""{"stateMachineArn":"{{Arn}}"}""");
        await bench.Call("DeleteStateMachine", $$"""{"stateMachineArn":"{{Arn}}"}""");
        await bench.Advance(61);

        Assert.Equal("ExecutionDoesNotExist", (await Assert.ThrowsAsync<AwsException>(() => bench.Describe(execution))).Code);
        Assert.Equal("StateMachineDoesNotExist", (await Assert.ThrowsAsync<AwsException>(() => bench.Start(Arn))).Code);
        Assert.Empty((await bench.Call("ListStateMachines", "{}")).GetProperty("stateMachines").EnumerateArray());
    }

    [Fact]
    public async Task Tags_are_added_replaced_and_removed()
    {
        await using var bench = Bench.Open();
        await bench.Create(Pass);

        await bench.Call("TagResource", $$"""{"resourceArn":"{{Arn}}","tags":[{"key":"a","value":"1"},{"key":"b","value":"2"}]}""");
        await bench.Call("TagResource", $$"""{"resourceArn":"{{Arn}}","tags":[{"key":"a","value":"3"}]}""");
        await bench.Call("UntagResource", $$"""{"resourceArn":"{{Arn}}","tagKeys":["b"]}""");

        var tags = await bench.Call("ListTagsForResource", $$"""{"resourceArn":"{{Arn}}"}""");
        Assert.Equal("""[{"key":"a","value":"3"}]""", tags.GetProperty("tags").GetRawText());
    }

    [Theory]
    [InlineData(
        "",
        """{"result":"FAIL","diagnostics":[{"severity":"ERROR","code":"SCHEMA_VALIDATION_FAILED","message":"Definition must be a valid JSON object"}],"truncated":false}"""
    )]
    [InlineData(
        "{}",
        """{"result":"FAIL","diagnostics":[{"severity":"ERROR","code":"SCHEMA_VALIDATION_FAILED","message":"These fields are required: [States, StartAt]","location":"/"}],"truncated":false}"""
    )]
    [InlineData(Pass, """{"result":"OK","diagnostics":[],"truncated":false}""")]
    public async Task Validation_answers_as_AWS_does(string definition, string expected)
    {
        // Recorded on AWS 19-10-2025.
        await using var bench = Bench.Open();
        var answer = await bench.Call("ValidateStateMachineDefinition", $$"""{"definition":{{Bench.Quote(definition)}}}""");
        Assert.Equal(
            expected,
            JsonSerializer.Serialize(answer, JsonSerializerOptions.Web).Replace("\\u0027", "'", StringComparison.Ordinal)
        );
    }
}
