namespace Disa.WebConsole.Pages;

/// <summary>Sent and failed messages by the minute or more, as bars on a grid, and as a table for readers who do not see them.</summary>
internal static class TrafficChart
{
    /// <summary>How far back the charts look: what an address says, in words, and how much time a bar is.</summary>
    public static readonly (string Name, string Words, TimeSpan Span, TimeSpan Slot)[] Ranges =
    [
        ("30m", "30 minutes", TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1)),
        ("3h", "3 hours", TimeSpan.FromHours(3), TimeSpan.FromMinutes(5)),
        ("24h", "24 hours", TimeSpan.FromHours(24), TimeSpan.FromMinutes(30)),
        ("7d", "7 days", TimeSpan.FromDays(7), TimeSpan.FromHours(3)),
    ];

    public static Html Draw(Traffic traffic)
    {
        var plot = new Plot(traffic);
        var (sent, failed) = (plot.Sums("sent"), plot.Sums("failed"));
        var most = Plot.Round(sent.Zip(failed, (a, b) => a + b).Max());
        return plot.Draw(
            Show.Number(most),
            Show.Number(most / 2),
            $"{Show.Number(sent.Sum())} sent and {Show.Number(failed.Sum())} failed since {plot.At(0)} UTC",
            Html.Join(Enumerable.Range(0, plot.Slots).Select(i => plot.Slot(
                i, $"{Show.Number(sent[i])} sent, {Show.Number(failed[i])} failed", Html.Of($"{Bar("sent", i, 0, sent[i])}{Bar("failed", i, sent[i], failed[i])}")))),
            Html.Of(
                $"""
                <span class="key sent">sent {Show.Number(sent.Sum())}</span> <span class="key failed">failed {Show.Number(failed.Sum())}</span>
                <span>messages in {Show.Span(traffic.Slot)}, times in UTC</span>
                """),
            plot.Table(
                ["Sent", "Failed"],
                i => sent[i] + failed[i] == 0 ? null : [Show.Number(sent[i]), Show.Number(failed[i])]));

        Html Bar(string kind, int i, double below, double value) => Html.When(value > 0,
            $"""<rect class="{kind}" x="{(i * plot.SlotWidth) + 1}" y="{Plot.Y((below + value) / most)}" width="{plot.SlotWidth - 2}" height="{Plot.Height * value / most}"/>""");
    }
}
