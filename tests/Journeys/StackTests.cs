using System.Text.Json;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace Disa.Journeys;

/// <summary>CloudFormation driven by the AWS CLI: our root template with every allowed value, and a stack that nobody here deploys otherwise.</summary>
public sealed class StackTests(SharedDisa shared, ITestOutputHelper output) : IClassFixture<SharedDisa>
{
    private RunningDisa Disa => shared.Disa;

    [Theory]
    [InlineData("S", "sequenceNo", "devl", "{\"S\": \"k1\"}")]
    [InlineData("N", "orderNumber", "test", "{\"N\": \"1001\"}")]
    [InlineData("B", "digest", "prod", "{\"B\": \"AAEC/w==\"}")]
    public async Task The_root_template_works_with_each_key_type_and_environment(string type, string name, string environment, string key)
    {
        var stack = $"disa-{environment}-{type}".ToLowerInvariant();
        var bootstrap = await Outputs("disa-bootstrap");
        await Aws(
            "cloudformation",
            "create-stack",
            "--stack-name",
            stack,
            "--capabilities",
            "CAPABILITY_NAMED_IAM",
            "--template-url",
            $"https://{bootstrap["ArtifactBucket"]}.s3.us-east-1.amazonaws.com/0066-disa/cft/disa-root-stack.yaml",
            "--parameters",
            $"ParameterKey=Environment,ParameterValue={environment}",
            $"ParameterKey=PartitionKeyName,ParameterValue={name}",
            $"ParameterKey=PartitionKeyType,ParameterValue={type}",
            $"ParameterKey=ArtifactBucket,ParameterValue={bootstrap["ArtifactBucket"]}",
            $"ParameterKey=KeyArn,ParameterValue={bootstrap["KeyArn"]}"
        );
        Assert.Equal("CREATE_COMPLETE", await Ended(stack));

        var outputs = await Outputs(stack);
        var item = $"{{\"{name}\": {key}, \"message\": {{\"S\": \"Key of type {type}.\"}}}}";
        await Aws("dynamodb", "put-item", "--table-name", outputs["TableName"], "--item", item);
        var status = "";
        for (var tries = 0; tries < 200 && status.Length == 0; tries++)
        {
            var found = await Aws(
                "dynamodb",
                "get-item",
                "--table-name",
                outputs["TableName"],
                "--key",
                $"{{\"{name}\": {key}}}",
                "--consistent-read"
            );
            status = found.GetProperty("Item").TryGetProperty("sendStatus", out var sent) ? sent.GetProperty("S").GetString()! : "";
        }

        Assert.Equal("Successful", status);

        await Aws("cloudformation", "delete-stack", "--stack-name", stack);
        Assert.Equal("gone", await Ended(stack));
        await NothingIsLeftOf(stack);
    }

