using System.Globalization;

namespace Disa.WebConsole.Pages;

/// <summary>The grid that values over time are drawn on, with its scale, its hover texts and its table.</summary>
internal sealed class Plot(Traffic traffic)
{
    public const int Height = 90;
    private const int Width = 720;
    private const int Quarters = 4;

    public int Slots { get; } = (int)((traffic.To - traffic.From) / traffic.Slot);

    public double SlotWidth => (double)Width / Slots;

    /// <summary>The next of 2, 4, 10, 20, 40, 100 …, whose half is whole.</summary>
    public static double Round(double most)
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

    /// <summary>Where a share of the scale is, from the top.</summary>
    public static double Y(double share) => Height - (share * Height);

    /// <summary>The values of each slot together.</summary>
    public double[] Sums(string id)
    {
        var sums = new double[Slots];
        foreach (var (slot, value) in Points(id))
        {
            sums[slot] += value;
        }

        return sums;
    }

    /// <summary>The value of each slot; null where it has none.</summary>
    public double?[] Values(string id)
    {
        var values = new double?[Slots];
        foreach (var (slot, value) in Points(id))
        {
            values[slot] = value;
        }

        return values;
    }

    /// <summary>When a slot begins.</summary>
    public string At(double slot) => (traffic.From + (slot * traffic.Slot)).UtcDateTime.ToString(
        traffic.To - traffic.From < TimeSpan.FromHours(24) ? "HH:mm" : "MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A slot, with the text that is shown over it.</summary>
    public Html Slot(int i, string text, Html marks) => Html.Of(
        $"""
        <g class="slot"><title>{At(i)} UTC: {text}</title>
        <rect class="hit" x="{i * SlotWidth}" y="0" width="{SlotWidth}" height="{Height}"/>{marks}</g>
        """);

    /// <param name="top">The value at the top of the scale.</param>
    /// <param name="middle">The value at half its height.</param>
    /// <param name="label">What it shows, for readers who do not see it.</param>
    /// <param name="marks">Its bars or lines.</param>
    /// <param name="caption">Its key.</param>
    /// <param name="table">The same as a table.</param>
    public Html Draw(string top, string middle, string label, Html marks, Html caption, Html table) => Html.Of(
        $"""
        <figure class="chart">
        <div class="plot">
        <p class="values" aria-hidden="true"><span>{top}</span><span>{middle}</span><span>0</span></p>
        <svg viewBox="0 0 {Width} {Height + 2}" preserveAspectRatio="none" role="img" aria-label="{label}">
        <g class="grid">{Enumerable.Range(0, Quarters + 1).Select(i => Html.Of(
            $"""<line x1="{Width / Quarters * i}" y1="0" x2="{Width / Quarters * i}" y2="{Height}"/>"""))}
        <line x1="0" y1="0" x2="{Width}" y2="0"/><line x1="0" y1="{Height / 2}" x2="{Width}" y2="{Height / 2}"/></g>
        {marks}<line class="axis" x1="0" y1="{Height}" x2="{Width}" y2="{Height}"/>
        </svg>
        <p class="scale" aria-hidden="true">{Enumerable.Range(0, Quarters + 1).Select(i => Html.Of($"<span>{At(Slots / (double)Quarters * i)}</span>"))}</p>
        </div>
        <figcaption>{caption}</figcaption>
        {table}
        </figure>
        """);

    /// <param name="columns">The headers after the time's.</param>
    /// <param name="row">The values of a slot; null where it has no row.</param>
    public Html Table(string[] columns, Func<int, string[]?> row)
    {
        var rows = Enumerable.Range(0, Slots).Select(i => (At: At(i), Values: row(i))).Where(one => one.Values is not null).ToList();
        return Html.When(rows.Count > 0,
            $"""
            <details><summary>As a table</summary>
            <table><thead><tr><th scope="col">From (UTC)</th>{columns.Select(column => Html.Of($"""<th scope="col" class="number">{column}</th>"""))}</tr></thead>
            <tbody>{rows.Select(one => Html.Of(
                $"""<tr><th scope="row">{one.At}</th>{one.Values!.Select(value => Html.Of($"""<td class="number">{value}</td>"""))}</tr>"""))}</tbody></table></details>
            """);
    }

    private IEnumerable<(int Slot, double Value)> Points(string id) => traffic.Series.GetValueOrDefault(id, [])
        .Select(point => ((int)Math.Floor((point.At - traffic.From) / traffic.Slot), point.Value))
        .Where(point => point.Item1 >= 0 && point.Item1 < Slots);
}
