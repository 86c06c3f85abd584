using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Lambda;
using Disa.Emulator.StepFunctions;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>What Step Functions answers: recorded on AWS.</summary>
public sealed class RecordedAnswerTests
{
    private const string Pass = """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""";

    [Theory]
    [InlineData("\"\\\"HelloWorld\\\"\"", "\"HelloWorld\"")]
    [InlineData("\"0.0\"", "0.0")]
    [InlineData("\"true\"", "true")]
    [InlineData("\"{}\"", "{}")]
    [InlineData("\"[]\"", "[]")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    public async Task A_payload_that_is_a_text_goes_to_the_function_as_it_is(string payload, string seen)
    {
        string? got = null;
        await using var bench = Bench.Open(
            Bench.Function(
                (body, _) =>
                {
                    got = body;
                    return Bench.Answer("1");
                }
            )
        );
        var machine = await bench.Create(
            $$$$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload":{{{{payload}}}}},"End":true}}}"""
        );

        await bench.Describe(await bench.Start(machine));

        Assert.Equal(seen, got);
    }

    [Theory]
    [InlineData(".sync", "\"Input\":\"{}\"")]
    [InlineData(".sync:2", "\"Input\":{}")]
    public async Task A_nested_execution_without_input_has_an_empty_object(string style, string shown)
    {
        await using var bench = Bench.Open();
        var child = await bench.Create(Pass, name: "child");
        var machine = await bench.Create(
            $$$$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution{{{{style}}}}","Parameters":{"StateMachineArn":"{{{{child}}}}","Input":null},"End":true}}}"""
        );

        var ended = await bench.Describe(await bench.Start(machine));

        Assert.Contains(shown, ended.GetProperty("output").GetString());
    }

    /// <remarks>localstack/localstack, services/test_lambda_task_service.snapshot.json, test_invoke: recorded on AWS.</remarks>
    [Fact]
    public async Task A_functions_result_has_the_headers_of_its_answer()
    {
        await using var bench = Bench.Open(Bench.Function((_, _) => Bench.Answer("{}")));
        var machine = await bench.Create(
            """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload":null},"End":true}}}"""
        );

        var ended = await bench.Describe(await bench.Start(machine));

        var metadata = JsonElement.Parse(ended.GetProperty("output").GetString()!).GetProperty("SdkHttpMetadata");
        Assert.Equal(
            "X-Amz-Executed-Version x-amzn-Remapped-Content-Length Connection x-amzn-RequestId Content-Length Date X-Amzn-Trace-Id Content-Type",
            string.Join(' ', metadata.GetProperty("AllHttpHeaders").EnumerateObject().Select(header => header.Name))
        );
        Assert.Equal("2", metadata.GetProperty("HttpHeaders").GetProperty("Content-Length").GetString());
        Assert.Equal("application/json", metadata.GetProperty("HttpHeaders").GetProperty("Content-Type").GetString());
    }

    /// <remarks>localstack/localstack, error_handling/test_task_service_sqs.snapshot.json, test_send_message_no_such_queue: recorded on AWS.</remarks>
    [Fact]
    public async Task A_message_to_no_address_does_not_leave()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(
            """{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"no-such-queue","MessageBody":"b"},"End":true}}}"""
        );

        var ended = await bench.Describe(await bench.Start(machine));

        Assert.Equal("SQS.SdkClientException", ended.GetProperty("error").GetString());
        Assert.Equal("Unable to execute HTTP request: no-such-queue: Name or service not known", ended.GetProperty("cause").GetString());
    }

    /// <remarks>localstack/localstack, test_sfn_api_logs.snapshot.json, test_deleted_log_group: recorded on AWS.</remarks>
    [Fact]
    public async Task A_log_group_that_is_not_there_is_no_destination()
    {
        await using var cloud = await TestCloud.Start();

        var refused = await Assert.ThrowsAnyAsync<Exception>(() =>
            cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                $$$$"""{"name":"m","definition":{{{{Bench.Quote(Pass)}}}},"roleArn":"{{{{Bench.Role}}}}","loggingConfiguration":{"level":"ALL","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:gone:*"}}]}}"""
            )
        );