    [Fact]
    public async Task A_FIFO_topic_keeps_the_order_of_a_group_and_takes_its_ids_from_the_items()
    {
        const string stack = "disa-fifo";
        var bootstrap = await Outputs("disa-bootstrap");
        await Aws(
            "cloudformation",
            "create-stack",
            "--stack-name",
            stack,
            "--capabilities",
            "CAPABILITY_NAMED_IAM",
            "--template-url",
            $"https://{bootstrap["ArtifactBucket"]}.s3.us-east-1.amazonaws.com/0066-disa/cft/disa-root-stack.yaml",
            "--parameters",
            "ParameterKey=TopicType,ParameterValue=FIFO",
            $"ParameterKey=ArtifactBucket,ParameterValue={bootstrap["ArtifactBucket"]}",
            $"ParameterKey=KeyArn,ParameterValue={bootstrap["KeyArn"]}"
        );
        Assert.Equal("CREATE_COMPLETE", await Ended(stack));
        var outputs = await Outputs(stack);
        const string policy =
            """{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}""";
        var queue = (
            await Aws(
                "sqs",
                "create-queue",
                "--queue-name",
                "received.fifo",
                "--attributes",
                $$"""{"FifoQueue": "true", "Policy": "{{policy}}"}"""
            )
        )
            .GetProperty("QueueUrl")
            .GetString()!;
        await Aws(
            "sns",
            "subscribe",
            "--topic-arn",
            outputs["TopicArn"],
            "--protocol",
            "sqs",
            "--notification-endpoint",
            "arn:aws:sqs:us-east-1:000000000000:received.fifo",
            "--attributes",
            "RawMessageDelivery=true"
        );

        var texts = Enumerable.Range(1, 12).Select(i => $"In order {i}.").ToList();
        for (var i = 0; i < texts.Count; i += 4)
        {
            var writes = texts
                .Skip(i)
                .Take(4)
                .Select(
                    (text, n) =>
                        $$"""{"PutRequest": {"Item": {"sequenceNo": {"S": "o-{{i + n}}"}, "message": {"S": "{{text}}"}, "messageGroupId": {"S": "orders"}, "messageDeduplicationId": {"S": "d-{{i + n}}"} } } }"""
                );
            await Aws(
                "dynamodb",
                "batch-write-item",
                "--request-items",
                $$"""{"{{outputs["TableName"]}}": [{{string.Join(',', writes)}}]}"""
            );
        }

        using var sqs = new AmazonSQSClient(RunningDisa.Credentials, Disa.Configure(new AmazonSQSConfig()));
        var received = new List<Message>();
        for (var tries = 0; tries < 60 && received.Count < texts.Count; tries++)
        {
            var answer = await sqs.ReceiveMessageAsync(
                new ReceiveMessageRequest(queue)
                {
                    MaxNumberOfMessages = 10,
                    WaitTimeSeconds = 5,
                    MessageSystemAttributeNames = ["All"],
                }
            );
            foreach (var message in answer.Messages ?? [])
            {
                received.Add(message);
                await sqs.DeleteMessageAsync(queue, message.ReceiptHandle);
            }
        }

        Assert.Equal(texts.Order(StringComparer.Ordinal), received.Select(message => message.Body).Order(StringComparer.Ordinal));
        Assert.All(received, message => Assert.Equal("orders", message.Attributes["MessageGroupId"]));
        Assert.Contains(received, message => message.Attributes["MessageDeduplicationId"] == "d-7");
        await Aws("sqs", "delete-queue", "--queue-url", queue);
        await Aws("cloudformation", "delete-stack", "--stack-name", stack);
        Assert.Equal("gone", await Ended(stack));
        await NothingIsLeftOf(stack);
    }

