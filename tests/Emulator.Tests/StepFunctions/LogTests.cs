using System.Text.Json;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>What a state machine leaves in its log group.</summary>
/// <remarks>
/// localstack/localstack, stepfunctions/v2/logs/test_logs.py and test_logs.snapshot.json, recorded on AWS: the tests wait until there are
/// two streams, take the last one by name, and find there the events of three executions, one after the other.
/// </remarks>
public sealed class LogTests : IAsyncLifetime
{
    private const string Group = "/aws/vendedlogs/states/m";
    private const string Validation = "log_stream_created_by_aws_to_validate_log_delivery_subscriptions";
    private TestCloud cloud = null!;

    public async ValueTask InitializeAsync()
    {
        cloud = await TestCloud.Start();
        await Call("logs", "Logs_20140328.CreateLogGroup", $$"""{"logGroupName":"{{Group}}"}""");
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task Executions_of_one_machine_share_a_stream_and_tell_their_events_in_order()
    {
        var machine = await Create("ALL");
        for (var i = 0; i < 3; i++)
        {
            await Call("states", "AWSStepFunctions.StartExecution", $$"""{"stateMachineArn":"{{machine}}"}""");
            await cloud.Clock.Settle(TimeSpan.FromSeconds(10));
        }

        var streams = await Streams();

        Assert.Equal([Validation, streams[^1]], streams);
        Assert.StartsWith("states/m/", streams[^1]);
        string[] one = ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"];
        Assert.Equal(
            [.. one, .. one, .. one],
            (await Messages(streams[^1])).Select(line => JsonElement.Parse(line).GetProperty("type").GetString())
        );
    }

    [Fact]
    public async Task A_delivery_that_begins_says_so_in_a_stream_of_its_own()
    {
        var machine = await Create("OFF");
        Assert.Empty(await Streams());

        await Call(
            "states",
            "AWSStepFunctions.UpdateStateMachine",
            $$"""{"stateMachineArn":"{{machine}}","loggingConfiguration":{{Logging("FATAL")}}}"""
        );

        Assert.Equal([Validation], await Streams());
        Assert.Equal(
            ["Permissions are set correctly to allow AWS CloudWatch Logs to write into your logs while creating a subscription."],
            await Messages(Validation)
        );
    }

    private static string Logging(string level) =>
        $$$"""{"level":"{{{level}}}","destinations":[{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:000000000000:log-group:{{{Group}}}:*"}}]}""";

    private async Task<string> Create(string level)
    {
        var definition = Bench.Quote("""{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""");
        var created = await Call(
            "states",
            "AWSStepFunctions.CreateStateMachine",
            $$"""{"name":"m","definition":{{definition}},"roleArn":"{{Bench.Role}}","loggingConfiguration":{{Logging(level)}}}"""
        );
        return created.GetProperty("stateMachineArn").GetString()!;
    }

    private async Task<List<string>> Streams()
    {
        var found = await Call("logs", "Logs_20140328.DescribeLogStreams", $$"""{"logGroupName":"{{Group}}"}""");
        return [.. found.GetProperty("logStreams").EnumerateArray().Select(stream => stream.GetProperty("logStreamName").GetString()!)];
    }

    private async Task<List<string>> Messages(string stream)
    {
        var found = await Call(
            "logs",
            "Logs_20140328.GetLogEvents",
            $$"""{"logGroupName":"{{Group}}","logStreamName":"{{stream}}","startFromHead":true}"""
        );
        return [.. found.GetProperty("events").EnumerateArray().Select(line => line.GetProperty("message").GetString()!)];
    }

    private Task<JsonElement> Call(string service, string operation, string request) => cloud.Json(service, operation, request);
}