        Assert.Contains("Invalid Logging Configuration: Log Destination not found.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_is_written_out_where_the_SDK_wants_a_text()
    {
        await using var bench = Bench.Open();
        var child = await bench.Create(Pass, name: "child");
        var machine = await bench.Create(
            $$$$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:startExecution","Parameters":{"StateMachineArn":"{{{{child}}}}","Name":"c","Input":{"a":[1]}},"End":true}}}"""
        );

        await bench.Describe(await bench.Start(machine));

        Assert.Equal(
            """{"a":[1]}""",
            (await bench.Describe(child.Replace(":stateMachine:", ":execution:") + ":c")).GetProperty("input").GetString()
        );
    }

    [Fact]
    public async Task A_token_is_looked_at_before_the_output()
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Call("SendTaskSuccess", """{"taskToken":"none","output":"no JSON"}""")
        );

        Assert.Equal("InvalidToken", refused.Code);
    }

    [Fact]
    public async Task The_variables_that_states_read_are_shown()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(
            """
            {"StartAt":"A","States":{
              "A":{"Type":"Pass","Assign":{"x":1,"y":2},"Next":"B"},
              "B":{"Type":"Pass","Parameters":{"both.$":"States.Array($x, $y.z)","literal":"$no"},"Next":"C"},
              "C":{"Type":"Choice","Choices":[{"Variable":"$x","NumericEquals":1,"Next":"D"}],"Default":"D"},
              "D":{"Type":"Map","ItemProcessor":{"StartAt":"E","States":{"E":{"Type":"Pass","InputPath":"$y","End":true}}},"End":true}}}
            """
        );

        var shown = (await bench.Call("DescribeStateMachine", $$"""{"stateMachineArn":"{{machine}}"}"""))
            .GetProperty("variableReferences")
            .GetRawText();

        Assert.Equal("""{"B":["x","y"],"C":["x"],"E":["y"]}""", shown);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_keeps_the_revision()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass);
        async Task<string?> Update(string comment) =>
            (
                await bench.Call(
                    "UpdateStateMachine",
                    $$"""{"stateMachineArn":"{{machine}}","definition":{{Bench.Quote(Pass[..^1] + $",\"Comment\":\"{comment}\"}}")}}}"""
                )
            )
                .GetProperty("revisionId")
                .GetString();

        var first = await Update("one");
        var same = await Update("one");
        var other = await Update("two");

        Assert.Equal(first, same);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData("DescribeExecution")]
    [InlineData("StopExecution")]
    [InlineData("GetExecutionHistory")]
    public async Task An_express_execution_is_no_resource_here(string operation)
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Call(operation, """{"executionArn":"arn:aws:states:us-east-1:000000000000:express:m:n:id"}""")
        );

        Assert.Equal(("InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'"), (refused.Code, refused.Message));
    }

    [Theory]
    [InlineData("ListStateMachines", 1024)]
    [InlineData("ListExecutions", 3096)]
    [InlineData("GetExecutionHistory", 1024)]
    public async Task A_token_of_a_page_has_a_longest_form(string operation, int most)
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass);
        var execution = await bench.Start(machine);
        var token = new string('a', most + 1);
        var named = operation switch
        {
            "ListExecutions" => $"\"stateMachineArn\":\"{machine}\",",
            "GetExecutionHistory" => $"\"executionArn\":\"{execution}\",",
            _ => "",
        };

        var refused = await Assert.ThrowsAsync<AwsException>(() => bench.Call(operation, $$"""{{{named}}"nextToken":"{{token}}"}"""));

        Assert.Equal(
            (
                "ValidationException",
                $"1 validation error detected: Value '{token}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to {most}"
            ),
            (refused.Code, refused.Message)
        );
    }

    [Fact]
    public async Task A_synchronous_execution_that_fails_says_that_its_output_is_included()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create("""{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"E"}}}""", "EXPRESS");

        var ended = await bench.Call("StartSyncExecution", $$"""{"stateMachineArn":"{{machine}}"}""");

        Assert.True(ended.GetProperty("outputDetails").GetProperty("included").GetBoolean());
    }

    /// <remarks>localstack/localstack, test_sfn_api.snapshot.json, test_state_machine_status_filter: the order of the values is AWS's.</remarks>
    [Fact]
    public async Task A_status_that_is_none_is_answered_with_those_that_there_are()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass);

        var refused = await Assert.ThrowsAsync<AwsException>(() =>
            bench.Call("ListExecutions", $$"""{"stateMachineArn":"{{machine}}","statusFilter":"succeeded"}""")
        );

        Assert.EndsWith("enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]", refused.Message);
    }

    /// <remarks>
    /// localstack/localstack, credentials/test_credentials_base.snapshot.json, test_cross_account_states_start_sync_execution, of December
    /// 2024. Recordings of 2023 are older than redrives (callback/test_callback.snapshot.json).
    /// </remarks>
    [Theory]
    [InlineData(
        "Pass",
        "SUCCEEDED",
        "\"RedriveCount\":0,\"RedriveStatus\":\"NOT_REDRIVABLE\",\"RedriveStatusReason\":\"Execution is SUCCEEDED and cannot be redriven\",\"StartDate\":"
    )]
    [InlineData("Fail", "FAILED", "\"RedriveCount\":0,\"RedriveStatus\":\"REDRIVABLE\",\"StartDate\":")]
    public async Task A_nested_execution_says_whether_it_can_be_redriven(string type, string status, string shown)
    {
        await using var bench = Bench.Open();
        var end = type == "Pass" ? ",\"End\":true" : "";
        var child = await bench.Create($$$$"""{"StartAt":"A","States":{"A":{"Type":"{{{{type}}}}"{{{{end}}}}}}}""", name: "child");
        var machine = await bench.Create(
            $$$$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","Parameters":{"StateMachineArn":"{{{{child}}}}"},"End":true}}}"""
        );

        var ended = await bench.Describe(await bench.Start(machine));

        Assert.Equal(status, ended.GetProperty("status").GetString());
        Assert.Contains(shown, ended.GetProperty(type == "Pass" ? "output" : "cause").GetString());
    }

    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_Tag.html.</remarks>
    [Theory]
    [InlineData(129, 1, "tags.2.member.key", 128)]
    [InlineData(1, 257, "tags.2.member.value", 256)]
    public async Task A_tag_has_a_longest_form(int key, int value, string member, int most)
    {
        await using var bench = Bench.Open();
        var tags = $$"""[{"key":"a","value":"b"},{"key":"{{new string('k', key)}}","value":"{{new string('v', value)}}"}]""";

        var refused = await Assert.ThrowsAsync<AwsException>(() => bench.Call("CreateActivity", $$"""{"name":"a","tags":{{tags}}}"""));

        Assert.Equal("ValidationException", refused.Code);
        Assert.EndsWith(
            $"' at '{member}' failed to satisfy constraint: Member must have length less than or equal to {most}",
            refused.Message
        );
    }

    [Fact]
    public async Task The_last_of_two_tags_with_one_key_counts()
    {
        await using var bench = Bench.Open();
        var machine = await bench.Create(Pass);

        await bench.Call("TagResource", $$"""{"resourceArn":"{{machine}}","tags":[{"key":"a","value":"1"},{"key":"a","value":"2"}]}""");

        var tags = (await bench.Call("ListTagsForResource", $$"""{"resourceArn":"{{machine}}"}""")).GetProperty("tags");
        Assert.Equal("2", Assert.Single(tags.EnumerateArray()).GetProperty("value").GetString());
    }
}
