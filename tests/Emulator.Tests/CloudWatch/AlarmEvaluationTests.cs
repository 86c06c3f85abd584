using Disa.Emulator.CloudWatch;

namespace Disa.Emulator.Tests.CloudWatch;

/// <summary>The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, row by row.</summary>
public sealed class AlarmEvaluationTests
{
    [Theory]
    [InlineData(3, 3, "0-X-X", "OK", "OK", "OK", "OK")]
    [InlineData(3, 3, "0----", "OK", "OK", "OK", "OK")]
    [InlineData(3, 3, "-----", "INSUFFICIENT_DATA", "keep", "ALARM", "OK")]
    [InlineData(3, 3, "0XX-X", "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData(3, 3, "--X--", "ALARM", "keep", "ALARM", "OK")]
    [InlineData(3, 2, "0-X-X", "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData(3, 2, "00X0X", "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData(3, 2, "0-X--", "OK", "OK", "ALARM", "OK")]
    [InlineData(3, 2, "----0", "OK", "OK", "ALARM", "OK")]
    [InlineData(3, 2, "---X-", "ALARM", "keep", "ALARM", "OK")]
    public void The_documented_tables_hold(
        int periods,
        int toAlarm,
        string points,
        string missing,
        string ignore,
        string breaching,
        string notBreaching
    )
    {
        Assert.Equal(missing, Evaluate(points, periods, toAlarm, MissingData.Missing));
        Assert.Equal(ignore, Evaluate(points, periods, toAlarm, MissingData.Ignore));
        Assert.Equal(breaching, Evaluate(points, periods, toAlarm, MissingData.Breaching));
        Assert.Equal(notBreaching, Evaluate(points, periods, toAlarm, MissingData.NotBreaching));
    }

    [Theory]
    [InlineData("----X", "keep")]
    [InlineData("---XX", "keep")]
    [InlineData("--XXX", "ALARM")]
    [InlineData("0XX-X", "ALARM")]
    public void A_breaching_value_just_in_makes_no_premature_alarm(string points, string state) =>
        Assert.Equal(state, Evaluate(points, 3, 3, MissingData.Missing).Replace("ALARM*", "ALARM"));

    [Theory]
    [InlineData(3, 300, 5)]
    [InlineData(1, 900, 3)]
    [InlineData(1, 60, 5)]
    [InlineData(10, 60, 12)]
    public void More_periods_are_fetched_than_are_evaluated(int periods, int period, int range) =>
        Assert.Equal(range, AlarmEvaluation.Range(periods, period));

    private static string Evaluate(string points, int periods, int toAlarm, MissingData missing) =>
        AlarmEvaluation
            .Evaluate(points.Select(point => point == '-' ? (bool?)null : point == 'X').ToList(), periods, toAlarm, missing)
            .State
        ?? "keep";
}
