using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.StepFunctions;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>TestState: answers and sentences as recorded on AWS, and by API_TestState and "Testing state machines with TestState API".</summary>
public sealed class TestStateTests
{
    private const string Task = """
        "Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"}
        """;

    [Theory]
    [InlineData(
        """{"Type":"Pass","End":true}""",
        """{"output":"{\"v\": 1}","inspectionData":{"input":"{\"v\": 1}","afterInputPath":"{\"v\": 1}","afterParameters":"{\"v\": 1}","afterResultSelector":"{\"v\": 1}","afterResultPath":"{\"v\": 1}"},"status":"SUCCEEDED"}"""
    )]
    [InlineData(
        """{"Type":"Pass","Result":{"r":2},"ResultPath":"$.at","Next":"Elsewhere"}""",
        """{"output":"{\"v\":1,\"at\":{\"r\":2}}","inspectionData":{"input":"{\"v\": 1}","result":"{\"r\":2}","afterResultSelector":"{\"r\":2}","afterResultPath":"{\"v\":1,\"at\":{\"r\":2}}"},"nextState":"Elsewhere","status":"SUCCEEDED"}"""
    )]
    [InlineData(
        """{"Type":"Fail","Error":"SomeFailure","Cause":"why"}""",
        """{"error":"SomeFailure","cause":"why","inspectionData":{"input":"{\"v\": 1}","afterInputPath":"{\"v\": 1}"},"status":"FAILED"}"""
    )]
    [InlineData(
        """{"Type":"Succeed"}""",
        """{"output":"{\"v\": 1}","inspectionData":{"input":"{\"v\": 1}","afterInputPath":"{\"v\": 1}"},"status":"SUCCEEDED"}"""
    )]
    [InlineData(
        """{"Type":"Choice","Choices":[{"Variable":"$.v","NumericEquals":1,"Next":"One"}],"Default":"Other"}""",
        """{"output":"{\"v\": 1}","inspectionData":{"input":"{\"v\": 1}","afterInputPath":"{\"v\": 1}"},"nextState":"One","status":"SUCCEEDED"}"""
    )]
    [InlineData(
        """{"Type":"Wait","Seconds":3600,"Next":"Later"}""",
        """{"output":"{\"v\": 1}","inspectionData":{"input":"{\"v\": 1}","afterInputPath":"{\"v\": 1}"},"nextState":"Later","status":"SUCCEEDED"}"""
    )]
    [InlineData(
        """{"QueryLanguage":"JSONata","Type":"Pass","Assign":{"x":"{% $states.input.v + 1 %}"},"Output":"{% $states.input.v %}","End":true}""",
        """{"output":"1","inspectionData":{"input":"{\"v\": 1}","variables":"{\"x\":2}"},"status":"SUCCEEDED"}"""
    )]
    [InlineData(
        """{"QueryLanguage":"JSONata","Type":"Pass","Output":"{% $states.input.none %}","End":true}""",
        """{"error":"States.QueryEvaluationError","cause":"The JSONata expression '$states.input.none' specified for the field 'Output' returned nothing (undefined).","inspectionData":{"input":"{\"v\": 1}"},"status":"FAILED"}"""
    )]
    public async Task It_shows_what_becomes_of_the_data(string state, string expected)
    {
        await using var bench = Bench.Open();

        Assert.Equal(expected, await Test(bench, state, "DEBUG"));
        Assert.Equal(expected, await Test(bench, state, "TRACE"));
        Assert.DoesNotContain("inspectionData", await Test(bench, state, "INFO"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_calls_what_it_calls()
    {
        await using var bench = Bench.Open(Bench.Function((payload, _) => Bench.Answer($$"""{"got":{{payload}}}""")));

        var answer = JsonElement.Parse(
            await Test(
                bench,
                "{" + Task + ""","ResultSelector":{"p.$":"$.Payload"},"ResultPath":"$.r","Next":"N"}""",
                "DEBUG",
                $$""","roleArn":"{{Bench.Role}}" """
            )
        );

        Assert.Equal("""{"v":1,"r":{"p":{"got":{"v":1}}}}""", answer.GetProperty("output").GetString());
        var data = answer.GetProperty("inspectionData");
        Assert.Equal("""{"FunctionName":"f","Payload":{"v":1}}""", data.GetProperty("afterParameters").GetString());
        Assert.Equal("""{"p":{"got":{"v":1}}}""", data.GetProperty("afterResultSelector").GetString());
        Assert.Equal(200, JsonElement.Parse(data.GetProperty("result").GetString()!).GetProperty("StatusCode").GetInt32());
    }

    [Theory]
    [InlineData(""","End":true""", """{"result":"{\"a\": 1}"}""", """{"output":"{\"a\": 1}","status":"SUCCEEDED"}""")]
    [InlineData(
        ""","Catch":[{"ErrorEquals":["X"],"Next":"A"},{"ErrorEquals":["States.ALL"],"ResultPath":"$.e","Next":"B"}],"End":true""",
        """{"errorOutput":{"error":"Y","cause":"c"}}""",
        """{"output":"{\"v\":1,\"e\":{\"Error\":\"Y\",\"Cause\":\"c\"}}","error":"Y","cause":"c","nextState":"B","status":"CAUGHT_ERROR"}"""
    )]
    [InlineData(
        ""","Retry":[{"ErrorEquals":["Y"],"MaxAttempts":2}],"End":true""",
        """{"errorOutput":{"error":"Y","cause":"c"}}""",
        """{"error":"Y","cause":"c","status":"RETRIABLE"}"""
    )]
    [InlineData(""","End":true""", """{"errorOutput":{"error":"Y","cause":"c"}}""", """{"error":"Y","cause":"c","status":"FAILED"}""")]
    public async Task A_mock_answers_in_the_place_of_the_service(string fields, string mock, string expected)
    {
        await using var bench = Bench.Open();

        Assert.Equal(expected, await Test(bench, "{" + Task + fields + "}", "INFO", $",\"mock\":{mock}"));
    }

    [Theory]
    [InlineData(0, "RETRIABLE", 3)]
    [InlineData(1, "RETRIABLE", 6)]
    [InlineData(2, "FAILED", 0)]
    public async Task Retries_that_were_made_already_count(int made, string status, int backoff)
    {
        await using var bench = Bench.Open();

        var answer = JsonElement.Parse(
            await Test(
                bench,
                "{" + Task + ""","Retry":[{"ErrorEquals":["X"]},{"ErrorEquals":["Y"],"IntervalSeconds":3,"MaxAttempts":2}],"End":true}""",
                "DEBUG",
                ""","mock":{"errorOutput":{"error":"Y"}},"stateConfiguration":{"retrierRetryCount":""" + made + "}"
            )
        );

        Assert.Equal(status, answer.GetProperty("status").GetString());
        Assert.Equal(
            // Recorded on AWS: localstack/localstack, test_state_configuration.snapshot.json, test_state_configuration_retrier_retry_count.
            status == "FAILED"
                ? """{"retryIndex":1}"""
                : $$"""{"retryIndex":1,"retryBackoffIntervalSeconds":{{backoff}}}""",
            answer.GetProperty("inspectionData").TryGetProperty("errorDetails", out var details) ? details.GetRawText() : null
        );
    }

    [Theory]
    [InlineData(
        """{"Type":"Map","ItemsPath":"$.list","ItemSelector":{"i.$":"$$.Map.Item.Index"},"MaxConcurrency":1,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}""",
        """{"output":"[7, 8]","inspectionData":{"input":"{\"list\":[1,2]}","afterInputPath":"{\"list\":[1,2]}","afterResultSelector":"[7, 8]","afterResultPath":"[7, 8]","afterItemsPath":"[1,2]","afterItemSelector":"[{\"i\":0},{\"i\":1}]","maxConcurrency":1},"status":"SUCCEEDED"}"""
    )]
    [InlineData(
        """{"Type":"Parallel","QueryLanguage":"JSONata","Output":"{% $states.result[0] %}","Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},{"StartAt":"Q","States":{"Q":{"Type":"Pass","End":true}}}],"Next":"Z"}""",
        """{"output":"7","inspectionData":{"input":"{\"list\":[1,2]}","afterArguments":"{\"list\":[1,2]}"},"nextState":"Z","status":"SUCCEEDED"}"""
    )]
    public async Task A_map_or_parallel_is_told_its_result(string state, string expected)
    {
        await using var bench = Bench.Open();

        Assert.Equal(expected, await Test(bench, state, "DEBUG", ""","mock":{"result":"[7, 8]"}""", """{"list":[1,2]}"""));
    }

    /// <remarks>localstack/localstack, test_state_configuration.snapshot.json, test_map_state_failure_count: recorded on AWS.</remarks>
    [Theory]
    [InlineData("", "SUCCEEDED")]
    [InlineData(""","ToleratedFailureCount":1""", "FAILED")]
    public async Task Failures_count_where_the_state_says_how_many_may_fail(string tolerance, string status)
    {
        await using var bench = Bench.Open();

        var answer = JsonElement.Parse(
            await Test(
                bench,
                """{"Type":"Map","QueryLanguage":"JSONata","Items":"{% $states.input.v %}","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true"""
                    + tolerance
                    + "}",
                "TRACE",
                ""","mock":{"result":"[0]"},"stateConfiguration":{"mapIterationFailureCount":2}""",
                """{"v": [1, 2, 3]}"""
            )
        );

        Assert.Equal(status, answer.GetProperty("status").GetString());
        var data = answer.GetProperty("inspectionData");
        Assert.Equal(0, data.GetProperty("maxConcurrency").GetInt32());
        Assert.False(data.TryGetProperty("afterItemsPath", out _));
    }

    /// <remarks>localstack/localstack, test_test_state_scenarios.snapshot.json, test_state_with_variables: recorded on AWS.</remarks>
    [Fact]
    public async Task The_context_is_that_of_an_express_execution_of_a_nameless_state()
    {
        await using var bench = Bench.Open();

        var answer = JsonElement.Parse(
            await Test(
                bench,
                """{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"c.$":"$$"},"End":true}}}""",
                "INFO",
                ""","stateName":"P" """
            )
        );

        var context = JsonElement.Parse(answer.GetProperty("output").GetString()!).GetProperty("c");
        var execution = context.GetProperty("Execution");
        var machine = context.GetProperty("StateMachine").GetProperty("Name").GetString();
        Assert.EndsWith(
            $":express:{machine}:{execution.GetProperty("Name").GetString()}",
            execution.GetProperty("Id").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(JsonValueKind.Null, execution.GetProperty("RoleArn").ValueKind);
        Assert.False(execution.TryGetProperty("RedriveCount", out _));
        Assert.Equal("StateName", context.GetProperty("State").GetProperty("Name").GetString());
    }

    [Fact]
    public async Task One_state_of_a_machine_is_found_by_its_name_and_sees_variables_and_a_context()
    {
        await using var bench = Bench.Open();
        const string machine =
            """{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"In","States":{"In":{"Type":"Pass","Output":"{% [$x, $states.context.Execution.Name] %}","End":true}}}],"End":true}}}""";

        Assert.Equal(
            """{"output":"[5,\"mine\"]","status":"SUCCEEDED"}""",
            await Test(
                bench,
                machine,
                "INFO",
                ""","stateName":"In","variables":"{\"x\":5}","context":"{\"Execution\":{\"Name\":\"mine\"}}" """
            )
        );
    }

    [Theory]
    [InlineData(
        """{"Type":"Pass","End":true}""",
        ""","mock":{"result":"1"}""",
        "State type 'Pass' is not supported when a mock is specified"
    )]
    [InlineData("""{"Type":"Fail"}""", ""","mock":{"errorOutput":{}}""", "State type 'Fail' is not supported when a mock is specified")]
    [InlineData(
        """{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}""",
        ""","mock":{"result":"{}"}""",
        "Mocked result must be an array."
    )]
    [InlineData(
        """{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}""",
        "",
        "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"
    )]
    // The next six: localstack/localstack, test_state/*.snapshot.json, recorded on AWS.
    [InlineData(
        """{"Type":"Parallel","Branches":[{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}],"End":true}""",
        ""","mock":{"result":"[1, 2]"}""",
        "Mocked result must contain the same number of items as number of Parallel branches."
    )]
    [InlineData(
        """{"Type":"Map","ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}""",
        ""","mock":{"result":"[1]"}""",
        "Mocked result must be a JSON object."
    )]
    [InlineData("{TASK}", ""","mock":{"result":"no JSON","fieldValidationMode":"NONE"}""", "Mocked result must be valid JSON")]
    [InlineData("{TASK}", "", "RoleArn must be specified when testing a Task state")]
    [InlineData("""{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}""", ""","stateName":"Q" """, "State not found in definition")]
    [InlineData(
        """{"StartAt":"P","States":{"P":{"Type":"Nope","End":true}}}""",
        ""","stateName":"P" """,
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/P/Type'"
    )]
    [InlineData(
        "{TASK}",
        ""","mock":{"result":"{}","errorOutput":{}}""",
        "A test mock should have only one of the following fields: [result, errorOutput]."
    )]
    [InlineData(
        "{TASK}",
        ""","mock":{"result":"{}"},"revealSecrets":true""",
        "TestState does not support RevealSecrets when a mock is specified."
    )]
    [InlineData(
        "{TASK}",
        ""","mock":{"result":"{}"},"context":"{\"Task\":{\"Token\":\"t\"}}" """,
        "Invalid Context object provided: Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern"
    )]
    [InlineData(
        "{TASK}",
        ""","mock":{"result":"{}"},"context":"{\"Execution\":{\"Id\":1}}" """,
        "Invalid Context object provided: Execution.Id must be a string"
    )]
    [InlineData(
        "{TASK}",
        ""","mock":{"result":"{}"},"context":"{\"Map\":{}}" """,
        "Invalid Context object provided: 'Map' field is not supported when mocking a Context object"
    )]
    [InlineData(
        "{TASK}",
        ""","mock":{"result":"{}"},"context":"{\"Execution\":{\"pokemon\":1}}" """,
        "Invalid Context object provided: Field 'pokemon' is not allowed"
    )]
    [InlineData(
        "{TASK}",
        ""","mock":{"result":"{}"},"context":"{\"Pokedex\":1}" """,
        "Invalid Context object provided: Field 'Pokedex' is not allowed"
    )]
    public async Task What_cannot_be_tested_is_refused_in_AWSs_words(string state, string more, string message)
    {
        await using var bench = Bench.Open();
        state = state.Replace("{TASK}", "{" + Task + ""","End":true}""", StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<AwsException>(() => Test(bench, state, "TRACE", more));

        Assert.Equal(message, refused.Message);
    }

    [Theory]
    [InlineData(
        """{"Type":"Pass"}""",
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at /'"
    )]
    [InlineData(
        """{"Type":"Pass","End":true,"X":1}""",
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'X' is not supported at /'"
    )]
    public async Task A_wrong_state_is_an_invalid_definition(string state, string message)
    {
        await using var bench = Bench.Open();

        var refused = await Assert.ThrowsAsync<AwsException>(() => Test(bench, state, "INFO"));

        Assert.Equal(("InvalidDefinition", message), (refused.Code, refused.Message));
    }

    private static async Task<string> Test(Bench bench, string state, string level, string more = "", string input = """{"v": 1}""") =>
        Disa.Asl.Data.Json.Compact(
            await bench.Call(
                "TestState",
                $$"""{"definition":{{Bench.Quote(state)}},"input":{{Bench.Quote(input)}},"inspectionLevel":"{{level}}"{{more}}}"""
            )
        );
}
