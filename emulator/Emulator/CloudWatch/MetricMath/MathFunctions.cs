using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudWatch.MetricMath;

/// <summary>The functions of metric math, by the names of the user guide's table.</summary>
internal static class MathFunctions
{
    /// <summary>AWS has these; they need what the emulator does not have.</summary>
    private static readonly string[] Refused =
    [
        "ANOMALY_DETECTION_BAND",
        "DB_PERF_INSIGHTS",
        "INSIGHT_RULE_METRIC",
        "LAMBDA",
        "SEARCH",
        "SERVICE_QUOTA",
    ];

    private static readonly Dictionary<string, Func<double, double>> Pointwise = new(StringComparer.Ordinal)
    {
        ["ABS"] = Math.Abs,
        ["CEIL"] = Math.Ceiling,
        ["FLOOR"] = Math.Floor,
        ["LOG"] = Math.Log,
        ["LOG10"] = Math.Log10,
    };

    /// <summary>Of all values of a series one number; of the values that several series have at one time one point.</summary>
    private static readonly Dictionary<string, Func<IReadOnlyList<double>, double>> Gathering = new(StringComparer.Ordinal)
    {
        ["AVG"] = values => values.Average(),
        ["MAX"] = values => values.Max(),
        ["MIN"] = values => values.Min(),
        ["SUM"] = values => values.Sum(),
        ["STDDEV"] = Deviation,
    };

    private static readonly Dictionary<string, Func<DateTimeOffset, double>> OfTime = new(StringComparer.Ordinal)
    {
        ["MINUTE"] = time => time.UtcDateTime.Minute,
        ["HOUR"] = time => time.UtcDateTime.Hour,

        // Monday is 1, Sunday 7.
        ["DAY"] = time => time.UtcDateTime.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.UtcDateTime.DayOfWeek,
        ["DATE"] = time => time.UtcDateTime.Day,
        ["MONTH"] = time => time.UtcDateTime.Month,
        ["YEAR"] = time => time.UtcDateTime.Year,
        ["EPOCH"] = time => time.ToUnixTimeSeconds(),
    };

    public static MathValue Run(string name, IReadOnlyList<MathValue> arguments, MathRange range)
    {
        if (Refused.Contains(name))
        {
            throw AwsException.NotImplemented($"the metric math function {name}");
        }

        return (name, arguments) switch
        {
            (_, [Scalar scalar]) when Pointwise.TryGetValue(name, out var change) => new Scalar(change(scalar.Value)),
            (_, [Series or SeriesArray]) when Pointwise.TryGetValue(name, out var change) => Each(arguments[0], one => one.Each(change)),
            (_, [Series series]) when Gathering.TryGetValue(name, out var gather) => One(series, gather),
            (_, [SeriesArray array]) when Gathering.TryGetValue(name, out var gather) => Across(array, gather, name),
            (_, [Series or SeriesArray]) when OfTime.TryGetValue(name, out var part) => Each(
                arguments[0],
                one => one.With(one.Points.Select(point => (point.Time, part(point.Time))))
            ),
            ("DATAPOINT_COUNT", [Series series]) => new Scalar(series.Points.Count),
            ("METRIC_COUNT", [SeriesArray array]) => new Scalar(array.Members.Count),
            ("METRIC_COUNT", [Series]) => new Scalar(1),
            ("PERIOD", [Series series]) => new Scalar(series.Period),
            ("DIFF", [Series or SeriesArray]) => Each(arguments[0], one => Differences(one, (a, b) => b.Value - a.Value)),
            ("DIFF_TIME", [Series or SeriesArray]) => Each(arguments[0], one => Differences(one, (a, b) => (b.Time - a.Time).TotalSeconds)),
            ("RATE", [Series or SeriesArray]) => Each(
                arguments[0],
                one => Differences(one, (a, b) => (b.Value - a.Value) / (b.Time - a.Time).TotalSeconds)
            ),
            ("RUNNING_SUM", [Series or SeriesArray]) => Each(arguments[0], RunningSum),
            ("FILL", [Series or SeriesArray, var with]) => Each(arguments[0], one => MathFill.Run(one, with, range)),
            ("FIRST", [SeriesArray { Members: [var first, ..] }]) => first,
            ("LAST", [SeriesArray { Members: [.., var last] }]) => last,
            ("REMOVE_EMPTY", [SeriesArray array]) => new SeriesArray([.. array.Members.Where(one => one.Points.Count > 0)]),
            ("SLICE", [SeriesArray array, Scalar from]) => Slice(array, (int)from.Value, (int)from.Value + 1, single: true),
            ("SLICE", [SeriesArray array, Scalar from, Scalar to]) => Slice(array, (int)from.Value, (int)to.Value, single: false),
            ("SORT", [SeriesArray array, Word by, Word order]) => Sort(array, by.Text, order.Text, array.Members.Count),
            ("SORT", [SeriesArray array, Word by, Word order, Scalar limit]) => Sort(array, by.Text, order.Text, (int)limit.Value),
            ("TIME_SERIES", [Scalar scalar]) => new Series(
                [.. range.Times(range.Period).Select(time => (time, scalar.Value))],
                range.Period,
                "",
                ""
            ),
            _ => throw new MathException($"The function {name} does not accept these arguments."),
        };
    }

