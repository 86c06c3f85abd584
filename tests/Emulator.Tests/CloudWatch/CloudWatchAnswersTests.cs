using System.Text.Json;

namespace Disa.Emulator.Tests.CloudWatch;

/// <summary>Answers that CloudWatch gives word for word: recorded on AWS.</summary>
public sealed class CloudWatchAnswersTests
{
    [Theory]
    [InlineData("Average 60", "metric1")]
    [InlineData("Average 60,Sum 60", "metric1 Average,metric1 Sum")]
    [InlineData("Sum 60,Sum 120", "metric1 60,metric1 120")]
    [InlineData("Average 60,Sum 120", "metric1 Average 60,metric1 Sum 120")]
    public async Task Queries_without_a_label_are_labelled_by_what_they_differ_in(string queries, string labels)
    {
        await using var cloud = await TestCloud.Start();
        var list = queries
            .Split(',')
            .Select(
                (query, at) =>
                    $$$"""{"Id":"q{{{at}}}","MetricStat":{"Metric":{"Namespace":"n","MetricName":"metric1"},"Stat":"{{{query.Split(' ')[0]}}}","Period":{{{query.Split(' ')[1]}}}}}"""
            );

        var answer = await Call(
            cloud,
            "GetMetricData",
            $"{{\"StartTime\":1767225600,\"EndTime\":1767229200,\"MetricDataQueries\":[{string.Join(',', list)}]}}"
        );

        Assert.Equal(
            labels,
            string.Join(
                ',',
                answer.GetProperty("MetricDataResults").EnumerateArray().Select(result => result.GetProperty("Label").GetString())
            )
        );
    }

    [Theory]
    [InlineData(
        "SetAlarmState",
        """{"AlarmName":"none","StateValue":"OK","StateReason":"x"}""",
        "ResourceNotFound",
        "ResourceNotFound;Sender",
        null
    )]
    [InlineData(
        "SetAlarmState",
        """{"AlarmName":"none","StateValue":"FINE","StateReason":"x"}""",
        "ValidationException",
        "ValidationError;Sender",
        "failed to satisfy constraint"
    )]
    [InlineData("GetDashboard", """{"DashboardName":"none"}""", "DashboardNotFoundError", "ResourceNotFound;Sender", "does not exist")]
    public async Task A_refusal_has_its_older_code_beside_its_own(
        string operation,
        string body,
        string type,
        string queryError,
        string? message
    )
    {
        await using var cloud = await TestCloud.Start();
        using var http = new HttpClient();
        using var request = cloud.Signed(
            HttpMethod.Post,
            "monitoring",
            "/",
            body,
            [("X-Amz-Target", "GraniteServiceVersion20100801." + operation)],
            "application/x-amz-json-1.0"
        );
        using var answer = await http.SendAsync(request);

        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.EndsWith(type, error.GetProperty("__type").GetString());
        Assert.Equal(queryError, answer.Headers.GetValues("x-amzn-query-error").Single());
        Assert.Equal(message is not null, error.TryGetProperty("message", out var said));
        Assert.Contains(message ?? "", message is null ? "" : said.GetString());
    }

    [Theory]
    [InlineData("PutAnomalyDetector", 501, "monitoring:PutAnomalyDetector")]
    [InlineData("FooBar", 400, "Could not find operation FooBar for version 2010-08-01")]
    public async Task What_is_no_action_is_told_so_and_what_is_not_done_is_refused_by_name(string action, int status, string part)
    {
        await using var cloud = await TestCloud.Start();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => cloud.Query("monitoring", action));

        Assert.Equal((status, true), (error.Status, error.Body.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_alarm_that_is_gone_has_no_tags()
    {
        await using var cloud = await TestCloud.Start();

        var answer = await Call(cloud, "ListTagsForResource", """{"ResourceARN":"arn:aws:cloudwatch:us-east-1:000000000000:alarm:gone"}""");

        Assert.Equal(0, answer.GetProperty("Tags").GetArrayLength());
    }

    [Fact]
    public async Task Values_may_come_with_statistics()
    {
        await using var cloud = await TestCloud.Start();

        await Call(
            cloud,
            "PutMetricData",
            """{"Namespace":"n","MetricData":[{"MetricName":"m","Values":[1,2],"StatisticValues":{"SampleCount":2,"Sum":3,"Minimum":1,"Maximum":2}}]}"""
        );
    }

    private static Task<JsonElement> Call(TestCloud cloud, string operation, string body) =>
        cloud.Json("monitoring", "GraniteServiceVersion20100801." + operation, body);
}
