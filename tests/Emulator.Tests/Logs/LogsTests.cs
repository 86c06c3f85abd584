using System.Text.Json;
using Disa.Emulator.Logs;

namespace Disa.Emulator.Tests.Logs;

/// <summary>Log groups, streams and events through the wire; filter patterns and embedded metrics by themselves.</summary>
public sealed class LogsTests
{
    [Fact]
    public async Task Events_are_read_forward_and_backward_by_tokens()
    {
        await using var cloud = await TestCloud.Start();
        await Call(cloud, "CreateLogGroup", new { logGroupName = "g" });
        await Call(cloud, "CreateLogStream", new { logGroupName = "g", logStreamName = "s" });
        var now = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await Call(
            cloud,
            "PutLogEvents",
            new
            {
                logGroupName = "g",
                logStreamName = "s",
                logEvents = Enumerable.Range(0, 5).Select(n => new { timestamp = now + n, message = $"m{n}" }),
            }
        );

        var newest = await Call(
            cloud,
            "GetLogEvents",
            new
            {
                logGroupName = "g",
                logStreamName = "s",
                limit = 2,
            }
        );
        Assert.Equal("m3,m4", Messages(newest));
        var older = await Call(
            cloud,
            "GetLogEvents",
            new
            {
                logGroupName = "g",
                logStreamName = "s",
                limit = 2,
                nextToken = newest.GetProperty("nextBackwardToken").GetString(),
            }
        );
        Assert.Equal("m1,m2", Messages(older));
        var end = await Call(
            cloud,
            "GetLogEvents",
            new
            {
                logGroupName = "g",
                logStreamName = "s",
                nextToken = newest.GetProperty("nextForwardToken").GetString(),
            }
        );
        Assert.Equal("", Messages(end));
        Assert.Equal(newest.GetProperty("nextForwardToken").GetString(), end.GetProperty("nextForwardToken").GetString());

        var page = await Call(cloud, "FilterLogEvents", new { logGroupName = "g", limit = 3 });
        Assert.Equal("m0,m1,m2", Messages(page));
        Assert.Equal(
            "m3,m4",
            Messages(
                await Call(
                    cloud,
                    "FilterLogEvents",
                    new
                    {
                        logGroupName = "g",
                        limit = 3,
                        nextToken = page.GetProperty("nextToken").GetString(),
                    }
                )
            )
        );
    }

    [Fact]
    public async Task Retention_lets_events_expire()
    {
        await using var cloud = await TestCloud.Start();
        await Call(cloud, "CreateLogGroup", new { logGroupName = "g" });
        await Call(cloud, "CreateLogStream", new { logGroupName = "g", logStreamName = "s" });
        await Call(cloud, "PutRetentionPolicy", new { logGroupName = "g", retentionInDays = 1 });
        await Call(
            cloud,
            "PutLogEvents",
            new
            {
                logGroupName = "g",
                logStreamName = "s",
                logEvents = new[] { new { timestamp = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds(), message = "old" } },
            }
        );
        await cloud.Cloud.Advance(TimeSpan.FromHours(25));

        Assert.Equal("", Messages(await Call(cloud, "FilterLogEvents", new { logGroupName = "g" })));
        var error = await Assert.ThrowsAsync<TestAwsException>(() =>
            Call(cloud, "PutRetentionPolicy", new { logGroupName = "g", retentionInDays = 2 })
        );
        Assert.Contains("InvalidParameterException", error.Body);
    }

