using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

public sealed record DescribeAlarmsForMetricRequest(
    string? MetricName,
    string? Namespace,
    string? Statistic,
    string? ExtendedStatistic,
    List<Dimension>? Dimensions,
    int? Period,
    string? Unit
);

public sealed record DescribeAlarmsForMetricResponse(IReadOnlyList<MetricAlarm> MetricAlarms);

/// <summary>The alarms on one metric: its dimensions must all match.</summary>
internal sealed class DescribeAlarmsForMetric(Shelf<Alarm> alarms)
{
    public DescribeAlarmsForMetricResponse Run(DescribeAlarmsForMetricRequest request, Caller caller)
    {
        CloudWatchErrors.Text(request.MetricName, "metricName", 255);
        CloudWatchErrors.Text(request.Namespace, "namespace", 255);
        var dimensions = Dimension.Key(request.Dimensions);
        return new(
            alarms
                .List(caller.Scope)
                .Values.Where(alarm =>
                    alarm.MetricName == request.MetricName
                    && alarm.Namespace == request.Namespace
                    && Dimension.Key(alarm.Dimensions) == dimensions
                )
                .Where(alarm =>
                    (request.Statistic is null || alarm.Statistic == request.Statistic)
                    && (request.ExtendedStatistic is null || alarm.ExtendedStatistic == request.ExtendedStatistic)
                    && (request.Period is null || alarm.Period == request.Period)
                    && (request.Unit is null || alarm.Unit == request.Unit)
                )
                .Select(MetricAlarm.Of)
                .ToList()
        );
    }
}