    /// <summary>The i-th stack takes the i-th allowed value of every parameter, so that all of them together (<c>DISA_TESTS=all</c>) take all; of the many log retentions the first, and all of them in a stack of log groups.</summary>
    [Fact]
    public async Task Every_allowed_value_of_every_parameter_makes_a_stack()
    {
        var bootstrap = await Outputs("disa-bootstrap");
        var url = $"https://{bootstrap["ArtifactBucket"]}.s3.us-east-1.amazonaws.com/0066-disa/cft/disa-root-stack.yaml";
        var allowed = (await Aws("cloudformation", "get-template-summary", "--template-url", url))
            .GetProperty("Parameters")
            .EnumerateArray()
            .Where(parameter =>
                parameter.TryGetProperty("ParameterConstraints", out var constraints) && constraints.TryGetProperty("AllowedValues", out _)
            )
            .ToDictionary(
                parameter => parameter.GetProperty("ParameterKey").GetString()!,
                parameter =>
                    parameter
                        .GetProperty("ParameterConstraints")
                        .GetProperty("AllowedValues")
                        .EnumerateArray()
                        .Select(value => value.GetString()!)
                        .ToList()
            );
        Assert.True(allowed.Remove("KeepData"), "kept tables stay when their stack goes: see DeployTests");
        Assert.Contains("PartitionKeyType", allowed.Keys);
        Assert.Contains("Environment", allowed.Keys);

        var days = allowed["LogRetentionDays"];
        var most = allowed.Values.Where(values => values != days).Max(values => values.Count);
        var drawn = Sample.Of([.. Enumerable.Range(0, most)], 3, output.WriteLine);
        var stacks = drawn.Select(i => $"allowed-{i}").ToList();
        stacks.Add("allowed-days");
        await Aws(
            "cloudformation",
            "create-stack",
            "--stack-name",
            "allowed-days",
            "--template-body",
            JsonSerializer.Serialize(
                new
                {
                    Resources = days.ToDictionary(
                        value => $"Days{value}",
                        value => new { Type = "AWS::Logs::LogGroup", Properties = new { RetentionInDays = value } }
                    ),
                }
            )
        );
        var few = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        await Parallel.ForEachAsync(
            drawn,
            few,
            async (i, _) =>
                await Aws([
                    "cloudformation",
                    "create-stack",
                    "--stack-name",
                    $"allowed-{i}",
                    "--capabilities",
                    "CAPABILITY_NAMED_IAM",
                    "--template-url",
                    url,
                    "--parameters",
                    $"ParameterKey=ArtifactBucket,ParameterValue={bootstrap["ArtifactBucket"]}",
                    $"ParameterKey=KeyArn,ParameterValue={bootstrap["KeyArn"]}",
                    .. allowed.Select(parameter =>
                        $"ParameterKey={parameter.Key},ParameterValue={parameter.Value[i % parameter.Value.Count]}"
                    ),
                ])
        );
        foreach (var stack in stacks)
        {
            Assert.Equal("CREATE_COMPLETE", await Ended(stack));
        }

        await Parallel.ForEachAsync(stacks, few, async (stack, _) => await Aws("cloudformation", "delete-stack", "--stack-name", stack));
        foreach (var stack in stacks)
        {
            Assert.Equal("gone", await Ended(stack));
        }

        await NothingIsLeftOf("allowed");
    }

    [Fact]
    public async Task A_stack_of_somebody_else_with_Python_functions_works_and_goes()
    {
        Assert.SkipWhen(Program.OnPath("python3") is null, "python3 is not on PATH.");
        const string stack = "somebody-else";
        var template = Path.Combine(AppContext.BaseDirectory, "somebody-else.yaml");
        await Aws(
            "cloudformation",
            "create-stack",
            "--stack-name",
            stack,
            "--capabilities",
            "CAPABILITY_IAM",
            "--template-body",
            "file://" + template
        );
        await Aws("cloudformation", "wait", "stack-create-complete", "--stack-name", stack);
        var outputs = await Outputs(stack);

        await Aws(
            "dynamodb",
            "put-item",
            "--table-name",
            outputs["Table"],
            "--item",
            """{"pk": {"S": "a"}, "sk": {"N": "1"}, "text": {"S": "hello"}}"""
        );
        var body = "";
        for (var tries = 0; tries < 10 && body.Length == 0; tries++)
        {
            var received = await Aws("sqs", "receive-message", "--queue-url", outputs["Queue"], "--wait-time-seconds", "5");
            body =
                received.ValueKind == JsonValueKind.Object && received.TryGetProperty("Messages", out var messages)
                    ? messages[0].GetProperty("Body").GetString()!
                    : "";
        }

        Assert.Contains("HELLO", body, StringComparison.Ordinal);

        await Aws("cloudformation", "delete-stack", "--stack-name", stack);
        await Aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", stack);
        await NothingIsLeftOf(stack, exceptLogs: true);
    }

