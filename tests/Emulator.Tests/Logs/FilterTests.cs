using System.IO.Compression;
using System.Text.Json;
using Disa.Emulator.Logs;
using Disa.Emulator.Tests.Lambda;

namespace Disa.Emulator.Tests.Logs;

/// <summary>Metric filters, subscription filters and space-delimited patterns.</summary>
public sealed class FilterTests
{
    private const string Line = "127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] \"GET /index.html HTTP/1.0\" 404 1534";

    /// <summary>https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, "space-delimited log events".</summary>
    [Theory]
    [InlineData("[ip, user, username, timestamp, request, status_code, bytes]", true)]
    [InlineData("[ip, user, username, timestamp, request, status_code]", false)]
    [InlineData("[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", true)]
    [InlineData("[ip, user, username, timestamp, request =*.html*, status_code = 5*, bytes]", false)]
    [InlineData("[ip=%127\\.0\\.0\\.[1-9]%, ..., status_code = 404 || status_code = 410, bytes > 1000]", true)]
    [InlineData("[..., status_code != 404, bytes]", false)]
    [InlineData("[..., (status_code >= 400 && status_code < 500), bytes >= 1534]", true)]
    [InlineData("[..., bytes = 1534.0]", true)]
    [InlineData("[ip != \"127.*\", ...]", false)]
    public void A_space_delimited_pattern_matches_as_documented(string pattern, bool expected) =>
        Assert.Equal(expected, FilterPattern.Parse(pattern).Matches(Line));

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[a, b")]
    [InlineData("[a = ]")]
    [InlineData("[a > x]")]
    [InlineData("[a = 1 || b = 2]")]
    [InlineData("[..., a, ...]")]
    [InlineData("[a = %x%, b = %y%, c = %z%]")]
    public void A_pattern_that_is_none_is_refused(string pattern) =>
        Assert.Equal("InvalidParameterException", Assert.Throws<Disa.Emulator.Aws.AwsException>(() => FilterPattern.Parse(pattern)).Code);

    [Fact]
    public async Task A_metric_filter_is_tested_kept_listed_and_deleted()
    {
        await using var cloud = await Group();
        var matches = (
            await Call(
                cloud,
                "TestMetricFilter",
                new { filterPattern = "[ip, ..., status = 4*, bytes]", logEventMessages = new[] { Line, "other" } }
            )
        ).GetProperty("matches");
        Assert.Equal("""{"$bytes":"1534","$ip":"127.0.0.1","$status":"404"}""", Sorted(matches[0].GetProperty("extractedValues")));
        Assert.Equal((1, 1), (matches.GetArrayLength(), matches[0].GetProperty("eventNumber").GetInt32()));

        await Filter(
            cloud,
            "b",
            "ERROR",
            new
            {
                metricName = "Errors",
                metricNamespace = "App",
                metricValue = "1",
                defaultValue = 0,
            }
        );
        await Filter(
            cloud,
            "a",
            "{ $.ms > 1 }",
            new
            {
                metricName = "Time",
                metricNamespace = "App",
                metricValue = "$.ms",
                unit = "Milliseconds",
            }
        );
        var all = (await Call(cloud, "DescribeMetricFilters", new { logGroupName = "g" })).GetProperty("metricFilters");
        Assert.Equal(["a", "b"], all.EnumerateArray().Select(one => one.GetProperty("filterName").GetString()!));
        Assert.Equal(
            """{"metricName":"Errors","metricNamespace":"App","metricValue":"1","defaultValue":0}""",
            all[1].GetProperty("metricTransformations")[0].GetRawText()
        );
        Assert.Equal(
            "a",
            (await Call(cloud, "DescribeMetricFilters", new { metricName = "Time", metricNamespace = "App" }))
                .GetProperty("metricFilters")[0]
                .GetProperty("filterName")
                .GetString()
        );
        var groups = (await Call(cloud, "DescribeLogGroups", new { })).GetProperty("logGroups");
        Assert.Equal(2, groups[0].GetProperty("metricFilterCount").GetInt32());
        await Call(cloud, "DeleteMetricFilter", new { logGroupName = "g", filterName = "a" });
        Assert.Contains(
            "The specified metric filter does not exist.",
            await Refused(cloud, "DeleteMetricFilter", new { logGroupName = "g", filterName = "a" }),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("ERROR", """{"metricName":"N","metricNamespace":"S","metricValue":"$.x"}""")]
    [InlineData("{ $.x = 1 }", """{"metricName":"N","metricNamespace":"S","metricValue":"x"}""")]
    [InlineData("[a, b]", """{"metricName":"N","metricNamespace":"S","metricValue":"$c"}""")]
    [InlineData("{ $.x = 1 }", """{"metricName":"N","metricNamespace":"S","metricValue":"1","dimensions":{"X":"$.x"},"defaultValue":0}""")]
    [InlineData("{ $.x = 1 }", """{"metricName":"N$","metricNamespace":"S","metricValue":"1"}""")]
    [InlineData("{ $.x = 1 }", """{"metricName":"N","metricNamespace":"S","metricValue":"1","unit":"Furlongs"}""")]
    [InlineData("{ $.x = 1 }", """{"metricName":"N","metricNamespace":"S"}""")]
    public async Task A_transformation_that_can_yield_nothing_is_refused(string pattern, string transformation)
    {
        await using var cloud = await Group();
        Assert.Contains(
            "InvalidParameterException",
            await Refused(
                cloud,
                "PutMetricFilter",
                new
                {
                    logGroupName = "g",
                    filterName = "f",
                    filterPattern = pattern,
                    metricTransformations = new[] { JsonElement.Parse(transformation) },
                }
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Events_that_match_become_values_with_dimensions_and_a_default_where_none_matches()
    {
        await using var cloud = await Group();
        await Filter(
            cloud,
            "count",
            "ERROR",
            new
            {
                metricName = "Errors",
                metricNamespace = "App",
                metricValue = "1",
                defaultValue = 0,
            }
        );
        await Filter(
            cloud,
            "time",
            "{ $.ms = * }",
            new
            {
                metricName = "Time",
                metricNamespace = "App",
                metricValue = "$.ms",
                dimensions = new { Path = "$.path" },
            }
        );
        await Put(cloud, "an ERROR", "fine", "ERROR again", """{"ms":12.5,"path":"/a"}""", """{"ms":"x","path":"/a"}""", """{"ms":1}""");
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(5));
        await Put(cloud, "fine");

        Assert.Equal("2,0", await Sums(cloud, "Errors"));
        Assert.Equal("12.5", await Sums(cloud, "Time", ("Dimensions.member.1.Name", "Path"), ("Dimensions.member.1.Value", "/a")));
        Assert.Equal("", await Sums(cloud, "Time"));
    }

    [Fact]
    public async Task A_subscribed_function_gets_what_matches_compressed_and_only_with_its_leave()
    {
        await using var cloud = await Group(await TestCloud.StartEnforcing());
        var received = new List<JsonElement>();
        cloud.Cloud.HostedFunctions.Set(
            new("000000000000", "us-east-1"),
            "reader",
            (invocation, _) =>
            {
                received.Add(JsonElement.Parse(invocation.Payload.Span));
                return Task.FromResult<ReadOnlyMemory<byte>>("null"u8.ToArray());
            }
        );
        await cloud.CreateFunction("reader", "provided.al2023", "handler", FunctionFixture.Zip(("bootstrap", "")));
        var filter = new
        {
            logGroupName = "g",
            filterName = "f",
            filterPattern = "[ip, ..., status = 4*, bytes]",
            destinationArn = "arn:aws:lambda:us-east-1:000000000000:function:reader",
        };
        Assert.Contains(
            "Could not execute the lambda function.",
            await Refused(cloud, "PutSubscriptionFilter", filter),
            StringComparison.Ordinal
        );
        await cloud.Rest(
            HttpMethod.Post,
            "lambda",
            "/2015-03-31/functions/reader/policy",
            """{"StatementId":"s","Action":"lambda:InvokeFunction","Principal":"logs.amazonaws.com","SourceArn":"arn:aws:logs:us-east-1:000000000000:log-group:g:*"}"""
        );
        await Call(cloud, "PutSubscriptionFilter", filter);
        await Put(cloud, "fine", Line, Line);
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));

        var data = Convert.FromBase64String(received.Single().GetProperty("awslogs").GetProperty("data").GetString()!);
        using var zip = new GZipStream(new MemoryStream(data), CompressionMode.Decompress);
        var message = (await JsonDocument.ParseAsync(zip)).RootElement;
        Assert.Equal(
            ("DATA_MESSAGE", "000000000000", "g", "s", "f"),
            (
                message.GetProperty("messageType").GetString(),
                message.GetProperty("owner").GetString(),
                message.GetProperty("logGroup").GetString(),
                message.GetProperty("logStream").GetString(),
                message.GetProperty("subscriptionFilters")[0].GetString()
            )
        );
        var events = message.GetProperty("logEvents");
        Assert.Equal((2, Line), (events.GetArrayLength(), events[0].GetProperty("message").GetString()));
        Assert.Equal(56, events[0].GetProperty("id").GetString()!.Length);
        Assert.Equal("404", events[0].GetProperty("extractedFields").GetProperty("status").GetString());

        await Call(cloud, "DeleteSubscriptionFilter", new { logGroupName = "g", filterName = "f" });
        await Put(cloud, Line);
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        Assert.Single(received);
    }

    /// <summary>"Each log group can have up to two subscription filters": API_PutSubscriptionFilter. Kinesis and Firehose are not here.</summary>
    [Fact]
    public async Task What_is_no_function_is_refused_by_name()
    {
        await using var cloud = await Group();
        Assert.Contains(
            "NotImplemented",
            await Refused(
                cloud,
                "PutSubscriptionFilter",
                new
                {
                    logGroupName = "g",
                    filterName = "f",
                    filterPattern = "",
                    destinationArn = "arn:aws:kinesis:us-east-1:000000000000:stream/s",
                    roleArn = "arn:aws:iam::000000000000:role/r",
                }
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_stack_has_filters()
    {
        await using var cloud = await TestCloud.Start();
        const string template = """
            {"Resources":{
              "Group":{"Type":"AWS::Logs::LogGroup","Properties":{"LogGroupName":"g"}},
              "Filter":{"Type":"AWS::Logs::MetricFilter","Properties":{"LogGroupName":{"Ref":"Group"},"FilterPattern":"{ $.level = \"error\" }",
                "MetricTransformations":[{"MetricName":"Errors","MetricNamespace":"App","MetricValue":"1","Dimensions":[{"Key":"Level","Value":"$.level"}]}]}}}}
            """;
        await cloud.Query("cloudformation", "CreateStack", ("Version", "2010-05-15"), ("StackName", "s"), ("TemplateBody", template));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        var filter = (await Call(cloud, "DescribeMetricFilters", new { logGroupName = "g" })).GetProperty("metricFilters")[0];
        Assert.StartsWith("s-Filter-", filter.GetProperty("filterName").GetString(), StringComparison.Ordinal);
        Assert.Equal("$.level", filter.GetProperty("metricTransformations")[0].GetProperty("dimensions").GetProperty("Level").GetString());
        await cloud.Query("cloudformation", "DeleteStack", ("Version", "2010-05-15"), ("StackName", "s"));
        await cloud.Clock.Settle(TimeSpan.FromSeconds(20));
        Assert.Empty((await Call(cloud, "DescribeLogGroups", new { })).GetProperty("logGroups").EnumerateArray());
    }

    private static async Task<TestCloud> Group(TestCloud? given = null)
    {
        var cloud = given ?? await TestCloud.Start();
        await Call(cloud, "CreateLogGroup", new { logGroupName = "g" });
        await Call(cloud, "CreateLogStream", new { logGroupName = "g", logStreamName = "s" });
        return cloud;
    }

    private static Task Filter(TestCloud cloud, string name, string pattern, object transformation) =>
        Call(
            cloud,
            "PutMetricFilter",
            new
            {
                logGroupName = "g",
                filterName = name,
                filterPattern = pattern,
                metricTransformations = new[] { transformation },
            }
        );

    private static Task Put(TestCloud cloud, params string[] messages) =>
        Call(
            cloud,
            "PutLogEvents",
            new
            {
                logGroupName = "g",
                logStreamName = "s",
                logEvents = messages.Select(message => new { timestamp = cloud.Clock.GetUtcNow().ToUnixTimeMilliseconds(), message }),
            }
        );

    private static async Task<string> Sums(TestCloud cloud, string metric, params (string, string)[] dimensions)
    {
        var now = cloud.Clock.GetUtcNow();
        var text = await cloud.Query(
            "monitoring",
            "GetMetricStatistics",
            [
                ("Version", "2010-08-01"),
                ("Namespace", "App"),
                ("MetricName", metric),
                ("StartTime", now.AddHours(-1).ToString("O")),
                ("EndTime", now.AddHours(1).ToString("O")),
                ("Period", "60"),
                ("Statistics.member.1", "Sum"),
                .. dimensions,
            ]
        );
        var points = System
            .Xml.Linq.XDocument.Parse(text)
            .Descendants()
            .Where(node => node.Name.LocalName == "member" && node.Elements().Any(child => child.Name.LocalName == "Sum"));
        return string.Join(
            ",",
            points
                .Select(point => point.Elements().ToDictionary(child => child.Name.LocalName, child => child.Value))
                .OrderBy(point => point["Timestamp"], StringComparer.Ordinal)
                .Select(point =>
                    double.Parse(point["Sum"], System.Globalization.CultureInfo.InvariantCulture)
                        .ToString(System.Globalization.CultureInfo.InvariantCulture)
                )
        );
    }

    private static string Sorted(JsonElement json) =>
        JsonSerializer.Serialize(
            new SortedDictionary<string, string>(
                json.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!),
                StringComparer.Ordinal
            )
        );

    private static async Task<string> Refused(TestCloud cloud, string operation, object request) =>
        (await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, operation, request))).Body;

    private static Task<JsonElement> Call(TestCloud cloud, string operation, object request) =>
        cloud.Json("logs", "Logs_20140328." + operation, JsonSerializer.Serialize(request));
}
