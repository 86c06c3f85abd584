using Amazon.SQS.Model;

namespace Disa.LocalAwsTests;

/// <summary>Functions whose code is in the test's own process.</summary>
public sealed class FunctionTests
{
    private const string Worker = """
        Resources:
          Queue: { Type: AWS::SQS::Queue, Properties: { QueueName: work, VisibilityTimeout: 60, RedrivePolicy: { deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 1 } } }
          Dead: { Type: AWS::SQS::Queue, Properties: { QueueName: dead } }
          Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: worker } }
        Outputs:
          Queue: { Value: !Ref Queue }
          Dead: { Value: !Ref Dead }
        """;

    public sealed record Event(IReadOnlyList<Record> Records);

    public sealed record Record(string Body);

    [Fact]
    public async Task A_handler_of_the_test_gets_what_the_queue_holds()
    {
        await using var aws = await LocalAws.StartAsync();
        var received = new List<string>();
        await aws.AddFunctionAsync<Event>(
            "worker",
            (message, _) =>
            {
                received.AddRange(message.Records.Select(record => record.Body));
                return Task.CompletedTask;
            }
        );
        var stack = await aws.DeployTemplateAsync(Worker, "worker");
        using var sqs = LocalAwsTests.Sqs(aws);

        await sqs.SendMessageAsync(stack.Outputs["Queue"], "hello");
        await aws.SettledAsync();

        Assert.Equal(["hello"], received);
        Assert.Null(aws.Endpoint);
        var log = await aws.LogsAsync("/aws/lambda/worker");
        Assert.StartsWith("START RequestId: ", log[0].Message, StringComparison.Ordinal);
        Assert.StartsWith("REPORT RequestId: ", log[^1].Message, StringComparison.Ordinal);
        Assert.Empty(await aws.LogsAsync("/aws/lambda/nobody"));
    }

    [Fact]
    public async Task A_second_function_of_a_name_is_refused_and_leaves_the_first_its_handler()
    {
        await using var aws = await LocalAws.StartAsync();
        var received = new List<string>();
        await aws.AddFunctionAsync<Event>(
            "worker",
            (message, _) =>
            {
                received.AddRange(message.Records.Select(record => record.Body));
                return Task.CompletedTask;
            }
        );
        var conflict = await Assert.ThrowsAsync<LocalAwsException>(() =>
            aws.AddFunctionAsync<Event>("worker", (_, _) => throw new InvalidOperationException("the second"))
        );
        Assert.Equal("ResourceConflictException", conflict.Code);
        var stack = await aws.DeployTemplateAsync(Worker, "worker");
        using var sqs = LocalAwsTests.Sqs(aws);

        await sqs.SendMessageAsync(stack.Outputs["Queue"], "to the first");
        await aws.SettledAsync();

        Assert.Equal(["to the first"], received);
    }

