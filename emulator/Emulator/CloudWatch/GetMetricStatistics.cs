using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

public sealed record GetMetricStatisticsRequest(
    string? Namespace,
    string? MetricName,
    List<Dimension>? Dimensions,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    int? Period,
    List<string>? Statistics,
    List<string>? ExtendedStatistics,
    string? Unit
);

public sealed record GetMetricStatisticsResponse(string Label, IReadOnlyList<Datapoint> Datapoints);

public sealed record Datapoint
{
    public DateTimeOffset Timestamp { get; init; }

    public double? SampleCount { get; init; }

    public double? Average { get; init; }

    public double? Sum { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public string? Unit { get; init; }

    public Dictionary<string, double>? ExtendedStatistics { get; init; }
}

/// <summary>Statistics of one metric by period; values of different units are different datapoints.</summary>
internal sealed class GetMetricStatistics(Database database)
{
    private const int Limit = 1440;

    public GetMetricStatisticsResponse Run(GetMetricStatisticsRequest request, Caller caller)
    {
        if (
            string.IsNullOrEmpty(request.Namespace)
            || string.IsNullOrEmpty(request.MetricName)
            || request.StartTime is not { } start
            || request.EndTime is not { } end
            || request.Period is not { } period
        )
        {
            throw CloudWatchErrors.Missing(
                string.IsNullOrEmpty(request.Namespace) ? "Namespace"
                : string.IsNullOrEmpty(request.MetricName) ? "MetricName"
                : request.StartTime is null ? "StartTime"
                : request.EndTime is null ? "EndTime"
                : "Period"
            );
        }

        CheckPeriod(period, "Period");
        if (start >= end)
        {
            throw CloudWatchErrors.InvalidCombination("The parameter StartTime must be less than the parameter EndTime.");
        }

        var plain = request.Statistics ?? [];
        var extended = request.ExtendedStatistics ?? [];
        if (plain.Count + extended.Count == 0)
        {
            throw CloudWatchErrors.InvalidCombination(
                "At least one of the parameters Statistics and ExtendedStatistics must be specified."
            );
        }

        plain.ForEach(name => CloudWatchErrors.OneOf(name, "statistics", [.. Statistic.Plain]));
        var percentiles = extended
            .Select(name =>
                Statistic.TryParse(name) is { IsPercentile: true } statistic
                    ? statistic
                    : throw AwsException.NotImplemented($"the statistic {name}: only percentiles such as p99.9 are drawn")
            )
            .ToList();
        var wanted = (long)Math.Ceiling((end - start).TotalSeconds / period);
        if (wanted > Limit)
        {
            throw CloudWatchErrors.InvalidCombination(
                $"You have requested up to {wanted:N0} datapoints, which exceeds the limit of {Limit:N0}. You may reduce the datapoints requested by increasing Period, or decreasing the time range."
            );
        }

        Dimension.Check(request.Dimensions, "Dimensions");
        var points = database.Read(transaction =>
            Periods.Of(
                transaction,
                caller.Scope,
                request.Namespace,
                request.MetricName,
                Dimension.Key(request.Dimensions),
                start,
                end,
                period,
                request.Unit,
                byUnit: true
            )
        );
        return new(request.MetricName, points.Select(point => Draw(point, plain, percentiles)).OfType<Datapoint>().ToList());
    }

    internal static void CheckPeriod(int period, string member)
    {
        if (period is not (1 or 5 or 10 or 20 or 30) && (period < 60 || period % 60 != 0))
        {
            throw CloudWatchErrors.InvalidValue($"The parameter {member} must be 1, 5, 10, 20, 30 or a multiple of 60.");
        }
    }

    private static Datapoint? Draw(
        (DateTimeOffset Start, string Unit, Aggregate Values) point,
        List<string> plain,
        List<Statistic> percentiles
    )
    {
        double? Of(string name) => plain.Contains(name) ? Statistic.TryParse(name)!.Of(point.Values) : null;
        var extended = percentiles
            .Select(each => (each.Name, Value: each.Of(point.Values)))
            .Where(each => each.Value is not null)
            .ToDictionary(each => each.Name, each => each.Value!.Value);
        return plain.Count == 0 && extended.Count == 0
            ? null
            : new Datapoint
            {
                Timestamp = point.Start,
                SampleCount = Of("SampleCount"),
                Average = Of("Average"),
                Sum = Of("Sum"),
                Minimum = Of("Minimum"),
                Maximum = Of("Maximum"),
                Unit = point.Unit,
                ExtendedStatistics = extended.Count == 0 ? null : extended,
            };
    }
}

/// <summary>A metric's values gathered by period, counted from the start time rounded down to the minute (below a minute: to the period).</summary>
internal static class Periods
{
    public static List<(DateTimeOffset Start, string Unit, Aggregate Values)> Of(
        Transaction transaction,
        Scope scope,
        string ns,
        string name,
        string dimensions,
        DateTimeOffset start,
        DateTimeOffset end,
        int period,
        string? unit,
        bool byUnit
    )
    {
        if (MetricStore.Find(transaction, scope, ns, name, dimensions) is not { } metric)
        {
            return [];
        }

        var grain = Math.Min(period, 60);
        var from = DateTimeOffset.FromUnixTimeSeconds(start.ToUnixTimeSeconds() / grain * grain);
        return MetricStore
            .Points(transaction, metric, from, end, unit)
            .GroupBy(point => (Slot: (long)(point.Time - from).TotalSeconds / period, Unit: byUnit ? point.Unit : ""))
            .Select(group =>
                (from.AddSeconds(group.Key.Slot * period), group.Key.Unit, Aggregate.Total(group.Select(point => point.Values))!)
            )
            .ToList();
    }
}
