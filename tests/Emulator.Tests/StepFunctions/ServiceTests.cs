using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>Workflows that call the other rooms, through the wire.</summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync() => cloud = await TestCloud.Start();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task Items_are_written_and_read_with_the_metadata_of_the_call()
    {
        await CreateTable("messages", "id");

        var put = await Run(
            """{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem","Parameters":{"TableName":"messages","Item":{"id":{"S.$":"$.id"},"n":{"N":"1"}}},"End":true}""",
            """{"id":"1"}"""
        );
        var get = await Run(
            """{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem","Parameters":{"TableName":"messages","Key":{"id":{"S":"1"}},"ConsistentRead":true},"End":true}"""
        );
        var sdk = await Run(
            """{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:dynamodb:getItem","Parameters":{"TableName":"messages","Key":{"id":{"S":"1"}}},"End":true}"""
        );

        Assert.Equal(200, put.GetProperty("SdkHttpMetadata").GetProperty("HttpStatusCode").GetInt32());
        Assert.Equal("""{"id":{"S":"1"},"n":{"N":"1"}}""", get.GetProperty("Item").GetRawText());
        Assert.Equal("""{"Item":{"id":{"S":"1"},"n":{"N":"1"}}}""", sdk.GetRawText());
    }

    [Theory]
    [InlineData(
        "dynamodb:putItem",
        "\"ConditionExpression\":\"attribute_exists(id)\",\"Item\":{\"id\":{\"S\":\"x\"}},\"TableName\":\"messages\"",
        "DynamoDB.ConditionalCheckFailedException"
    )]
    [InlineData("dynamodb:putItem", "\"Item\":{\"id\":{\"S\":\"x\"}},\"TableName\":\"none\"", "DynamoDB.ResourceNotFoundException")]
    [InlineData("dynamodb:putItem", "\"Item\":{\"other\":{\"S\":\"x\"}},\"TableName\":\"messages\"", "DynamoDB.AmazonDynamoDBException")]
    [InlineData("aws-sdk:dynamodb:putItem", "\"Item\":{\"id\":{\"S\":\"x\"}},\"TableName\":\"none\"", "DynamoDb.ResourceNotFoundException")]
    [InlineData("aws-sdk:dynamodb:putItem", "\"Item\":{\"other\":{\"S\":\"x\"}},\"TableName\":\"messages\"", "DynamoDb.DynamoDbException")]
    public async Task Errors_are_named_as_the_integration_names_them(string resource, string parameters, string error)
    {
        // Recorded on AWS 27-07-2023: what the API model does not name is the service's general exception.
        await CreateTable("messages", "id");
        var caught = await Run(
            "{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::"
                + resource
                + "\",\"Parameters\":{"
                + parameters
                + "},\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"Z\"}],\"End\":true}"
        );
        Assert.Equal(error, caught.GetProperty("Error").GetString());
    }

    [Fact]
    public async Task Alarms_are_described_in_PascalCase_with_times_as_text()
    {
        await cloud.Query(
            "monitoring",
            "PutMetricAlarm",
            ("AlarmName", "a"),
            ("Namespace", "Disa"),
            ("MetricName", "Failed"),
            ("Period", "60"),
            ("EvaluationPeriods", "1"),
            ("Threshold", "1"),
            ("ComparisonOperator", "GreaterThanOrEqualToThreshold"),
            ("Statistic", "Sum")
        );

        var answer = await Run(
            """{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:cloudwatch:describeAlarms","Parameters":{"AlarmNames":["a"]},"End":true}"""
        );

        var alarm = answer.GetProperty("MetricAlarms")[0];
        Assert.Equal("INSUFFICIENT_DATA", alarm.GetProperty("StateValue").GetString());
        Assert.EndsWith("Z", alarm.GetProperty("StateUpdatedTimestamp").GetString());
    }

    [Fact]
    public async Task A_message_may_be_JSON_and_is_published_as_text()
    {
        var created = await cloud.Query("sns", "CreateTopic", ("Name", "topic"));
        var topic = created[created.IndexOf("arn:", StringComparison.Ordinal)..created.IndexOf("</TopicArn>", StringComparison.Ordinal)];
        var queue = (await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""")).GetProperty("QueueUrl").GetString()!;
        await cloud.Query(
            "sns",
            "Subscribe",
            ("TopicArn", topic),
            ("Protocol", "sqs"),
            ("Endpoint", "arn:aws:sqs:us-east-1:000000000000:q"),
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            ("Attributes.entry.1.value", "true")
        );

        var published = await Run(
            "{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sns:publish\",\"Parameters\":{\"TopicArn\":\""
                + topic
                + "\",\"Message\":{\"a\":1},\"Subject\":\"s\"},\"End\":true}"
        );
        var missing = await Run(
            "{\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::sns:publish\",\"Parameters\":{\"TopicArn\":\""
                + topic
                + "2\",\"Message\":\"x\"},\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"Z\"}],\"End\":true}"
        );

        Assert.NotEqual("", published.GetProperty("MessageId").GetString());
        Assert.Equal("SNS.NotFoundException", missing.GetProperty("Error").GetString());
        var received = await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", $$"""{"QueueUrl":"{{queue}}"}""");
        Assert.Equal("""{"a":1}""", received.GetProperty("Messages")[0].GetProperty("Body").GetString());
    }

    [Fact]
    public async Task Status_changes_and_events_of_workflows_reach_the_bus()
    {
        var queue = (await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""")).GetProperty("QueueUrl").GetString()!;
        await cloud.Json("events", "AWSEvents.PutRule", """{"Name":"r","EventPattern":"{\"source\":[\"aws.states\",\"mine\"]}"}""");
        await cloud.Json(
            "events",
            "AWSEvents.PutTargets",
            """{"Rule":"r","Targets":[{"Id":"1","Arn":"arn:aws:sqs:us-east-1:000000000000:q"}]}"""
        );

        var put = await Run(
            """{"Type":"Task","Resource":"arn:aws:states:::events:putEvents","Parameters":{"Entries":[{"Source":"mine","DetailType":"t","Detail":{"a":1}}]},"End":true}"""
        );
        await cloud.Clock.Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10));

        Assert.Equal(0, put.GetProperty("FailedEntryCount").GetInt32());
        var seen = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var received = await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", $$"""{"QueueUrl":"{{queue}}","MaxNumberOfMessages":10}""");
            foreach (var message in received.TryGetProperty("Messages", out var messages) ? messages.EnumerateArray() : default)
            {
                var body = JsonElement.Parse(message.GetProperty("Body").GetString()!);
                var detail = body.GetProperty("detail");
                seen.Add(detail.TryGetProperty("status", out var status) ? status.GetString()! : detail.GetRawText());
            }
        }

        Assert.Equal(["RUNNING", "SUCCEEDED", """{"a":1}"""], seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stack_creates_and_deletes_a_workflow()
    {
        const string template = """
            Parameters:
              Text: { Type: String, Default: hello }
            Resources:
              Machine:
                Type: AWS::StepFunctions::StateMachine
                Properties:
                  StateMachineName: from-stack
                  RoleArn: arn:aws:iam::000000000000:role/workflow
                  DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"${Text}","End":true}}}'
                  DefinitionSubstitutions: { Text: !Ref Text }
                  TracingConfiguration: { Enabled: false }
                  Tags: [{ Key: k, Value: v }]
            Outputs:
              Arn: { Value: !Ref Machine }
              Name: { Value: !GetAtt Machine.Name }
            """;
        await cloud.Query("cloudformation", "CreateStack", ("StackName", "s"), ("TemplateBody", template));
        await cloud.Clock.Advance(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
        Assert.Contains("CREATE_COMPLETE", await cloud.Query("cloudformation", "DescribeStacks", ("StackName", "s")));

        var execution = await Start("arn:aws:states:us-east-1:000000000000:stateMachine:from-stack", "{}");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        var description = await cloud.Json("states", "AWSStepFunctions.DescribeExecution", $$"""{"executionArn":"{{execution}}"}""");
        Assert.Equal("\"hello\"", description.GetProperty("output").GetString());

        await cloud.Query("cloudformation", "DeleteStack", ("StackName", "s"));
        await cloud.Clock.Advance(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
        Assert.Empty(
            (await cloud.Json("states", "AWSStepFunctions.ListStateMachines", "{}")).GetProperty("stateMachines").EnumerateArray()
        );
    }

    [Fact]
    public async Task An_express_machine_logs_what_its_level_says()
    {
        await cloud.Json("logs", "Logs_20140328.CreateLogGroup", """{"logGroupName":"/aws/vendedlogs/states/m"}""");
        const string definition = """{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Mine","Cause":"because"}}}""";
        var machine = await Create(
            definition,
            """ "type":"EXPRESS","loggingConfiguration":{"level":"ERROR","includeExecutionData":true,"destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/m:*"}}]}, """
        );
        await cloud.Json("states", "AWSStepFunctions.StartExecution", $$"""{"stateMachineArn":"{{machine}}"}""");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var found = await cloud.Json(
            "logs",
            "Logs_20140328.FilterLogEvents",
            """{"logGroupName":"/aws/vendedlogs/states/m","logStreamNamePrefix":"states/"}"""
        );

        var lines = found
            .GetProperty("events")
            .EnumerateArray()
            .Select(e => JsonElement.Parse(e.GetProperty("message").GetString()!))
            .ToList();
        Assert.Equal(["FailStateEntered", "ExecutionFailed"], lines.Select(line => line.GetProperty("type").GetString()));
        Assert.Equal("""{"error":"Mine","cause":"because"}""", lines[1].GetProperty("details").GetRawText());
    }

    [Fact]
    public async Task The_dispatchers_workflow_gives_every_item_a_status_though_its_function_is_missing()
    {
        await CreateTable("messages", "sequenceNo");
        await CreateTable("control", "id");
        await cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.PutItem",
            """{"TableName":"messages","Item":{"sequenceNo":{"S":"1"},"message":{"S":"hello"}}}"""
        );
        var definition = Dispatcher()
            .Replace("${ControlTableName}", "control", StringComparison.Ordinal)
            .Replace("${TableName}", "messages", StringComparison.Ordinal)
            .Replace("${NeededAttribute}", "sequenceNo", StringComparison.Ordinal)
            .Replace("${Partition}", "aws", StringComparison.Ordinal)
            .Replace("${StackLabel}", "disa", StringComparison.Ordinal)
            .Replace("${ProcessFunctionArn}", "arn:aws:lambda:us-east-1:000000000000:function:none", StringComparison.Ordinal)
            .Replace("${RetryFunctionArn}", "arn:aws:lambda:us-east-1:000000000000:function:neither", StringComparison.Ordinal);
        var machine = await Create(definition);

        var execution = await Start(machine, """{"items":[{"key":{"sequenceNo":{"S":"1"}},"seenAt":"2026-11-25T06:30:00.000Z"}]}""");
        await cloud.Clock.Advance(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(10));

        var description = await cloud.Json("states", "AWSStepFunctions.DescribeExecution", $$"""{"executionArn":"{{execution}}"}""");
        Assert.Equal("SUCCEEDED", description.GetProperty("status").GetString());
        var item = (
            await cloud.Json("dynamodb", "DynamoDB_20120810.GetItem", """{"TableName":"messages","Key":{"sequenceNo":{"S":"1"}}}""")
        ).GetProperty("Item");
        Assert.Equal("Failure", item.GetProperty("sendStatus").GetProperty("S").GetString());
        Assert.Equal(
            "Lambda.ResourceNotFoundException",
            item.GetProperty("sendError").GetProperty("M").GetProperty("code").GetProperty("S").GetString()
        );
    }

    private static string Dispatcher([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../dispatcher/state-machine/state-machine.json"));

    private async Task CreateTable(string name, string key)
    {
        await cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.CreateTable",
            $$"""{"TableName":"{{name}}","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"{{key}}","KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"{{key}}","AttributeType":"S"}]}"""
        );
        await cloud.Clock.Advance(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
    }

    private async Task<string> Create(string definition, string more = "") =>
        (
            await cloud.Json(
                "states",
                "AWSStepFunctions.CreateStateMachine",
                $$"""{"name":"m{{Guid.NewGuid():N}}",{{more}}"roleArn":"{{Bench.Role}}","definition":{{Bench.Quote(definition)}}}"""
            )
        )
            .GetProperty("stateMachineArn")
            .GetString()!;

    private async Task<string> Start(string machine, string input) =>
        (
            await cloud.Json(
                "states",
                "AWSStepFunctions.StartExecution",
                $$"""{"stateMachineArn":"{{machine}}","input":{{Bench.Quote(input)}}}"""
            )
        )
            .GetProperty("executionArn")
            .GetString()!;

    /// <summary>The output of a machine of this one state.</summary>
    private async Task<JsonElement> Run(string state, string input = "{}")
    {
        var second = state.Contains("\"Z\"", StringComparison.Ordinal) ? ",\"Z\":{\"Type\":\"Succeed\"}" : "";
        var execution = await Start(await Create("{\"StartAt\":\"A\",\"States\":{\"A\":" + state + second + "}}"), input);
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        var description = await cloud.Json("states", "AWSStepFunctions.DescribeExecution", $$"""{"executionArn":"{{execution}}"}""");
        Assert.Equal("SUCCEEDED", description.GetProperty("status").GetString());
        return JsonElement.Parse(description.GetProperty("output").GetString()!);
    }
}
