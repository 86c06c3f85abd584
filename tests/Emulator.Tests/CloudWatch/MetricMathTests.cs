using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.CloudWatch;

/// <summary>As "Using math expressions with CloudWatch metrics" of the CloudWatch user guide describes it.</summary>
public sealed class MetricMathTests
{
    /// <summary>m1 has 1, 2, nothing, 4, 5 in five minutes, m2 has 10, 20, 30, 40, 50.</summary>
    private const string Queries = """
        {"Id":"m1","ReturnData":false,"MetricStat":{"Metric":{"Namespace":"N","MetricName":"a"},"Period":60,"Stat":"Sum"}},
        {"Id":"m2","ReturnData":false,"MetricStat":{"Metric":{"Namespace":"N","MetricName":"b"},"Period":60,"Stat":"Sum"}}
        """;

    [Theory]
    [InlineData("m1", "1 2 _ 4 5")]
    [InlineData("m1 + m2", "11 22 _ 44 55")]
    [InlineData("2 * m2 - 1", "19 39 59 79 99")]
    [InlineData("-m2", "-10 -20 -30 -40 -50")]
    [InlineData("2 ^ 3 ^ 2 + m2 * 0", "512 512 512 512 512")]
    [InlineData("(m1 + 1) * 2", "4 6 _ 10 12")]
    [InlineData("m2 / (m1 - 1)", "_ 20 _ 13.333333333333334 12.5")]
    [InlineData("m1 > 1 AND m2 < 50", "0 1 _ 1 0")]
    [InlineData("m1 == 1 || m2 >= 50", "1 0 _ 0 1")]
    [InlineData("FILL(m1, 0)", "1 2 0 4 5")]
    [InlineData("FILL(m1, REPEAT)", "1 2 2 4 5")]
    [InlineData("FILL(m1, LINEAR)", "1 2 3 4 5")]
    [InlineData("FILL(m1, m2)", "1 2 30 4 5")]
    [InlineData("IF(m1 > 2, m2, 0)", "0 0 _ 40 50")]
    [InlineData("IF(m1 > 2, m2)", "_ _ _ 40 50")]
    [InlineData("IF(FILL(m1, 0), 1, 0)", "1 1 0 1 1")]
    [InlineData("SUM([m1, m2])", "11 22 30 44 55")]
    [InlineData("MAX(METRICS())", "10 20 30 40 50")]
    [InlineData("MIN(METRICS(\"m1\"))", "1 2 _ 4 5")]
    [InlineData("m2 - AVG(m2)", "-20 -10 0 10 20")]
    [InlineData("m2 / MAX(m2)", "0.2 0.4 0.6 0.8 1")]
    [InlineData("m2 * 0 + STDDEV([m2, m2])", "0 0 0 0 0")]
    [InlineData("m2 * 0 + DATAPOINT_COUNT(m1)", "4 4 4 4 4")]
    [InlineData("m2 * 0 + METRIC_COUNT(METRICS())", "2 2 2 2 2")]
    [InlineData("m2 / PERIOD(m2)", "0.16666666666666666 0.3333333333333333 0.5 0.6666666666666666 0.8333333333333334")]
    [InlineData("DIFF(m1)", "_ 1 _ 2 1")]
    [InlineData("DIFF_TIME(m1)", "_ 60 _ 120 60")]
    [InlineData("RATE(m2) * 60", "_ 10 10 10 10")]
    [InlineData("RUNNING_SUM(m1)", "1 3 _ 7 12")]
    [InlineData("CEIL(m2 / 15)", "1 2 2 3 4")]
    [InlineData("FLOOR(ABS(m2 / -15))", "0 1 2 2 3")]
    [InlineData("LOG10(m2 * 0 + 100) + LOG(1)", "2 2 2 2 2")]
    [InlineData("MINUTE(m2)", "0 1 2 3 4")]
    [InlineData("HOUR(m2) + DAY(m2) * 100 + DATE(m2) * 1000", "23106 23106 23106 23106 23106")]
    [InlineData("MONTH(m2) + YEAR(m2)", "2037 2037 2037 2037 2037")]
    [InlineData("EPOCH(m2) - 1763877600", "31536000 31536060 31536120 31536180 31536240")]
    [InlineData("TIME_SERIES(7)", "7 7 7 7 7")]
    [InlineData("FIRST(METRICS())", "1 2 _ 4 5")]
    [InlineData("LAST(METRICS())", "10 20 30 40 50")]
    [InlineData("SLICE(METRICS(), 1)", "10 20 30 40 50")]
    [InlineData("FIRST(SORT(METRICS(), AVG, DESC))", "10 20 30 40 50")]
    [InlineData("SUM(REMOVE_EMPTY([m1, IF(m2 < 0, m2)]))", "1 2 _ 4 5")]
    public async Task An_expression_comes_to_a_time_series(string expression, string values)
    {
        await using var cloud = await Filled();

        var result = (await Ask(cloud, expression)).GetProperty("MetricDataResults").EnumerateArray().Single();

        var found = result
            .GetProperty("Timestamps")
            .EnumerateArray()
            .Zip(result.GetProperty("Values").EnumerateArray())
            .ToDictionary(
                point => DateTimeOffset.FromUnixTimeSeconds((long)point.First.GetDouble()).Minute,
                point => point.Second.GetDouble().ToString("R", CultureInfo.InvariantCulture)
            );
        Assert.Equal(values, string.Join(' ', Enumerable.Range(0, 5).Select(minute => found.GetValueOrDefault(minute, "_"))));
        Assert.Equal("e1", result.GetProperty("Label").GetString());
    }

