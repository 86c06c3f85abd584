using System.Text.Json;

namespace Disa.Emulator.Tests.Lambda;

/// <summary>A table's stream, through a mapping, to a real function.</summary>
public sealed class StreamMappingTests
{
    private const string PrintKeys = """
        import json
        def handler(event, context):
            print("KEYS " + ",".join(r["dynamodb"]["Keys"]["id"]["S"] for r in event["Records"]))
            print("RECORD " + json.dumps(event["Records"][0]))
        """;

    [Fact]
    public async Task An_insert_reaches_the_function_and_an_update_is_filtered_out()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython("taker", PrintKeys);
        var stream = await cloud.CreateTable("messages");
        await cloud.CreateMapping(
            "taker",
            stream,
            """ "StartingPosition":"TRIM_HORIZON","FilterCriteria":{"Filters":[{"Pattern":"{\"eventName\":[\"INSERT\"]}"}]} """
        );

        await cloud.Put("messages", "one", "hello");
        await cloud.Put("messages", "one", "changed");
        await cloud.Put("messages", "two", "world");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));

        var keys = string.Join(",", (await cloud.LogMessages("taker", "KEYS")).Select(line => line[5..].TrimEnd()));
        Assert.Equal("one,two", keys);
        var record = JsonElement.Parse((await cloud.LogMessages("taker", "RECORD"))[0][7..]);
        Assert.Equal("INSERT", record.GetProperty("eventName").GetString());
        Assert.Equal("aws:dynamodb", record.GetProperty("eventSource").GetString());
        Assert.Equal(stream, record.GetProperty("eventSourceARN").GetString());
        Assert.Equal("hello", record.GetProperty("dynamodb").GetProperty("NewImage").GetProperty("message").GetProperty("S").GetString());
    }

    [Fact]
    public async Task A_partial_answer_repeats_from_the_lowest_failure_and_what_fails_for_good_goes_to_the_queue()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "partial",
            """
            def handler(event, context):
                keys = [r["dynamodb"]["Keys"]["id"]["S"] for r in event["Records"]]
                print("KEYS " + ",".join(keys))
                return {"batchItemFailures": [{"itemIdentifier": r["dynamodb"]["SequenceNumber"]} for r in event["Records"] if r["dynamodb"]["Keys"]["id"]["S"] == "bad"]}
            """
        );
        var stream = await cloud.CreateTable("messages");
        var queue = JsonElement
            .Parse((await cloud.Json("sqs", "AmazonSQS.CreateQueue", """{"QueueName":"failed"}""")).GetRawText())
            .GetProperty("QueueUrl")
            .GetString();
        foreach (var key in (string[])["a", "bad", "c"])
        {
            await cloud.Put("messages", key, "text");
        }

        await cloud.CreateMapping(
            "partial",
            stream,
            """ "StartingPosition":"TRIM_HORIZON","FunctionResponseTypes":["ReportBatchItemFailures"],"MaximumRetryAttempts":2,"DestinationConfig":{"OnFailure":{"Destination":"arn:aws:sqs:us-east-1:000000000000:failed"}} """
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(["a,bad,c", "bad,c", "bad,c"], (await cloud.LogMessages("partial", "KEYS")).Select(line => line[5..].TrimEnd()));
        var received = await cloud.Json("sqs", "AmazonSQS.ReceiveMessage", JsonSerializer.Serialize(new { QueueUrl = queue }));
        var body = JsonElement.Parse(received.GetProperty("Messages")[0].GetProperty("Body").GetString()!);
        Assert.Equal("RetryAttemptsExhausted", body.GetProperty("requestContext").GetProperty("condition").GetString());
        Assert.Equal(2, body.GetProperty("DDBStreamBatchInfo").GetProperty("batchSize").GetInt32());
        Assert.Equal(stream, body.GetProperty("DDBStreamBatchInfo").GetProperty("streamArn").GetString());
    }

    [Fact]
    public async Task Bisecting_finds_the_poison_and_delivers_the_others()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython(
            "poisoned",
            """
            def handler(event, context):
                keys = [r["dynamodb"]["Keys"]["id"]["S"] for r in event["Records"]]
                if "bad" in keys:
                    raise ValueError("poison")
                print("KEYS " + ",".join(keys))
            """
        );
        var stream = await cloud.CreateTable("messages");
        foreach (var key in (string[])["a", "bad", "c", "d"])
        {
            await cloud.Put("messages", key, "text");
        }

        await cloud.CreateMapping(
            "poisoned",
            stream,
            """ "StartingPosition":"TRIM_HORIZON","BisectBatchOnFunctionError":true,"MaximumRetryAttempts":0 """
        );
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(["a", "c,d"], (await cloud.LogMessages("poisoned", "KEYS")).Select(line => line[5..].TrimEnd()));
    }

    [Fact]
    public async Task A_window_waits_for_the_batch_to_fill()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython("window", PrintKeys);
        var stream = await cloud.CreateTable("messages");
        await cloud.CreateMapping("window", stream, """ "StartingPosition":"LATEST","BatchSize":3,"MaximumBatchingWindowInSeconds":60 """);

        await cloud.Put("messages", "a", "text");
        await cloud.Put("messages", "b", "text");
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        Assert.DoesNotContain(await cloud.LogGroups(), group => group == "/aws/lambda/window");
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(["a,b"], (await cloud.LogMessages("window", "KEYS")).Select(line => line[5..].TrimEnd()));
    }

    [Fact]
    public async Task What_was_delivered_before_a_restart_does_not_come_again()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        var directory = Directory.CreateTempSubdirectory("disa-");
        try
        {
            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory.FullName }))
            {
                await cloud.CreatePython("taker", PrintKeys);
                await cloud.CreateMapping("taker", await cloud.CreateTable("messages"), "\"StartingPosition\":\"TRIM_HORIZON\"");
                await cloud.Put("messages", "before", "text");
                await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
            }

            var log = new LogLines();
            await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory.FullName, Loggers = log }))
            {
                await cloud.Put("messages", "after", "text");
                await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
                var keys = (await cloud.LogMessages("taker", "KEYS")).Select(line => line[5..].TrimEnd()).ToList();
                Assert.True(keys is ["before", "after"], string.Join('\n', keys.Concat(log.All)));
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_power_cut_before_any_write_repeats_a_record_rather_than_losing_it()
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        for (var cut = 1; cut <= 4; cut++)
        {
            var directory = Directory.CreateTempSubdirectory("disa-");
            try
            {
                PowerCut? power = null;
                await using (
                    var cloud = await TestCloud.Start(
                        new LocalCloudOptions { DataDirectory = directory.FullName, BeforeWrite = number => power?.BeforeWrite(number) }
                    )
                )
                {
                    await cloud.CreatePython("taker", PrintKeys);
                    await cloud.CreateMapping("taker", await cloud.CreateTable("messages"), "\"StartingPosition\":\"TRIM_HORIZON\"");
                    await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
                    power = new PowerCut(cloud.Cloud.Database.Writes + 1 + cut);
                    await cloud.Put("messages", "one", "text");
                    await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
                }

                await using (var cloud = await TestCloud.Start(new LocalCloudOptions { DataDirectory = directory.FullName }))
                {
                    await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
                    Assert.NotEmpty(await cloud.LogMessages("taker", "\"KEYS one\""));
                }
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }
    }

    [Theory]
    [InlineData(
        "\"StartingPosition\":\"TRIM_HORIZON\",\"FilterCriteria\":{\"Filters\":[{\"Pattern\":\"{\\\"a\\\":1}\"}]}",
        "Invalid filter pattern definition"
    )]
    [InlineData("\"StartingPosition\":\"AT_TIMESTAMP\"", "Unsupported starting position for arn type: arn:aws:dynamodb:")]
    [InlineData(
        "\"StartingPosition\":\"LATEST\",\"StartingPositionTimestamp\":1",
        "Timestamp only valid with StartingPosition AT_TIMESTAMP"
    )]
    [InlineData(
        "\"StartingPosition\":\"0\"",
        "failed to satisfy constraint: Member must satisfy enum value set: [LATEST, AT_TIMESTAMP, TRIM_HORIZON]"
    )]
    [InlineData("\"StartingPosition\":\"LATEST\",\"TumblingWindowInSeconds\":30", "tumbling windows")]
    [InlineData("\"StartingPosition\":\"LATEST\",\"BatchSize\":10001", "batchSize")]
    public async Task What_a_mapping_cannot_do_is_refused_when_it_is_made(string settings, string reason)
    {
        Assert.SkipUnless(FunctionFixture.HasPython, "python3 is not on PATH");
        await using var cloud = await TestCloud.Start();
        await cloud.CreatePython("taker", PrintKeys);
        var stream = await cloud.CreateTable("messages");

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.CreateMapping("taker", stream, settings));

        Assert.Contains(reason, error.Body);
    }
}

