using System.Globalization;
using Amazon.CloudWatch.Model;

namespace Disa.WebConsole.Pages;

/// <summary>An alarm's metric by the period, its threshold as a line, and the evaluated points marked.</summary>
internal static class AlarmChart
{
    private const int Width = 720;
    private const int Height = 110;
    private const int Periods = 60;

    public static Html Draw(MetricAlarm alarm, IReadOnlyList<(DateTimeOffset At, double Value)> points, DateTimeOffset now, IReadOnlyList<(DateTimeOffset At, double? Value)> evaluated)
    {
        var period = AlarmPage.PeriodOf(alarm);
        var to = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % period.Ticks), TimeSpan.Zero) + period;
        var from = to - (Periods * period);
        var threshold = alarm.Threshold ?? 0;
        var most = Math.Max(1, Math.Max(threshold * 1.5, points.Count == 0 ? 0 : points.Max(point => point.Value)));
        var slot = (double)Width / Periods;
        double X(DateTimeOffset at) => (at - from) / period * slot;
        double Y(double value) => Height - (value / most * Height);
        string At(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);
        var breaching = points.Count(point => Breaches(alarm, point.Value));
        return Html.Of(
            $"""
            <figure class="chart">
            <p class="scale">{Show.Number(most)}</p>
            <svg viewBox="0 0 {Width} {Height + 2}" preserveAspectRatio="none" role="img" aria-label="{AlarmPage.Watched(alarm)} in {Periods} periods: {points.Count} have a value, {breaching} of them are beyond the threshold of {threshold}.">
            <line class="axis" x1="0" y1="{Height}" x2="{Width}" y2="{Height}"/>
            {evaluated.Where(point => point.At >= from && point.At < to).Select(point => Html.Of($"""<rect class="evaluated" x="{X(point.At)}" y="0" width="{slot}" height="{Height}"><title>evaluated: {At(point.At)}</title></rect>"""))}
            {points.Select(point => Html.Of($"""<rect class="{(Breaches(alarm, point.Value) ? "failed" : "sent")}" x="{X(point.At) + 1}" y="{Y(Math.Max(point.Value, most / 60))}" width="{slot - 2}" height="{Height - Y(Math.Max(point.Value, most / 60))}"><title>{At(point.At)}: {Show.Number(point.Value)}</title></rect>"""))}
            <line class="threshold" x1="0" y1="{Y(threshold)}" x2="{Width}" y2="{Y(threshold)}"/>
            </svg>
            <p class="scale"><span>{At(from)}</span><span>{At(to)}</span></p>
            <figcaption><span class="key line">threshold {Show.Number(threshold)}</span> <span class="key failed">beyond the threshold</span> <span class="key sent">within</span> <span class="key evaluated">evaluated for the state</span></figcaption>
            </figure>
            """);
    }

    private static bool Breaches(MetricAlarm alarm, double value) => alarm.ComparisonOperator switch
    {
        "GreaterThanThreshold" => value > alarm.Threshold,
        "LessThanThreshold" => value < alarm.Threshold,
        "LessThanOrEqualToThreshold" => value <= alarm.Threshold,
        _ => value >= alarm.Threshold,
    };
}
