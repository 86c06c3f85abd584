using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudWatch;
using Disa.Emulator.Faults;

namespace Disa.Emulator.Logs;

/// <summary>
/// What metric filters make of the events of one batch: a value for each event that matches, at the event's time; and the default value for
/// each minute of the batch in which none does.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html</remarks>
internal sealed class MetricFilterValues(MetricSink sink, FaultPlan faults)
{
    private const long Minute = 60_000;

    public async Task Send(Scope scope, LogGroup group, IReadOnlyList<(long Time, string Message)> events)
    {
        foreach (var filter in group.MetricFilters)
        {
            var points = Points(filter, events);
            if (points.Count > 0 && !faults.LosesMetrics())
            {
                await sink.Put(scope, filter.Transformation.MetricNamespace!, points).ConfigureAwait(false);
            }
        }
    }

    private static List<MetricPoint> Points(MetricFilter filter, IReadOnlyList<(long Time, string Message)> events)
    {
        var (pattern, to) = (FilterPattern.Parse(filter.Pattern), filter.Transformation);
        var value = Value(to.MetricValue!, pattern);
        var dimensions = (to.Dimensions ?? []).Select(pair => (pair.Key, Field: pattern.Selector(pair.Value)!)).ToList();
        var points = new List<MetricPoint>();
        foreach (var minute in events.GroupBy(log => log.Time / Minute))
        {
            var matching = minute.Where(log => pattern.Matches(log.Message)).ToList();
            foreach (var (time, message) in matching)
            {
                // An event without one of the fields, or with a value that is no number, publishes nothing.
                var named = dimensions.ConvertAll(dimension => KeyValuePair.Create(dimension.Key, dimension.Field(message) ?? ""));
                if (value(message) is { } number && named.TrueForAll(dimension => dimension.Value.Length > 0))
                {
                    points.Add(Point(named, time, number));
                }
            }

            if (matching.Count == 0 && to.DefaultValue is { } otherwise)
            {
                points.Add(Point([], minute.First().Time, otherwise));
            }
        }

        return points;

        MetricPoint Point(IReadOnlyList<KeyValuePair<string, string>> named, long time, double number) =>
            new(to.MetricName!, named, DateTimeOffset.FromUnixTimeMilliseconds(time), number, to.Unit ?? "None", 60);
    }

    private static Func<string, double?> Value(string text, FilterPattern pattern)
    {
        if (Number(text) is { } number)
        {
            return _ => number;
        }

        var field = pattern.Selector(text)!;
        return message => Number(field(message));
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
