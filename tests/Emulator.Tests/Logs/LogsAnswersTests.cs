using System.Text.Json;

namespace Disa.Emulator.Tests.Logs;

/// <summary>Answers that CloudWatch Logs gives word for word: recorded on AWS.</summary>
public sealed class LogsAnswersTests
{
    private const string Group = "arn:aws:logs:us-east-1:000000000000:log-group:g";

    [Fact]
    public async Task Only_a_stream_with_events_has_a_sequence_token()
    {
        await using var cloud = await TestCloud.Start();
        await Call(cloud, "CreateLogGroup", """{"logGroupName":"g"}""");
        await Call(cloud, "CreateLogStream", """{"logGroupName":"g","logStreamName":"s"}""");
        async Task<bool> HasToken() =>
            (await Call(cloud, "DescribeLogStreams", """{"logGroupName":"g"}"""))
                .GetProperty("logStreams")[0]
                .TryGetProperty("uploadSequenceToken", out _);

        Assert.False(await HasToken());
        await Call(
            cloud,
            "PutLogEvents",
            $$"""{"logGroupName":"g","logStreamName":"s","logEvents":[{"timestamp":{{cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds()}},"message":"x"}]}"""
        );
        Assert.True(await HasToken());
    }

    [Theory]
    [InlineData(
        "DescribeLogStreams",
        """{"logGroupName":"g","logGroupIdentifier":"g"}""",
        "ValidationException",
        "LogGroup name and LogGroup ARN are mutually exclusive parameters."
    )]
    [InlineData(
        "FilterLogEvents",
        """{"logGroupName":"g","logGroupIdentifier":"g"}""",
        "ValidationException",
        "LogGroup name and LogGroup ARN are mutually exclusive parameters."
    )]
    [InlineData(
        "DescribeLogStreams",
        $$"""{"logGroupIdentifier":"{{Group}}:*"}""",
        "InvalidParameterException",
        $@"1 validation error detected: Value '{Group}:*' at 'logGroupIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w#+=/:,.@-]*"
    )]
    [InlineData(
        "GetLogEvents",
        $$"""{"logGroupIdentifier":"{{Group}}:*","logStreamName":"s"}""",
        "InvalidParameterException",
        $@"1 validation error detected: Value '{Group}:*' at 'logGroupIdentifier' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w#+=/:,.@-]*"
    )]
    public async Task A_group_is_named_in_one_way(string operation, string body, string type, string message)
    {
        await using var cloud = await TestCloud.Start();

        var error = JsonElement.Parse((await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, operation, body))).Body);

        Assert.Equal((type, message), (error.GetProperty("__type").GetString(), error.GetProperty("message").GetString()));
    }

    private static Task<JsonElement> Call(TestCloud cloud, string operation, string body) =>
        cloud.Json("logs", "Logs_20140328." + operation, body);
}