    private static MathValue Each(MathValue value, Func<Series, Series> change) =>
        value is SeriesArray array ? new SeriesArray([.. array.Members.Select(change)]) : change((Series)value);

    private static Scalar One(Series series, Func<IReadOnlyList<double>, double> gather) =>
        series.Points.Count > 0 ? new(gather([.. series.Values])) : throw new NoDataException();

    /// <summary>At each time, of the series that have a value then.</summary>
    private static Series Across(SeriesArray array, Func<IReadOnlyList<double>, double> gather, string name) =>
        new(
            [
                .. array
                    .Members.SelectMany(member => member.Points)
                    .GroupBy(point => point.Time)
                    .OrderBy(points => points.Key)
                    .Select(points => (points.Key, gather([.. points.Select(point => point.Value)]))),
            ],
            array.Members.Count == 0 ? 60 : array.Members.Max(member => member.Period),
            name,
            ""
        );

    private static Series Differences(
        Series series,
        Func<(DateTimeOffset Time, double Value), (DateTimeOffset Time, double Value), double> difference
    ) => series.With(series.Points.Zip(series.Points.Skip(1), (before, after) => (after.Time, difference(before, after))));

    private static Series RunningSum(Series series)
    {
        var sum = 0.0;
        return series.Each(value => sum += value);
    }

    private static MathValue Slice(SeriesArray array, int from, int to, bool single)
    {
        var part = array.Members.Skip(Math.Max(0, from)).Take(Math.Max(0, to - Math.Max(0, from))).ToList();
        return single && part is [var only] ? only : new SeriesArray(part);
    }

    private static SeriesArray Sort(SeriesArray array, string by, string order, int limit)
    {
        if (by is not ("AVG" or "MIN" or "MAX" or "SUM") || order is not ("ASC" or "DESC"))
        {
            throw new MathException("SORT takes AVG, MIN, MAX or SUM, then ASC or DESC.");
        }

        var filled = array.Members.Where(member => member.Points.Count > 0);
        double Of(Series member) => Gathering[by]([.. member.Values]);
        var sorted = order == "ASC" ? filled.OrderBy(Of) : filled.OrderByDescending(Of);
        return new([.. sorted.Take(limit)]);
    }

    private static double Deviation(IReadOnlyList<double> values)
    {
        var average = values.Average();
        return Math.Sqrt(values.Sum(value => (value - average) * (value - average)) / values.Count);
    }
}

/// <summary>A number was to be drawn from a series without a value: the result has none either.</summary>
internal sealed class NoDataException : Exception;
