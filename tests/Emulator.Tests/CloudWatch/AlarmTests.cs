using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.CloudWatch;

public sealed class AlarmTests
{
    private const string Alarm = """
        {"AlarmName":"failed","Namespace":"Disa","MetricName":"Failed","Dimensions":[{"Name":"Stack","Value":"disa"}],"Statistic":"Sum",
        "Period":60,"EvaluationPeriods":1,"DatapointsToAlarm":1,"Threshold":1,"ComparisonOperator":"GreaterThanOrEqualToThreshold","TreatMissingData":"notBreaching"}
        """;

    [Fact]
    public async Task A_new_alarm_has_insufficient_data_and_goes_to_OK_in_silence()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(cloud, "PutMetricAlarm", Alarm);

        var created = await Describe(cloud);
        Assert.Equal("INSUFFICIENT_DATA", created.GetProperty("StateValue").GetString());
        Assert.Equal("Unchecked: Initial alarm creation", created.GetProperty("StateReason").GetString());

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        var silent = await Describe(cloud);
        Assert.Equal("OK", silent.GetProperty("StateValue").GetString());
        Assert.Equal(
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].",
            silent.GetProperty("StateReason").GetString()
        );
    }

    [Fact]
    public async Task A_breaching_value_makes_an_alarm_at_the_end_of_its_period_and_silence_ends_it_minutes_later()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(cloud, "PutMetricAlarm", Alarm);
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        await Fail(cloud);

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        var alarm = await Describe(cloud);
        Assert.Equal("ALARM", alarm.GetProperty("StateValue").GetString());
        Assert.Equal(
            "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (23/11/26 06:31:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).",
            alarm.GetProperty("StateReason").GetString()
        );
        var data = JsonElement.Parse(alarm.GetProperty("StateReasonData").GetString()!);
        Assert.Equal("1.0", data.GetProperty("recentDatapoints")[0].GetRawText());
        Assert.Equal(60, data.GetProperty("period").GetInt32());

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("ALARM", await State(cloud));
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("OK", await State(cloud));
    }

    [Fact]
    public async Task Dimensions_must_all_match()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(cloud, "PutMetricAlarm", Alarm);
        await Call(
            cloud,
            "PutMetricData",
            """{"Namespace":"Disa","MetricData":[{"MetricName":"Failed","Value":5},{"MetricName":"Failed","Value":5,"Dimensions":[{"Name":"Stack","Value":"disa"},{"Name":"Other","Value":"x"}]}]}"""
        );

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("OK", await State(cloud));
    }

    [Fact]
    public async Task M_of_N_alarms_on_two_breaching_periods_of_three()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(
            cloud,
            "PutMetricAlarm",
            Alarm
                .Replace("\"EvaluationPeriods\":1", "\"EvaluationPeriods\":3")
                .Replace("\"DatapointsToAlarm\":1", "\"DatapointsToAlarm\":2")
        );
        await Fail(cloud);
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("OK", await State(cloud));

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        await Fail(cloud);
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));

        var alarm = await Describe(cloud);
        Assert.Equal("ALARM", alarm.GetProperty("StateValue").GetString());
        Assert.Contains("2 out of the last 3 datapoints", alarm.GetProperty("StateReason").GetString());
        Assert.Contains(
            "and 1 missing datapoint was treated as [NonBreaching] (minimum 2 datapoints for OK -> ALARM transition).",
            alarm.GetProperty("StateReason").GetString()
        );
    }

    [Fact]
    public async Task A_set_state_lasts_until_the_next_evaluation()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(cloud, "PutMetricAlarm", Alarm);
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
        await Call(cloud, "SetAlarmState", """{"AlarmName":"failed","StateValue":"ALARM","StateReason":"a drill"}""");
        Assert.Equal("ALARM", await State(cloud));

        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("OK", await State(cloud));
    }

    [Fact]
    public async Task A_high_resolution_alarm_is_evaluated_every_ten_seconds()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(cloud, "PutMetricAlarm", Alarm.Replace("\"Period\":60", "\"Period\":10"));
        await cloud.Cloud.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("OK", await State(cloud));
        await Call(
            cloud,
            "PutMetricData",
            """{"Namespace":"Disa","MetricData":[{"MetricName":"Failed","Value":1,"StorageResolution":1,"Dimensions":[{"Name":"Stack","Value":"disa"}]}]}"""
        );

        await cloud.Cloud.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("ALARM", await State(cloud));
    }

    [Fact]
    public async Task An_alarm_is_still_in_alarm_after_a_restart_and_recovers()
    {
        var directory = Directory.CreateTempSubdirectory("disa-test-").FullName;
        try
        {
            await using (var cloud = await TestCloud.Start(Still() with { DataDirectory = directory }))
            {
                await Call(cloud, "PutMetricAlarm", Alarm);
                await Fail(cloud);
                await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));
                Assert.Equal("ALARM", await State(cloud));
            }

            await using (var cloud = await TestCloud.Start(Still() with { DataDirectory = directory }))
            {
                Assert.Equal("ALARM", await State(cloud));
                await cloud.Cloud.Advance(TimeSpan.FromMinutes(6));
                Assert.Equal("OK", await State(cloud));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Updating_an_alarm_keeps_its_state_and_its_tags()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(cloud, "PutMetricAlarm", Alarm[..Alarm.LastIndexOf('}')] + """,  "Tags":[{"Key":"a","Value":"1"}]}""");
        await Call(cloud, "SetAlarmState", """{"AlarmName":"failed","StateValue":"ALARM","StateReason":"a drill"}""");

        await Call(cloud, "PutMetricAlarm", Alarm.Replace("\"Threshold\":1", "\"Threshold\":7"));

        Assert.Equal("ALARM", await State(cloud));
        var arn = (await Describe(cloud)).GetProperty("AlarmArn").GetString();
        var tags = await Call(cloud, "ListTagsForResource", $$"""{"ResourceARN":"{{arn}}"}""");
        Assert.Equal("a", tags.GetProperty("Tags")[0].GetProperty("Key").GetString());
    }

    [Fact]
    public async Task The_history_tells_configuration_and_states_with_their_reasons()
    {
        await using var cloud = await TestCloud.Start(Still());
        await Call(cloud, "PutMetricAlarm", Alarm);
        await Fail(cloud);
        await cloud.Cloud.Advance(TimeSpan.FromMinutes(1));

        var items = (await Call(cloud, "DescribeAlarmHistory", """{"AlarmName":"failed"}""")).GetProperty("AlarmHistoryItems");

        Assert.Equal("Alarm updated from INSUFFICIENT_DATA to ALARM", items[0].GetProperty("HistorySummary").GetString());
        var data = JsonElement.Parse(items[0].GetProperty("HistoryData").GetString()!);
        Assert.Equal("INSUFFICIENT_DATA", data.GetProperty("oldState").GetProperty("stateValue").GetString());
        Assert.Equal("Sum", data.GetProperty("newState").GetProperty("stateReasonData").GetProperty("statistic").GetString());
        Assert.Equal("Alarm \"failed\" created", items[1].GetProperty("HistorySummary").GetString());
    }

    [Theory]
    [InlineData(
        """{"AlarmName":"failed","StateValue":"INVALID","StateReason":"x"}""",
        400,
        "Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"
    )]
    [InlineData("""{"AlarmName":"other","StateValue":"OK","StateReason":"x"}""", 404, "ResourceNotFound")]
    public async Task SetAlarmState_refuses_as_recorded_on_AWS_on_2023_11_24(string request, int status, string part)
    {
        await using var cloud = await TestCloud.Start(Still());

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "SetAlarmState", request));

        Assert.Equal(status, error.Status);
        Assert.Contains(part, JsonElement.Parse(error.Body).GetRawText().Replace("\\u0027", "'"));
    }

    [Theory]
    [InlineData("\"Period\":60", "\"Period\":45")]
    [InlineData("\"EvaluationPeriods\":1", "\"EvaluationPeriods\":1441")]
    [InlineData("\"DatapointsToAlarm\":1", "\"DatapointsToAlarm\":2")]
    [InlineData("\"notBreaching\"", "\"fine\"")]
    [InlineData("\"Sum\"", "\"Total\"")]
    public async Task An_alarm_that_makes_no_sense_is_refused(string good, string bad)
    {
        await using var cloud = await TestCloud.Start(Still());

        var error = await Assert.ThrowsAsync<TestAwsException>(() => Call(cloud, "PutMetricAlarm", Alarm.Replace(good, bad)));

        Assert.Equal(400, error.Status);
        Assert.Contains("ValidationException", error.Body);
    }

    /// <summary>Real time stands still at 06:30:20: only what a test moves goes by.</summary>
    private static LocalCloudOptions Still() =>
        new() { Wall = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 6, 30, 20, TimeSpan.Zero)) };

    private static Task<JsonElement> Call(TestCloud cloud, string operation, string body) =>
        cloud.Json("monitoring", "GraniteServiceVersion20100801." + operation, body);

    private static Task Fail(TestCloud cloud) =>
        Call(
            cloud,
            "PutMetricData",
            """{"Namespace":"Disa","MetricData":[{"MetricName":"Failed","Value":1,"Unit":"Count","Dimensions":[{"Name":"Stack","Value":"disa"}]}]}"""
        );

    private static async Task<JsonElement> Describe(TestCloud cloud) =>
        (await Call(cloud, "DescribeAlarms", """{"AlarmNames":["failed"]}""")).GetProperty("MetricAlarms")[0];

    private static async Task<string?> State(TestCloud cloud) => (await Describe(cloud)).GetProperty("StateValue").GetString();
}
