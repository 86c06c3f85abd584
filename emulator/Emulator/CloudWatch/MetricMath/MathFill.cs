namespace Disa.Emulator.CloudWatch.MetricMath;

/// <summary>FILL: a value for each period that has none - a number, another series' value, the value before (REPEAT) or a line between two (LINEAR).</summary>
internal static class MathFill
{
    public static Series Run(Series series, MathValue with, MathRange range)
    {
        var points = series.ByTime();
        var other = (with as Series)?.ByTime();
        return series.With(
            range
                .Times(series.Period)
                .Select(time => (Time: time, Value: points.TryGetValue(time, out var value) ? value : Missing(series, time, with, other)))
                .Where(point => point.Value is not null)
                .Select(point => (point.Time, point.Value!.Value))
        );
    }

    private static double? Missing(Series series, DateTimeOffset time, MathValue with, Dictionary<DateTimeOffset, double>? other) =>
        with switch
        {
            Scalar scalar => scalar.Value,
            Series => other!.TryGetValue(time, out var value) ? value : null,
            Word { Text: "REPEAT" } => Before(series, time)?.Value,
            Word { Text: "LINEAR" } => Between(Before(series, time), After(series, time), time),
            _ => throw new MathException("FILL takes a number, a time series, REPEAT or LINEAR."),
        };

    private static (DateTimeOffset Time, double Value)? Before(Series series, DateTimeOffset time)
    {
        var at = First(series, time) - 1;
        return at >= 0 ? series.Points[at] : null;
    }

    private static (DateTimeOffset Time, double Value)? After(Series series, DateTimeOffset time)
    {
        var at = First(series, time);
        return at < series.Points.Count ? series.Points[at] : null;
    }

    /// <summary>The position of the first point that is not before a time, by halves.</summary>
    private static int First(Series series, DateTimeOffset time)
    {
        var (low, high) = (0, series.Points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = series.Points[middle].Time < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static double? Between(
        (DateTimeOffset Time, double Value)? before,
        (DateTimeOffset Time, double Value)? after,
        DateTimeOffset time
    ) =>
        before is { } left && after is { } right
            ? left.Value + ((right.Value - left.Value) * ((time - left.Time) / (right.Time - left.Time)))
            : null;
}
