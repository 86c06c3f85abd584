using System.Text.Json;

namespace Disa.Emulator.Tests.StepFunctions;

public sealed class CallbackTests
{
    [Fact]
    public async Task A_token_that_went_through_a_queue_ends_the_task()
    {
        await using var cloud = await TestCloud.Start();
        var (execution, token) = await Ask(cloud);

        await cloud.Json("states", "AWSStepFunctions.SendTaskHeartbeat", $$"""{"taskToken":"{{token}}"}""");
        await cloud.Json("states", "AWSStepFunctions.SendTaskSuccess", $$"""{"taskToken":"{{token}}","output":"\"answer\""}""");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var description = await cloud.Json("states", "AWSStepFunctions.DescribeExecution", $$"""{"executionArn":"{{execution}}"}""");
        Assert.Equal("\"answer\"", description.GetProperty("output").GetString());
        var late = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Json("states", "AWSStepFunctions.SendTaskSuccess", $$"""{"taskToken":"{{token}}","output":"1"}""")
        );
        Assert.Contains("TaskTimedOut", late.Body);
        var wrong = await Assert.ThrowsAsync<TestAwsException>(() =>
            cloud.Json("states", "AWSStepFunctions.SendTaskSuccess", """{"taskToken":"bogus","output":"1"}""")
        );
        Assert.Contains("InvalidToken", wrong.Body);
    }

    [Fact]
    public async Task A_failure_sent_back_fails_the_task()
    {
        await using var cloud = await TestCloud.Start();
        var (execution, token) = await Ask(cloud);

        await cloud.Json(
            "states",
            "AWSStepFunctions.SendTaskFailure",
            $$"""{"taskToken":"{{token}}","error":"Failure error","cause":"Failure cause"}"""
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var history = await cloud.Json("states", "AWSStepFunctions.GetExecutionHistory", $$"""{"executionArn":"{{execution}}"}""");
        Assert.Equal(
            ["TaskSubmitted", "TaskFailed", "ExecutionFailed"],
            history.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("type").GetString()).Skip(4)
        );
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_an_error_of_SQS()
    {
        await using var cloud = await TestCloud.Start();
        var execution = await Start(cloud, "http://127.0.0.1/000000000000/none", "sqs:sendMessage");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));

        var description = await cloud.Json("states", "AWSStepFunctions.DescribeExecution", $$"""{"executionArn":"{{execution}}"}""");
        Assert.Equal("SQS.QueueDoesNotExistException", description.GetProperty("error").GetString());
    }

    private static async Task<(string Execution, string Token)> Ask(TestCloud cloud)
    {
        var queue = (await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"q"}""")).GetProperty("QueueUrl").GetString()!;
        var execution = await Start(cloud, queue, "sqs:sendMessage.waitForTaskToken");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        var received = await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", $$"""{"QueueUrl":"{{queue}}"}""");
        var body = JsonElement.Parse(received.GetProperty("Messages")[0].GetProperty("Body").GetString()!);
        return (execution, body.GetProperty("token").GetString()!);
    }

    private static async Task<string> Start(TestCloud cloud, string queue, string resource)
    {
        var definition =
            $$$"""{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::{{{resource}}}","Parameters":{"QueueUrl":"{{{queue}}}","MessageBody":{"token.$":"{{{(resource.EndsWith("Token", StringComparison.Ordinal) ? "$$.Task.Token" : "$$.Execution.Id")}}}"} },"End":true} } }""";
        var machine = await cloud.Json(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            $$"""{"name":"m","roleArn":"{{Bench.Role}}","definition":{{Bench.Quote(definition)}}}"""
        );
        var started = await cloud.Json(
            "states",
            "AWSStepFunctions.StartExecution",
            $$"""{"stateMachineArn":"{{machine.GetProperty("stateMachineArn").GetString()}}"}"""
        );
        return started.GetProperty("executionArn").GetString()!;
    }
}