    [Fact]
    public async Task A_template_with_an_error_rolls_back_and_the_events_say_why()
    {
        const string stack = "wrong";
        const string template = """
            {"Resources": {
              "Queue": {"Type": "AWS::SQS::Queue"},
              "Function": {"Type": "AWS::Lambda::Function", "DependsOn": "Queue", "Properties": {
                "Role": "arn:aws:iam::000000000000:role/there-is-none", "Runtime": "python3.12", "Handler": "index.handler", "Code": {"ZipFile": "def handler(e, c): pass"}}}}}
            """;
        await Aws("cloudformation", "create-stack", "--stack-name", stack, "--template-body", template);

        Assert.Equal("ROLLBACK_COMPLETE", await Ended(stack));
        var events = (await Aws("cloudformation", "describe-stack-events", "--stack-name", stack))
            .GetProperty("StackEvents")
            .EnumerateArray()
            .ToList();
        var failed = events.Single(entry => entry.GetProperty("ResourceStatus").GetString() == "CREATE_FAILED");
        Assert.Contains("role", failed.GetProperty("ResourceStatusReason").GetString(), StringComparison.OrdinalIgnoreCase);
        await NothingIsLeftOf(stack);
    }

    /// <param name="stack">Its name is in the name of everything it made.</param>
    /// <param name="exceptLogs">Log groups that Lambda made by itself are no resources of the stack, and stay, as on AWS.</param>
    private async Task NothingIsLeftOf(string stack, bool exceptLogs = false)
    {
        var tables = await Aws("dynamodb", "list-tables");
        var functions = await Aws("lambda", "list-functions");
        var roles = await Aws("iam", "list-roles");
        var topics = await Aws("sns", "list-topics");
        var queues = await Aws("sqs", "list-queues");
        var alarms = await Aws("cloudwatch", "describe-alarms");
        var rules = await Aws("events", "list-rules");
        var schedules = await Aws("scheduler", "list-schedules");
        var machines = await Aws("stepfunctions", "list-state-machines");
        var groups = await Aws("logs", "describe-log-groups");
        foreach (
            var (what, left) in new Dictionary<string, JsonElement>
            {
                ["tables"] = tables,
                ["functions"] = functions,
                ["roles"] = roles,
                ["topics"] = topics,
                ["queues"] = queues,
                ["alarms"] = alarms,
                ["rules"] = rules,
                ["schedules"] = schedules,
                ["machines"] = machines,
                ["log groups"] = groups,
            }
        )
        {
            Assert.False(
                !(exceptLogs && what == "log groups")
                    && left.ValueKind == JsonValueKind.Object
                    && left.GetRawText().Contains(stack + "-", StringComparison.Ordinal),
                $"{what} of {stack} are left: {left}"
            );
        }
    }

    /// <summary>The status in which the stack's operation ended, or "gone". The CLI's own waiters look every 30 seconds only.</summary>
    private async Task<string> Ended(string stack)
    {
        while (true)
        {
            var described = await Disa.Aws("cloudformation", "describe-stacks", "--stack-name", stack);
            if (described.ExitCode != 0)
            {
                Assert.Contains("does not exist", described.Error, StringComparison.Ordinal);
                return "gone";
            }

            var status = JsonElement.Parse(described.Output).GetProperty("Stacks")[0].GetProperty("StackStatus").GetString()!;
            if (!status.EndsWith("_IN_PROGRESS", StringComparison.Ordinal))
            {
                return status;
            }
        }
    }

    private async Task<Dictionary<string, string>> Outputs(string stack)
    {
        var described = await Aws("cloudformation", "describe-stacks", "--stack-name", stack);
        return described
            .GetProperty("Stacks")[0]
            .GetProperty("Outputs")
            .EnumerateArray()
            .ToDictionary(output => output.GetProperty("OutputKey").GetString()!, output => output.GetProperty("OutputValue").GetString()!);
    }

    private async Task<JsonElement> Aws(params string[] arguments)
    {
        var ended = await Disa.Aws(arguments);
        Assert.True(ended.ExitCode == 0, $"{string.Join(' ', arguments)}: {ended.Error}");
        return ended.Output.Trim().Length == 0 ? default : JsonElement.Parse(ended.Output);
    }
}
