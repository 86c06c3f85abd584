using System.Globalization;

namespace Disa.WebConsole.Pages;

/// <summary>How long messages took from insert to sent: the time within which half, 95 and 99 percent of them were.</summary>
internal static class LatencyChart
{
    private static readonly string[] Percentiles = ["p50", "p95", "p99"];

    /// <summary>Nothing where nothing was sent.</summary>
    public static Html Draw(Traffic traffic)
    {
        var plot = new Plot(traffic);
        var series = Percentiles.ToDictionary(id => id, plot.Values);
        var longest = series["p99"].Max() ?? 0;
        if (longest <= 0)
        {
            return Html.None;
        }

        var most = Plot.Round(longest);
        return plot.Draw(
            Words(most),
            Words(most / 2),
            $"From insert to sent since {plot.At(0)} UTC: {string.Join(", ", Percentiles.Select(id => $"{id} up to {Words(series[id].Max())}"))}",
            Html.Of(
                $"""
                {Enumerable.Range(0, plot.Slots).Select(i => plot.Slot(i, string.Join(", ", Percentiles.Select(id => $"{id} {Words(series[id][i])}")), Html.None))}
                {Percentiles.Select(id => Html.Of($"""<path class="percentile {id}" d="{Line(series[id])}"/>"""))}
                """),
            Html.Of(
                $"""
                {Percentiles.Select(id => Html.Of($"""<span class="key line {id}">{id} {Words(series[id].LastOrDefault(value => value is not null))}</span> """))}
                <span>from insert to sent, of the messages of {Show.Span(traffic.Slot)}</span>
                """),
            plot.Table(Percentiles, i => series["p99"][i] is null ? null : [.. Percentiles.Select(id => Words(series[id][i]))]));

        string Line(double?[] values)
        {
            var line = new List<string>();
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] is { } value)
                {
                    // A slot alone, or the first after a gap, begins a line of its own; each is as wide as its slot.
                    line.Add(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(i > 0 && values[i - 1] is not null ? 'L' : 'M')}{i * plot.SlotWidth:0.#} {Plot.Y(value / most):0.#}H{(i + 1) * plot.SlotWidth:0.#}"));
                }
            }

            return string.Join(' ', line);
        }
    }

    private static string Words(double? milliseconds) => milliseconds is { } value ? Show.Span(TimeSpan.FromMilliseconds(value)) : "–";
}