    [Fact]
    public async Task An_array_is_a_result_for_each_of_its_series()
    {
        await using var cloud = await Filled();

        var results = (await Ask(cloud, "METRICS() * 2")).GetProperty("MetricDataResults").EnumerateArray().ToList();

        Assert.Equal(["e1 a", "e1 b"], results.Select(result => result.GetProperty("Label").GetString()));
        Assert.All(results, result => Assert.Equal("e1", result.GetProperty("Id").GetString()));
    }

    [Theory]
    [InlineData("m1 +")]
    [InlineData("m1 m2")]
    [InlineData("m3")]
    [InlineData("e1 + 1")]
    [InlineData("SUM(m1")]
    [InlineData("NOSUCH(m1)")]
    [InlineData("FILL(m1)")]
    [InlineData("m1 # 2")]
    [InlineData("AVG(m1)")]
    [InlineData("'text'")]
    [InlineData("METRICS() + METRICS()")]
    public async Task What_cannot_be_read_or_is_no_time_series_is_refused(string expression)
    {
        await using var cloud = await Filled();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Ask(cloud, expression));

        Assert.Equal(400, error.Status);
        Assert.Contains("Error in expression 'e1'", JsonElement.Parse(error.Body).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    [InlineData('[')]
    public async Task Hostile_nesting_meets_a_limit(char sign)
    {
        await using var cloud = await Filled();

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Ask(cloud, new string(sign, 2000)));

        Assert.Contains("nested too deeply", error.Body);
    }

    [Theory]
    [InlineData("ANOMALY_DETECTION_BAND(m1, 2)")]
    [InlineData("SEARCH('{N} a', 'Sum', 60)")]
    [InlineData("SELECT SUM(a) FROM N")]
    public async Task What_needs_more_than_the_emulator_has_is_refused_by_name(string expression)
    {
        await using var cloud = await Filled();

        Assert.Equal(501, (await Assert.ThrowsAsync<TestAwsException>(() => Ask(cloud, expression))).Status);
    }

    private const string Alarm = """
        {"AlarmName":"ratio","EvaluationPeriods":1,"Threshold":50,"ComparisonOperator":"GreaterThanOrEqualToThreshold","TreatMissingData":"notBreaching",
        "Metrics":[{"Id":"ratio","Expression":"IF(failed + sent >= 4, 100 * failed / (failed + sent), 0)","ReturnData":true},
          {"Id":"failed","Expression":"FILL(f, 0)","ReturnData":false},{"Id":"sent","Expression":"FILL(s, 0)","ReturnData":false},
          {"Id":"f","ReturnData":false,"MetricStat":{"Metric":{"Namespace":"N","MetricName":"Failed"},"Period":60,"Stat":"Sum"}},
          {"Id":"s","ReturnData":false,"MetricStat":{"Metric":{"Namespace":"N","MetricName":"Sent"},"Period":60,"Stat":"Sum"}}]}
        """;

    [Fact]
    public async Task An_alarm_watches_an_expression()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(cloud, "PutMetricAlarm", Alarm);

        // 3 of 3, but too few; then 2 of 5; then 3 of 6.
        foreach (var (failed, sent, state) in new[] { (3, 0, "OK"), (2, 3, "OK"), (3, 3, "ALARM") })
        {
            await Put(cloud, "Failed", failed);
            await Put(cloud, "Sent", sent);
            await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(state, (await Describe(cloud)).GetProperty("StateValue").GetString());
        }

