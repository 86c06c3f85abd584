using Disa.Emulator.Aws;
using Disa.Emulator.CloudWatch.MetricMath;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>The queries of an alarm on an expression: what they may be, and the points that they come to.</summary>
internal static class AlarmQueries
{
    /// <summary>API reference, PutMetricAlarm: "Metrics ... as many as 20".</summary>
    private const int Limit = 20;

    public static void Check(PutMetricAlarmRequest request, List<MetricDataQuery> metrics)
    {
        (string Name, object? Given)[] ofOneMetric =
        [
            ("MetricName", request.MetricName),
            ("Namespace", request.Namespace),
            ("Dimensions", request.Dimensions is { Count: > 0 } ? request.Dimensions : null),
            ("Period", request.Period),
            ("Unit", request.Unit),
            ("Statistic", request.Statistic),
            ("ExtendedStatistic", request.ExtendedStatistic),
        ];
        foreach (var (name, given) in ofOneMetric)
        {
            if (given is not null)
            {
                throw CloudWatchErrors.Validation($"{name} should not be set if list of Metrics is set.");
            }
        }

        if (metrics.Count > Limit)
        {
            throw CloudWatchErrors.Validation($"The collection Metrics must not have a size greater than {Limit}.");
        }

        var queries = new MetricQueries(metrics);
        if (metrics.Where(Returns).ToList() is not [var watched])
        {
            throw CloudWatchErrors.Validation("Exactly one element of the metrics list should return data.");
        }

        if (!queries.IsOneSeries(watched.Id!))
        {
            throw CloudWatchErrors.Validation($"Error in expression '{watched.Id}': An alarm needs a single time series.");
        }
    }

    /// <summary>As AWS::CloudWatch::Alarm documents it: true where it is not given.</summary>
    public static bool Returns(MetricDataQuery query) => query.ReturnData ?? true;

    /// <summary>AWS bills an alarm for each metric that it watches.</summary>
    public static int Billed(Alarm alarm) => alarm.Metrics?.Count(query => query.MetricStat is not null) ?? 1;

    /// <summary>The value of the expression in each period, oldest first.</summary>
    public static List<AlarmPoint> Points(Transaction transaction, Scope scope, Alarm alarm, DateTimeOffset start, int periods)
    {
        var watched = alarm.Metrics!.First(Returns);
        var end = start.AddSeconds((double)periods * alarm.Period);
        var result = new MetricQueries(alarm.Metrics!).Run(transaction, scope, start, end, query => query.Id!)[watched.Id!];
        var values = (result as Series)?.ByTime() ?? [];
        return
        [
            .. Enumerable
                .Range(0, periods)
                .Select(i => start.AddSeconds((double)i * alarm.Period))
                .Select(time => values.TryGetValue(time, out var value) ? new AlarmPoint(time, value, 1) : new AlarmPoint(time, null, 0)),
        ];
    }
}
