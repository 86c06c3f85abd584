using System.Globalization;

namespace Disa.WebConsole.Pages;

/// <summary>Sent and failed messages by the minute, as bars, and as a table for who does not see them.</summary>
internal static class MinuteChart
{
    private const int Width = 720;
    private const int Height = 90;

    public static Html Draw(Traffic traffic)
    {
        var minutes = (int)(traffic.To - traffic.From).TotalMinutes;
        var sent = Values("sent");
        var failed = Values("failed");
        var most = Math.Max(1, sent.Zip(failed, (a, b) => a + b).Max());
        var slot = (double)Width / minutes;
        var bars = Enumerable.Range(0, minutes).Where(i => sent[i] + failed[i] > 0).Select(i => Html.Of(
            $"""
            <g><title>{At(i)}: {Show.Number(sent[i])} sent, {Show.Number(failed[i])} failed</title>
            {Bar("sent", i, 0, sent[i])}{Bar("failed", i, sent[i], failed[i])}</g>
            """));
        return Html.Of(
            $"""
            <figure class="chart">
            <p class="scale">{Show.Number(most)}</p>
            <svg viewBox="0 0 {Width} {Height + 2}" preserveAspectRatio="none" role="img" aria-label="{Show.Number(sent.Sum())} sent and {Show.Number(failed.Sum())} failed in {minutes} minutes, at most {Show.Number(most)} in one">
            <line class="axis" x1="0" y1="{Height}" x2="{Width}" y2="{Height}"/>{bars}
            </svg>
            <p class="scale"><span>{At(0)}</span><span>{At(minutes - 1)}</span></p>
            <figcaption><span class="key sent">sent {Show.Number(sent.Sum())}</span> <span class="key failed">failed {Show.Number(failed.Sum())}</span>
            {(traffic.Newest("latency") is { } latency ? Html.Of($"<span>from insert to sent {Show.Span(TimeSpan.FromMilliseconds(latency))}</span>") : Html.None)}</figcaption>
            </figure>
            """);

        double[] Values(string id)
        {
            var values = new double[minutes];
            foreach (var (at, value) in traffic.Series.GetValueOrDefault(id, []))
            {
                var i = (int)(at - traffic.From).TotalMinutes;
                if (i >= 0 && i < minutes)
                {
                    values[i] = value;
                }
            }

            return values;
        }

        string At(int minute) => (traffic.From + TimeSpan.FromMinutes(minute)).UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);

        Html Bar(string kind, int i, double below, double value) => Html.When(value > 0,
            $"""<rect class="{kind}" x="{(i * slot) + 1}" y="{Height - ((below + value) / most * Height)}" width="{slot - 2}" height="{value / most * Height}"/>""");
    }
}
