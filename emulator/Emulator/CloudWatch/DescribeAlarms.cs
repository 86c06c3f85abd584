using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

public sealed record DescribeAlarmsRequest(
    List<string>? AlarmNames,
    string? AlarmNamePrefix,
    List<string>? AlarmTypes,
    string? StateValue,
    string? ActionPrefix,
    int? MaxRecords,
    string? NextToken
);

public sealed record DescribeAlarmsResponse(
    IReadOnlyList<CompositeAlarm> CompositeAlarms,
    IReadOnlyList<MetricAlarm> MetricAlarms,
    string? NextToken
);

/// <summary>Never one here: composite alarms are refused on creation.</summary>
public sealed record CompositeAlarm(string AlarmName);

public sealed record MetricAlarm
{
    public required string AlarmName { get; init; }

    public required string AlarmArn { get; init; }

    public string? AlarmDescription { get; init; }

    public DateTimeOffset AlarmConfigurationUpdatedTimestamp { get; init; }

    public bool ActionsEnabled { get; init; }

    public required IReadOnlyList<string> OKActions { get; init; }

    public required IReadOnlyList<string> AlarmActions { get; init; }

    public required IReadOnlyList<string> InsufficientDataActions { get; init; }

    public required string StateValue { get; init; }

    public required string StateReason { get; init; }

    public string? StateReasonData { get; init; }

    public DateTimeOffset StateUpdatedTimestamp { get; init; }

    public string? MetricName { get; init; }

    public string? Namespace { get; init; }

    public IReadOnlyList<MetricDataQuery>? Metrics { get; init; }

    public string? Statistic { get; init; }

    public string? ExtendedStatistic { get; init; }

    public required IReadOnlyList<Dimension> Dimensions { get; init; }

    public int? Period { get; init; }

    public string? Unit { get; init; }

    public int EvaluationPeriods { get; init; }

    public int? DatapointsToAlarm { get; init; }

    public double Threshold { get; init; }

    public required string ComparisonOperator { get; init; }

    public string? TreatMissingData { get; init; }

    public string? EvaluateLowSampleCountPercentile { get; init; }

    public DateTimeOffset StateTransitionedTimestamp { get; init; }

    internal static MetricAlarm Of(Alarm alarm) =>
        new()
        {
            AlarmName = alarm.Name,
            AlarmArn = alarm.Arn,
            AlarmDescription = alarm.Description,
            AlarmConfigurationUpdatedTimestamp = alarm.ConfigurationUpdated,
            ActionsEnabled = alarm.ActionsEnabled,
            OKActions = alarm.OkActions,
            AlarmActions = alarm.AlarmActions,
            InsufficientDataActions = alarm.InsufficientDataActions,
            StateValue = alarm.State,
            StateReason = alarm.Reason,
            StateReasonData = alarm.ReasonData,
            StateUpdatedTimestamp = alarm.StateUpdated,
            MetricName = alarm.MetricName,
            Namespace = alarm.Namespace,
            Metrics = alarm.Metrics,
            Statistic = alarm.Statistic,
            ExtendedStatistic = alarm.ExtendedStatistic,
            Dimensions = alarm.Dimensions,
            Period = alarm.Metrics is null ? alarm.Period : null,
            Unit = alarm.Unit,
            EvaluationPeriods = alarm.EvaluationPeriods,
            DatapointsToAlarm = alarm.DatapointsToAlarm,
            Threshold = alarm.Threshold,
            ComparisonOperator = alarm.ComparisonOperator,
            TreatMissingData = alarm.TreatMissingData,
            EvaluateLowSampleCountPercentile = alarm.EvaluateLowSampleCountPercentile,
            StateTransitionedTimestamp = alarm.StateTransitioned,
        };
}

/// <summary>The alarms of an account and Region by names, prefix, state and action.</summary>
internal sealed class DescribeAlarms(Shelf<Alarm> alarms, Listings lists)
{
    private const int NameLimit = 100;

    public DescribeAlarmsResponse Run(DescribeAlarmsRequest request, Caller caller)
    {
        if (request.AlarmNames is { Count: > 0 } names && request.AlarmNamePrefix is not null)
        {
            throw CloudWatchErrors.Validation("AlarmNamePrefix and AlarmNames must not be specified at the same time");
        }

        if (request.AlarmNames?.Count > NameLimit)
        {
            throw CloudWatchErrors.Constraint(
                $"[{request.AlarmNames.Count} names]",
                "alarmNames",
                $"Member must have length less than or equal to {NameLimit}"
            );
        }

        if (request.MaxRecords is < 1 or > 100)
        {
            throw CloudWatchErrors.Constraint(
                $"{request.MaxRecords}",
                "maxRecords",
                request.MaxRecords < 1
                    ? "Member must have value greater than or equal to 1"
                    : "Member must have value less than or equal to 100"
            );
        }

        if (request.StateValue is not null)
        {
            CloudWatchErrors.OneOf(request.StateValue, "stateValue", AlarmState.InsufficientData, AlarmState.Alarm, AlarmState.Ok);
        }

        foreach (var type in request.AlarmTypes ?? [])
        {
            CloudWatchErrors.OneOf(type, "alarmTypes", "CompositeAlarm", "MetricAlarm");
        }

        var list = lists.Of("DescribeAlarms", caller.Scope);
        list.After(request.NextToken);
        if (request.AlarmTypes is { Count: > 0 } types && !types.Contains("MetricAlarm"))
        {
            return new([], [], null);
        }

        var found = alarms
            .List(caller.Scope)
            .Values.Where(alarm => request.AlarmNames is not { Count: > 0 } wanted || wanted.Contains(alarm.Name))
            .Where(alarm => request.AlarmNamePrefix is null || alarm.Name.StartsWith(request.AlarmNamePrefix, StringComparison.Ordinal))
            .Where(alarm => request.StateValue is null || alarm.State == request.StateValue)
            .Where(alarm =>
                request.ActionPrefix is null
                || alarm
                    .OkActions.Concat(alarm.AlarmActions)
                    .Concat(alarm.InsufficientDataActions)
                    .Any(action => action.StartsWith(request.ActionPrefix, StringComparison.Ordinal))
            );
        var (page, next) = list.Page(found, alarm => alarm.Name, request.MaxRecords ?? 50, request.NextToken);
        return new([], page.Select(MetricAlarm.Of).ToList(), next);
    }
}