        var alarm = await Describe(cloud);
        Assert.False(alarm.TryGetProperty("MetricName", out _));
        Assert.False(alarm.TryGetProperty("Period", out _));
        Assert.Equal(5, alarm.GetProperty("Metrics").GetArrayLength());
        Assert.StartsWith("Threshold Crossed: 1 datapoint [50.0 (", alarm.GetProperty("StateReason").GetString());
        Assert.Equal(
            "[50.0]",
            JsonElement.Parse(alarm.GetProperty("StateReasonData").GetString()!).GetProperty("recentDatapoints").GetRawText()
        );
    }

    [Theory]
    [InlineData(
        "\"EvaluationPeriods\":1",
        "\"EvaluationPeriods\":1,\"Statistic\":\"Sum\"",
        "Statistic should not be set if list of Metrics is set."
    )]
    [InlineData("\"EvaluationPeriods\":1", "\"EvaluationPeriods\":1,\"Period\":60", "Period should not be set if list of Metrics is set.")]
    [InlineData(
        "\"Expression\":\"FILL(f, 0)\",\"ReturnData\":false",
        "\"Expression\":\"FILL(f, 0)\"",
        "Exactly one element of the metrics list should return data."
    )]
    [InlineData("\"ReturnData\":true", "\"ReturnData\":false", "Exactly one element of the metrics list should return data.")]
    [InlineData("100 * failed / (failed + sent), 0)", "METRICS(), 0)", "Error in expression 'ratio'")]
    public async Task An_alarm_on_an_expression_is_checked(string good, string bad, string message)
    {
        await using var cloud = await TestCloud.Start(Still());

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "PutMetricAlarm", Alarm.Replace(good, bad)));

        Assert.Contains(message, JsonElement.Parse(error.Body).GetProperty("message").GetString());
    }

    private static async Task<TestCloud> Filled()
    {
        var cloud = await TestCloud.Start(Still());
        foreach (var (name, values) in new[] { ("a", "1 2 _ 4 5"), ("b", "10 20 30 40 50") })
        {
            foreach (var (value, minute) in values.Split(' ').Select((value, minute) => (value, minute)).Where(one => one.value != "_"))
            {
                await Call(
                    cloud,
                    "PutMetricData",
                    $$"""{"Namespace":"N","MetricData":[{"MetricName":"{{name}}","Value":{{value}},"Timestamp":{{1795413600 + (60 * minute)}}}]}"""
                );
            }
        }

        return cloud;
    }

    /// <summary>"The maximum number of data points the request should return before paginating": API_GetMetricData, MaxDatapoints.</summary>
    [Fact]
    public async Task Datapoints_come_in_pages_of_as_many_as_were_asked_for()
    {
        await using var cloud = await Filled();
        var (pages, token) = (new List<string>(), "");
        while (true)
        {
            var page = await Call(
                cloud,
                "GetMetricData",
                """{"StartTime":1795413600,"EndTime":1795413900,"ScanBy":"TimestampAscending","MaxDatapoints":3"""
                    + token
                    + ""","MetricDataQueries":["""
                    + """{"Id":"m1","MetricStat":{"Metric":{"Namespace":"N","MetricName":"a"},"Period":60,"Stat":"Sum"}},"""
                    + """{"Id":"m2","MetricStat":{"Metric":{"Namespace":"N","MetricName":"b"},"Period":60,"Stat":"Sum"}}]}"""
            );
            pages.Add(
                string.Join(
                    "; ",
                    page.GetProperty("MetricDataResults")
                        .EnumerateArray()
                        .Select(one => $"{one.GetProperty("Id")} {one.GetProperty("Values").GetRawText()} {one.GetProperty("StatusCode")}")
                )
            );
            if (!page.TryGetProperty("NextToken", out var next))
            {
                break;
            }

            token = $",\"NextToken\":\"{next.GetString()}\"";
        }

        Assert.Equal(
            [
                "m1 [1.0,2.0,4.0] PartialData; m2 [] PartialData",
                "m1 [5.0] Complete; m2 [10.0,20.0] PartialData",
                "m2 [30.0,40.0,50.0] Complete",
            ],
            pages
        );
        Assert.Contains(
            "InvalidParameterValue",
            (
                await Assert.ThrowsAsync<TestAwsException>(() =>
                    Call(
                        cloud,
                        "GetMetricData",
                        """{"StartTime":1795413600,"EndTime":1795413900,"NextToken":"made up","MetricDataQueries":[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"N","MetricName":"a"},"Period":60,"Stat":"Sum"}}]}"""
                    )
                )
            ).Body,
            StringComparison.Ordinal
        );
    }

    private static Task<JsonElement> Ask(TestCloud cloud, string expression) =>
        Call(
            cloud,
            "GetMetricData",
            $$"""{"StartTime":1795413600,"EndTime":1795413900,"MetricDataQueries":[{{Queries}},{"Id":"e1","Expression":{{JsonSerializer.Serialize(expression)}}}]}"""
        );

    private static Task Put(TestCloud cloud, string name, int value) =>
        Call(cloud, "PutMetricData", $$"""{"Namespace":"N","MetricData":[{"MetricName":"{{name}}","Value":{{value}}}]}""");

    private static async Task<JsonElement> Describe(TestCloud cloud) =>
        (await Call(cloud, "DescribeAlarms", """{"AlarmNames":["ratio"]}""")).GetProperty("MetricAlarms")[0];

    /// <summary>2026-11-23 06:10:20, a Monday.</summary>
    private static LocalCloudOptions Still() =>
        new() { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 10, 20, TimeSpan.Zero)) };

    private static Task<JsonElement> Call(TestCloud cloud, string operation, string body) =>
        cloud.Json("monitoring", "GraniteServiceVersion20100801." + operation, body);
}