internal static class MappingFixture
{
    /// <summary>The stream's ARN.</summary>
    public static async Task<string> CreateTable(this TestCloud cloud, string name)
    {
        var created = await cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.CreateTable",
            $$$"""{"TableName":"{{{name}}}","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST","StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}}"""
        );
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(10));
        return created.GetProperty("TableDescription").GetProperty("LatestStreamArn").GetString()!;
    }

    public static Task Put(this TestCloud cloud, string table, string id, string message) =>
        cloud.Json(
            "dynamodb",
            "DynamoDB_20120810.PutItem",
            $$$$"""{"TableName":"{{{{table}}}}","Item":{"id":{"S":"{{{{id}}}}"},"message":{"S":"{{{{message}}}}"}}}"""
        );

    public static async Task<JsonElement> CreateMapping(this TestCloud cloud, string function, string source, string settings) =>
        JsonElement.Parse(
            await cloud.Rest(
                HttpMethod.Post,
                "lambda",
                "/2015-03-31/event-source-mappings",
                $$"""{"FunctionName":"{{function}}","EventSourceArn":"{{source}}"{{(settings.Length > 0 ? "," + settings : "")}}}"""
            )
        );

    public static async Task<IReadOnlyList<string>> LogGroups(this TestCloud cloud) =>
        [
            .. (await cloud.Json("logs", "Logs_20140328.DescribeLogGroups", "{}"))
                .GetProperty("logGroups")
                .EnumerateArray()
                .Select(group => group.GetProperty("logGroupName").GetString()!),
        ];
}