    [Fact]
    public async Task A_group_with_a_key_is_unreadable_once_the_key_is_disabled()
    {
        await using var cloud = await TestCloud.Start();
        var key = (await cloud.Json("kms", "TrentService.CreateKey", "{}")).GetProperty("KeyMetadata").GetProperty("Arn").GetString();
        await Call(cloud, "CreateLogGroup", new { logGroupName = "g", kmsKeyId = key });
        await Call(cloud, "CreateLogStream", new { logGroupName = "g", logStreamName = "s" });
        await Call(
            cloud,
            "PutLogEvents",
            new
            {
                logGroupName = "g",
                logStreamName = "s",
                logEvents = new[] { new { timestamp = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds(), message = "secret" } },
            }
        );

        Assert.Equal("secret", Messages(await Call(cloud, "FilterLogEvents", new { logGroupName = "g" })));
        Assert.Equal(
            0,
            cloud.Cloud.Database.Read(transaction =>
                transaction.Number("SELECT count(*) FROM logs_event WHERE instr(message, CAST('secret' AS BLOB)) > 0")
            )
        );
        await cloud.Json("kms", "TrentService.DisableKey", $$"""{"KeyId":"{{key}}"}""");
        await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "FilterLogEvents", new { logGroupName = "g" }));
        await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "CreateLogGroup", new { logGroupName = "h", kmsKeyId = key }));
    }

    [Fact]
    public async Task What_is_not_there_and_what_is_there_already_say_so()
    {
        await using var cloud = await TestCloud.Start();
        Assert.Contains(
            "The specified log group does not exist.",
            (await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "DeleteLogGroup", new { logGroupName = "g" }))).Body
        );
        await Call(cloud, "CreateLogGroup", new { logGroupName = "g" });
        Assert.Contains(
            "ResourceAlreadyExistsException",
            (await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "CreateLogGroup", new { logGroupName = "g" }))).Body
        );
        Assert.Contains(
            "NotImplemented",
            (await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "PutQueryDefinition", new { name = "g" }))).Body
        );
        var group = (await Call(cloud, "DescribeLogGroups", new { logGroupNamePrefix = "g" })).GetProperty("logGroups")[0];
        Assert.Equal("arn:aws:logs:us-east-1:000000000000:log-group:g:*", group.GetProperty("arn").GetString());
    }

    [Theory]
    [InlineData("", "anything", true)]
    [InlineData("ERROR Exception", "ERROR: an Exception", true)]
    [InlineData("ERROR Exception", "ERROR only", false)]
    [InlineData("?ERROR ?WARN", "a WARN line", true)]
    [InlineData("?ERROR ?WARN", "an INFO line", false)]
    [InlineData("ERROR -EXITING", "ERROR now EXITING", false)]
    [InlineData("\"INTERNAL SERVER ERROR\"", "an INTERNAL SERVER ERROR here", true)]
    [InlineData("%a[bc]+d%", "xabcbdx", true)]
    [InlineData("{ $.eventType = \"UpdateTrail\" }", "{\"eventType\":\"UpdateTrail\"}", true)]
    [InlineData("{ $.eventType = \"Update*\" }", "{\"eventType\":\"UpdateTrail\"}", true)]
    [InlineData("{ $.n > 3 && $.a.b != \"x\" }", "{\"n\":4,\"a\":{\"b\":\"y\"}}", true)]
    [InlineData("{ $.n > 3 && $.a.b != \"x\" }", "{\"n\":3,\"a\":{\"b\":\"y\"}}", false)]
    [InlineData("{ ($.n = 1) || ($.list[0] = \"x\") }", "{\"list\":[\"x\"]}", true)]
    [InlineData("{ $.a IS NULL }", "{\"a\":null}", true)]
    [InlineData("{ $.a NOT EXISTS }", "{\"b\":1}", true)]
    [InlineData("{ $.a = 1 }", "not json", false)]
    public void A_filter_pattern_matches_as_documented(string pattern, string message, bool expected) =>
        Assert.Equal(expected, FilterPattern.Parse(pattern).Matches(message));

    [Fact]
    public void An_embedded_metric_line_is_extracted_once_for_each_set_of_dimensions()
    {
        var found = EmbeddedMetrics.Extract(
            """
            {"_aws":{"Timestamp":1574109732004,"CloudWatchMetrics":[{"Namespace":"Disa","Dimensions":[["Stack"],["Stack","Kind"],["missing"]],
            "Metrics":[{"Name":"Sent","Unit":"Count"},{"Name":"Latency","Unit":"Milliseconds","StorageResolution":1},{"Name":"absent"}]}]},
            "Stack":"disa","Kind":"mail","Sent":1,"Latency":[5,7]}
            """
        );

        Assert.Equal(6, found.Count);
        Assert.All(found, metric => Assert.Equal("Disa", metric.Namespace));
        Assert.Equal(
            [5, 7],
            found.Where(metric => metric.Point is { Name: "Latency", Dimensions.Count: 2 }).Select(metric => metric.Point.Value)
        );
        Assert.Equal(1, found.First(metric => metric.Point.Name == "Latency").Point.StorageResolution);
        Assert.Empty(EmbeddedMetrics.Extract("""{"_aws":{"CloudWatchMetrics":[]}}"""));
        Assert.Empty(EmbeddedMetrics.Extract("plain text with \"CloudWatchMetrics\""));
    }

    [Fact]
    public async Task A_metric_in_a_log_line_reaches_cloudwatch()
    {
        await using var cloud = await TestCloud.Start();
        await Call(cloud, "CreateLogGroup", new { logGroupName = "g" });
        await Call(cloud, "CreateLogStream", new { logGroupName = "g", logStreamName = "s" });
        var now = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var line =
            $$"""{"_aws":{"Timestamp":{{now}},"CloudWatchMetrics":[{"Namespace":"Disa","Dimensions":[["Stack"]],"Metrics":[{"Name":"Sent"}]}]},"Stack":"disa","Sent":3}""";
        await Call(
            cloud,
            "PutLogEvents",
            new
            {
                logGroupName = "g",
                logStreamName = "s",
                logEvents = new[] { new { timestamp = now, message = line } },
            }
        );

        var metrics = await cloud.Query("monitoring", "ListMetrics", ("Version", "2010-08-01"), ("Namespace", "Disa"));
        Assert.Contains("<MetricName>Sent</MetricName>", metrics);
    }

    private static Task<JsonElement> Call(TestCloud cloud, string operation, object request) =>
        cloud.Json("logs", "Logs_20140328." + operation, JsonSerializer.Serialize(request));

    private static string Messages(JsonElement answer) =>
        string.Join(",", answer.GetProperty("events").EnumerateArray().Select(log => log.GetProperty("message").GetString()));
}
