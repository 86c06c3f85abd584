namespace Disa.Emulator.CloudWatch.MetricMath;

/// <summary>IF(condition, value where it is not zero [, value where it is]): period by period where the condition is a series.</summary>
internal static class MathChoice
{
    public static MathValue If(IReadOnlyList<MathValue> arguments)
    {
        if (arguments.Count is not (2 or 3))
        {
            throw new MathException("IF takes a condition, a value and perhaps another one.");
        }

        var otherwise = arguments.Count == 3 ? arguments[2] : null;
        return arguments[0] switch
        {
            Scalar { Value: not 0 } => arguments[1],
            Scalar when otherwise is not null => otherwise,
            Scalar => new SeriesArray([]),
            Series condition => Each(condition, Of(arguments[1]), otherwise is null ? null : Of(otherwise)),
            _ => throw new MathException("The condition of IF is a number or a time series."),
        };
    }

    private static Series Each(Series condition, Func<DateTimeOffset, double?> then, Func<DateTimeOffset, double?>? otherwise) =>
        condition.With(
            condition
                .Points.Select(point => (point.Time, Value: point.Value != 0 ? then(point.Time) : otherwise?.Invoke(point.Time)))
                .Where(point => point.Value is not null)
                .Select(point => (point.Time, point.Value!.Value))
        );

    private static Func<DateTimeOffset, double?> Of(MathValue value)
    {
        switch (value)
        {
            case Scalar scalar:
                return _ => scalar.Value;
            case Series series:
                var points = series.ByTime();
                return time => points.TryGetValue(time, out var found) ? found : null;
            default:
                throw new MathException("The values of IF are numbers or time series.");
        }
    }
}
