using System.Globalization;

namespace Disa.Emulator.CloudWatch;

/// <summary>One number drawn from an aggregate: SampleCount, Average, Sum, Minimum, Maximum or a percentile such as <c>p99.9</c>.</summary>
internal sealed class Statistic
{
    private readonly Func<Aggregate, double?> draw;

    private Statistic(string name, Func<Aggregate, double?> draw)
    {
        Name = name;
        this.draw = draw;
    }

    public static IReadOnlyList<string> Plain { get; } = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

    /// <summary>As AWS spells it.</summary>
    public string Name { get; }

    public bool IsPercentile => Name[0] == 'p';

    /// <summary>Null where the name is none that this emulator draws: trimmed means and the like.</summary>
    public static Statistic? TryParse(string name) =>
        name switch
        {
            "SampleCount" => new(name, aggregate => aggregate.Count),
            "Average" => new(name, aggregate => aggregate.Count == 0 ? null : aggregate.Sum / aggregate.Count),
            "Sum" => new(name, aggregate => aggregate.Sum),
            "Minimum" => new(name, aggregate => aggregate.Minimum),
            "Maximum" => new(name, aggregate => aggregate.Maximum),
            ['p', .. var digits] when Percent(digits) is { } percent => new(name, aggregate => Percentile(aggregate, percent)),
            _ => null,
        };

    /// <summary>Null where the aggregate does not say (percentiles of statistic sets).</summary>
    public double? Of(Aggregate aggregate) => draw(aggregate);

    private static double? Percent(string digits) =>
        double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100
            ? percent
            : null;

    /// <summary>The value at the percentile's rank, between two values in proportion.</summary>
    private static double? Percentile(Aggregate aggregate, double percent)
    {
        if (aggregate.Spread is not { Count: > 0 } spread)
        {
            return null;
        }

        var rank = percent / 100 * (aggregate.Count - 1);
        var before = 0.0;
        for (var i = 0; i < spread.Count; i++)
        {
            var last = before + spread[i].Count - 1;
            if (rank <= last || i == spread.Count - 1)
            {
                return spread[i].Value;
            }

            if (rank < last + 1)
            {
                return spread[i].Value + ((rank - last) * (spread[i + 1].Value - spread[i].Value));
            }

            before += spread[i].Count;
        }

        return null;
    }
}
