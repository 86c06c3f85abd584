namespace Disa.Emulator.CloudWatch.MetricMath;

/// <summary>What an expression comes to: a number (S), a time series (TS), an array of series (TS[]) or a word such as REPEAT.</summary>
internal abstract record MathValue;

internal sealed record Scalar(double Value) : MathValue;

internal sealed record Word(string Text) : MathValue;

/// <summary>A time series: the points that there are, oldest first, on a grid of one period.</summary>
/// <param name="Points">Time and value; a period without a value is not among them.</param>
/// <param name="Period">Seconds.</param>
/// <param name="Label">What it is called in the answer.</param>
/// <param name="Id">The query's id.</param>
internal sealed record Series(IReadOnlyList<(DateTimeOffset Time, double Value)> Points, int Period, string Label, string Id) : MathValue
{
    public IEnumerable<double> Values => Points.Select(point => point.Value);

    /// <summary>What is not a finite number, such as something divided by zero, is no point.</summary>
    public Series With(IEnumerable<(DateTimeOffset Time, double Value)> points) =>
        this with
        {
            Points = [.. points.Where(point => double.IsFinite(point.Value))],
        };

    public Series Each(Func<double, double> change) => With(Points.Select(point => (point.Time, change(point.Value))));

    public Dictionary<DateTimeOffset, double> ByTime() => Points.ToDictionary(point => point.Time, point => point.Value);
}

internal sealed record SeriesArray(IReadOnlyList<Series> Members) : MathValue;

/// <summary>The stretch of time that an expression is evaluated over.</summary>
/// <param name="Start">The first period's start.</param>
/// <param name="End">Exclusive.</param>
/// <param name="Period">Seconds, for what has none of its own.</param>
internal sealed record MathRange(DateTimeOffset Start, DateTimeOffset End, int Period)
{
    /// <summary>The start of every period, oldest first.</summary>
    public IEnumerable<DateTimeOffset> Times(int period)
    {
        for (var time = Start; time < End; time = time.AddSeconds(period))
        {
            yield return time;
        }
    }
}

/// <summary>An expression that cannot be read, or not be evaluated: what is wrong with it.</summary>
internal sealed class MathException(string message) : Exception(message);