    [Fact]
    public async Task What_a_handler_throws_is_the_functions_error()
    {
        await using var aws = await LocalAws.StartAsync();
        await aws.AddFunctionAsync<Event>("worker", (_, _) => throw new InvalidOperationException("not today"));
        var stack = await aws.DeployTemplateAsync(Worker, "worker");
        using var sqs = LocalAwsTests.Sqs(aws);

        await sqs.SendMessageAsync(stack.Outputs["Queue"], "poison");
        await aws.SettledAsync();
        await aws.Time.AdvanceAsync(TimeSpan.FromMinutes(2));
        await aws.SettledAsync();

        Assert.Equal("poison", Assert.Single((await sqs.ReceiveMessageAsync(stack.Outputs["Dead"])).Messages).Body);
        Assert.Contains(
            await aws.LogsAsync("/aws/lambda/worker"),
            line => line.Message.Contains("\"errorType\":\"InvalidOperationException\"", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_handler_takes_the_place_of_a_function_that_a_template_makes()
    {
        await using var aws = await LocalAws.StartAsync();
        aws.HandleFunction<Event, string>("declared", (_, _) => Task.FromResult("from the test"));
        var stack = await aws.DeployTemplateAsync(
            """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: { Effect: Allow, Principal: { Service: [lambda.amazonaws.com, states.amazonaws.com] }, Action: sts:AssumeRole }
                  Policies:
                    - { PolicyName: all, PolicyDocument: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "*", Resource: "*" } } }
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: declared
                  Runtime: python3.12
                  Handler: index.handler
                  Role: !GetAtt Role.Arn
                  Code: { ZipFile: "def handler(event, context): return 'from the template'" }
              Machine:
                Type: AWS::StepFunctions::StateMachine
                Properties:
                  StateMachineName: calls
                  RoleArn: !GetAtt Role.Arn
                  Definition:
                    StartAt: Call
                    States: { Call: { Type: Task, Resource: !GetAtt Function.Arn, End: true } }
              Schedule:
                Type: AWS::Scheduler::Schedule
                Properties:
                  FlexibleTimeWindow: { Mode: "OFF" }
                  ScheduleExpression: rate(1 hour)
                  Target: { Arn: !Ref Machine, RoleArn: !GetAtt SchedulerRole.Arn }
              SchedulerRole:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: { Effect: Allow, Principal: { Service: scheduler.amazonaws.com }, Action: sts:AssumeRole }
                  Policies:
                    - { PolicyName: all, PolicyDocument: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "*", Resource: "*" } } }
            """,
            "declared"
        );
        await aws.SettledAsync();
        await aws.Time.AdvanceAsync(TimeSpan.FromHours(1));
        await aws.SettledAsync();

        var execution = (await aws.ExecutionsAsync("calls"))[0];
        Assert.Equal("\"from the test\"", execution.Output);
    }

    [Fact]
    public async Task A_function_of_a_template_runs_as_a_process_and_reaches_the_emulator()
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator)
                .Any(path => File.Exists(Path.Combine(path, "python3"))),
            "python3 is not on PATH"
        );
        await using var aws = await LocalAws.StartAsync();
        await aws.DeployTemplateAsync(
            """
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  AssumeRolePolicyDocument:
                    Version: "2012-10-17"
                    Statement: { Effect: Allow, Principal: { Service: [lambda.amazonaws.com, sqs.amazonaws.com] }, Action: sts:AssumeRole }
                  Policies:
                    - { PolicyName: all, PolicyDocument: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "*", Resource: "*" } } }
              Queue: { Type: AWS::SQS::Queue }
              Function:
                Type: AWS::Lambda::Function
                Properties:
                  FunctionName: asks
                  Runtime: python3.12
                  Handler: index.handler
                  Timeout: 30
                  Role: !GetAtt Role.Arn
                  Environment: { Variables: { QUEUE: !Ref Queue } }
                  Code:
                    ZipFile: |
                      import os, urllib.request
                      def handler(event, context):
                          print(os.environ['QUEUE'].startswith(os.environ['AWS_ENDPOINT_URL']))
                          print(urllib.request.urlopen(os.environ['AWS_ENDPOINT_URL'] + '/_disa/health').status)
              Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Function } }
            """,
            "process"
        );
        using var sqs = LocalAwsTests.Sqs(aws);
        await aws.SettledAsync();
        await sqs.SendMessageAsync((await sqs.ListQueuesAsync(new ListQueuesRequest())).QueueUrls[0], "ask");
        await aws.SettledAsync();

        var log = await aws.LogsAsync("/aws/lambda/asks");
        Assert.Contains(log, line => line.Message == "True\n");
        Assert.Contains(log, line => line.Message == "200\n");
        Assert.NotNull(aws.Endpoint);
    }

    [Fact]
    public async Task Streams_functions_topics_and_mails_are_settled_in_one_wait()
    {
        await using var aws = await LocalAws.StartAsync();
        var seen = new List<string>();
        await aws.AddFunctionAsync(
            "reads",
            (invocation, _) =>
            {
                invocation.Log("a line of its own");
                seen.Add(System.Text.Encoding.UTF8.GetString(invocation.Payload.Span));
                return Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray());
            }
        );
        await aws.DeployAsync("orders.yaml", new { Stage = "test" });
        await aws.DeployTemplateAsync(
            """
            Parameters: { Stream: { Type: String } }
            Resources:
              Mapping: { Type: AWS::Lambda::EventSourceMapping, Properties: { EventSourceArn: !Ref Stream, FunctionName: reads, StartingPosition: TRIM_HORIZON } }
            """,
            "mapping",
            new Dictionary<string, string> { ["Stream"] = await StreamOf(aws) }
        );
        using var dynamo = LocalAwsTests.Dynamo(aws);
        await dynamo.PutItemAsync("orders-test", LocalAwsTests.Item("7", "an order"));
        await aws.SettledAsync();

        Assert.Contains("an order", Assert.Single(seen), StringComparison.Ordinal);
        Assert.Contains(await aws.LogsAsync("/aws/lambda/reads"), line => line.Message == "a line of its own\n");
        var asks = Assert.Single(aws.Mailbox);
        Assert.Equal("reader@example.com", asks.To);
        Assert.Contains("Subscription Confirmation", asks.Subject, StringComparison.Ordinal);

        static async Task<string> StreamOf(LocalAws aws)
        {
            using var dynamo = LocalAwsTests.Dynamo(aws);
            return (await dynamo.DescribeTableAsync("orders-test")).Table.LatestStreamArn;
        }
    }

    [Fact]
    public async Task A_handler_that_takes_too_long_is_timed_out()
    {
        await using var aws = await LocalAws.StartAsync();
        var told = new TaskCompletionSource();
        await aws.AddFunctionAsync(
            "worker",
            async (_, cancellation) =>
            {
                await using var _2 = cancellation.Register(told.SetResult);
                await told.Task;
                return default;
            },
            new FunctionOptions { Timeout = TimeSpan.FromSeconds(1) }
        );
        var stack = await aws.DeployTemplateAsync(Worker, "worker");
        using var sqs = LocalAwsTests.Sqs(aws);

        await sqs.SendMessageAsync(stack.Outputs["Queue"], "slow");
        await told.Task;
        await aws.SettledAsync();

        Assert.Contains(
            await aws.LogsAsync("/aws/lambda/worker"),
            line => line.Message.Contains("Task timed out after 1.00 seconds", StringComparison.Ordinal)
        );
    }
}
