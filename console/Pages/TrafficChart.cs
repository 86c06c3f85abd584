using System.Globalization;

namespace Disa.WebConsole.Pages;

/// <summary>Sent and failed messages by the minute or more, as bars on a grid, and as a table for who does not see them.</summary>
internal static class TrafficChart
{
    private const int Width = 720;
    private const int Height = 90;
    private const int Quarters = 4;

    /// <summary>How far back the chart can look: what an address says, in words, and how long a bar is.</summary>
    public static readonly (string Name, string Words, TimeSpan Span, TimeSpan Slot)[] Ranges =
    [
        ("30m", "30 minutes", TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1)),
        ("3h", "3 hours", TimeSpan.FromHours(3), TimeSpan.FromMinutes(5)),
        ("24h", "24 hours", TimeSpan.FromHours(24), TimeSpan.FromMinutes(30)),
        ("7d", "7 days", TimeSpan.FromDays(7), TimeSpan.FromHours(3)),
    ];

    public static Html Draw(Traffic traffic)
    {
        var slots = (int)((traffic.To - traffic.From) / traffic.Slot);
        var sent = Values("sent");
        var failed = Values("failed");
        var most = Round(sent.Zip(failed, (a, b) => a + b).Max());
        var slot = (double)Width / slots;
        var bars = Enumerable.Range(0, slots).Select(i => Html.Of(
            $"""
            <g class="slot"><title>{At(i)} UTC: {Show.Number(sent[i])} sent, {Show.Number(failed[i])} failed</title>
            <rect class="hit" x="{i * slot}" y="0" width="{slot}" height="{Height}"/>{Bar("sent", i, 0, sent[i])}{Bar("failed", i, sent[i], failed[i])}</g>
            """));
        return Html.Of(
            $"""
            <figure class="chart">
            <div class="plot">
            <p class="values" aria-hidden="true"><span>{Show.Number(most)}</span><span>{Show.Number(most / 2)}</span><span>0</span></p>
            <svg viewBox="0 0 {Width} {Height + 2}" preserveAspectRatio="none" role="img" aria-label="{Show.Number(sent.Sum())} sent and {Show.Number(failed.Sum())} failed since {At(0)} UTC">
            <g class="grid">{Enumerable.Range(0, Quarters + 1).Select(i => Html.Of($"""<line x1="{Width / Quarters * i}" y1="0" x2="{Width / Quarters * i}" y2="{Height}"/>"""))}
            <line x1="0" y1="0" x2="{Width}" y2="0"/><line x1="0" y1="{Height / 2}" x2="{Width}" y2="{Height / 2}"/></g>
            {bars}<line class="axis" x1="0" y1="{Height}" x2="{Width}" y2="{Height}"/>
            </svg>
            <p class="scale" aria-hidden="true">{Enumerable.Range(0, Quarters + 1).Select(i => Html.Of($"<span>{At(slots / (double)Quarters * i)}</span>"))}</p>
            </div>
            <figcaption><span class="key sent">sent {Show.Number(sent.Sum())}</span> <span class="key failed">failed {Show.Number(failed.Sum())}</span>
            {(traffic.Newest("latency") is { } latency ? Html.Of($"<span>from insert to sent {Show.Span(TimeSpan.FromMilliseconds(latency))}</span>") : Html.None)}
            <span>messages in {Show.Span(traffic.Slot)}, times in UTC</span></figcaption>
            {Table()}
            </figure>
            """);

        Html Table()
        {
            var busy = Enumerable.Range(0, slots).Where(i => sent[i] + failed[i] > 0).ToList();
            return Html.When(busy.Count > 0,
                $"""
                <details><summary>As a table</summary>
                <table><thead><tr><th scope="col">From (UTC)</th><th scope="col" class="number">Sent</th><th scope="col" class="number">Failed</th></tr></thead>
                <tbody>{busy.Select(i => Html.Of($"""<tr><th scope="row">{At(i)}</th><td class="number">{Show.Number(sent[i])}</td><td class="number">{Show.Number(failed[i])}</td></tr>"""))}</tbody></table></details>
                """);
        }

        double[] Values(string id)
        {
            var values = new double[slots];
            foreach (var (at, value) in traffic.Series.GetValueOrDefault(id, []))
            {
                var i = (int)Math.Floor((at - traffic.From) / traffic.Slot);
                if (i >= 0 && i < slots)
                {
                    values[i] += value;
                }
            }

            return values;
        }

        string At(double i) => (traffic.From + (i * traffic.Slot)).UtcDateTime.ToString(traffic.To - traffic.From < TimeSpan.FromHours(24) ? "HH:mm" : "MM-dd HH:mm", CultureInfo.InvariantCulture);

        Html Bar(string kind, int i, double below, double value) => Html.When(value > 0,
            $"""<rect class="{kind}" x="{(i * slot) + 1}" y="{Height - ((below + value) / most * Height)}" width="{slot - 2}" height="{value / most * Height}"/>""");
    }

    /// <summary>The next of 2, 4, 10, 20, 40, 100 …, whose half is whole.</summary>
    internal static double Round(double most)
    {
        for (var power = 1.0; ; power *= 10)
        {
            foreach (var step in (double[])[2, 4, 10])
            {
                if (step * power >= most)
                {
                    return step * power;
                }
            }
        }
    }
}
