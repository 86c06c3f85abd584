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
    string? ChildrenOfAlarmName,
    string? ParentsOfAlarmName,
    int? MaxRecords,
    string? NextToken
);

public sealed record DescribeAlarmsResponse(
    IReadOnlyList<CompositeAlarm> CompositeAlarms,
    IReadOnlyList<MetricAlarm> MetricAlarms,
    string? NextToken
);

public sealed record CompositeAlarm
{
    public required string AlarmName { get; init; }

    public required string AlarmArn { get; init; }

    public string? AlarmDescription { get; init; }

    public string? AlarmRule { get; init; }

    public bool? ActionsEnabled { get; init; }

    public IReadOnlyList<string>? OKActions { get; init; }

    public IReadOnlyList<string>? AlarmActions { get; init; }

    public IReadOnlyList<string>? InsufficientDataActions { get; init; }

    public DateTimeOffset? AlarmConfigurationUpdatedTimestamp { get; init; }

    public string? StateValue { get; init; }

    public string? StateReason { get; init; }

    public string? StateReasonData { get; init; }

    public DateTimeOffset? StateUpdatedTimestamp { get; init; }

    public DateTimeOffset? StateTransitionedTimestamp { get; init; }

    public string? ActionsSuppressedBy { get; init; }

    public string? ActionsSuppressedReason { get; init; }

    public string? ActionsSuppressor { get; init; }

    public int? ActionsSuppressorWaitPeriod { get; init; }

    public int? ActionsSuppressorExtensionPeriod { get; init; }

    internal static CompositeAlarm Of(Alarm alarm) =>
        new()
        {
            AlarmName = alarm.Name,
            AlarmArn = alarm.Arn,
            AlarmDescription = alarm.Description,
            AlarmRule = alarm.Rule,
            ActionsEnabled = alarm.ActionsEnabled,
            OKActions = alarm.OkActions,
            AlarmActions = alarm.AlarmActions,
            InsufficientDataActions = alarm.InsufficientDataActions,
            AlarmConfigurationUpdatedTimestamp = alarm.ConfigurationUpdated,
            StateValue = alarm.State,
            StateReason = alarm.Reason,
            StateReasonData = alarm.ReasonData,
            StateUpdatedTimestamp = alarm.StateUpdated,
            StateTransitionedTimestamp = alarm.StateTransitioned,
            ActionsSuppressedBy = alarm.SuppressedBy,
            ActionsSuppressedReason = alarm.SuppressedReason,
            ActionsSuppressor = alarm.Suppressor,
            ActionsSuppressorWaitPeriod = alarm.SuppressorWait,
            ActionsSuppressorExtensionPeriod = alarm.SuppressorExtension,
        };

    /// <summary>What is said of a parent: its name; of a child also its state.</summary>
    internal static CompositeAlarm Named(Alarm alarm, bool withState) =>
        new()
        {
            AlarmName = alarm.Name,
            AlarmArn = alarm.Arn,
            StateValue = withState ? alarm.State : null,
            StateUpdatedTimestamp = withState ? alarm.StateUpdated : null,
        };
}

public sealed record MetricAlarm
{
    public required string AlarmName { get; init; }

    public required string AlarmArn { get; init; }

    public string? AlarmDescription { get; init; }

    public DateTimeOffset? AlarmConfigurationUpdatedTimestamp { get; init; }

    public bool? ActionsEnabled { get; init; }

    public IReadOnlyList<string>? OKActions { get; init; }

    public IReadOnlyList<string>? AlarmActions { get; init; }

    public IReadOnlyList<string>? InsufficientDataActions { get; init; }

    public required string StateValue { get; init; }

    public string? StateReason { get; init; }

    public string? StateReasonData { get; init; }

    public DateTimeOffset StateUpdatedTimestamp { get; init; }

    public string? MetricName { get; init; }

    public string? Namespace { get; init; }

    public IReadOnlyList<MetricDataQuery>? Metrics { get; init; }

    public string? Statistic { get; init; }

    public string? ExtendedStatistic { get; init; }

    public IReadOnlyList<Dimension>? Dimensions { get; init; }

    public int? Period { get; init; }

    public string? Unit { get; init; }

    public int? EvaluationPeriods { get; init; }

    public int? DatapointsToAlarm { get; init; }

    public double? Threshold { get; init; }

    public string? ComparisonOperator { get; init; }

    public string? TreatMissingData { get; init; }

    public string? EvaluateLowSampleCountPercentile { get; init; }

    public DateTimeOffset? StateTransitionedTimestamp { get; init; }

    /// <summary>What is said of a child: its name and its state.</summary>
    internal static MetricAlarm Named(Alarm alarm) =>
        new()
        {
            AlarmName = alarm.Name,
            AlarmArn = alarm.Arn,
            StateValue = alarm.State,
            StateUpdatedTimestamp = alarm.StateUpdated,
        };

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

/// <summary>Alarms by names, prefix, state and action, or those that a composite alarm's rule binds together.</summary>
internal sealed class DescribeAlarms(Shelf<Alarm> alarms, Listings lists)
{
    private const int NameLimit = 100;
    private const string Metric = "MetricAlarm";
    private const string Composite = "CompositeAlarm";

    public DescribeAlarmsResponse Run(DescribeAlarmsRequest request, Caller caller)
    {
        Check(request);
        var related = request.ChildrenOfAlarmName ?? request.ParentsOfAlarmName;
        var list = related is null
            ? lists.Of("DescribeAlarms", caller.Scope)
            : lists.Of("DescribeAlarms", caller.Scope, request.ChildrenOfAlarmName, request.ParentsOfAlarmName);
        list.After(request.NextToken);
        var found =
            request.ChildrenOfAlarmName is { } parent ? Children(caller.Scope, parent)
            : request.ParentsOfAlarmName is { } child
                ? new CompositeAlarms(alarms).Parents(null, caller.Scope, AlarmRuleParser.NameOf(child))
            : Filtered(request, caller.Scope);
        var (page, next) = list.Page(found, alarm => alarm.Name, request.MaxRecords ?? 50, request.NextToken);
        var isChild = request.ChildrenOfAlarmName is not null;
        return new(
            [
                .. page.Where(alarm => alarm.Rule is not null)
                    .Select(alarm => related is null ? CompositeAlarm.Of(alarm) : CompositeAlarm.Named(alarm, isChild)),
            ],
            [
                .. page.Where(alarm => alarm.Rule is null)
                    .Select(alarm => related is null ? MetricAlarm.Of(alarm) : MetricAlarm.Named(alarm)),
            ],
            next
        );
    }

    private static void Check(DescribeAlarmsRequest request)
    {
        if (request.AlarmNames is { Count: > 0 } && request.AlarmNamePrefix is not null)
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
            CloudWatchErrors.OneOf(type, "alarmTypes", Composite, Metric);
        }

        var others =
            request.AlarmNames is { Count: > 0 }
            || request.AlarmTypes is { Count: > 0 }
            || (request.AlarmNamePrefix ?? request.StateValue ?? request.ActionPrefix) is not null;
        var related = (request.ChildrenOfAlarmName is null ? 0 : 1) + (request.ParentsOfAlarmName is null ? 0 : 1);
        if (related == 2 || (related == 1 && others))
        {
            throw CloudWatchErrors.Validation(
                "With ChildrenOfAlarmName or ParentsOfAlarmName only MaxRecords and NextToken may be specified"
            );
        }
    }

    private IEnumerable<Alarm> Children(Scope scope, string parent) =>
        alarms.Get(scope, AlarmRuleParser.NameOf(parent))?.Rule is { } rule
            ? AlarmRule.Of(rule).Children.Select(name => alarms.Get(scope, name)).OfType<Alarm>()
            : [];

    /// <summary>"If you omit this parameter, only metric alarms are returned", says the reference of AlarmTypes.</summary>
    private IEnumerable<Alarm> Filtered(DescribeAlarmsRequest request, Scope scope)
    {
        var types = request.AlarmTypes is { Count: > 0 } given ? given : [Metric];
        return alarms
            .List(scope)
            .Values.Where(alarm => types.Contains(alarm.Rule is null ? Metric : Composite))
            .Where(alarm => request.AlarmNames is not { Count: > 0 } wanted || wanted.Contains(alarm.Name))
            .Where(alarm => request.AlarmNamePrefix is null || alarm.Name.StartsWith(request.AlarmNamePrefix, StringComparison.Ordinal))
            .Where(alarm => request.StateValue is null || alarm.State == request.StateValue)
            .Where(alarm =>
                request.ActionPrefix is null
                || alarm
                    .OkActions.Concat(alarm.AlarmActions)
                    .Concat(alarm.InsufficientDataActions)
                    .Any(action => action.StartsWith(request.ActionPrefix, StringComparison.Ordinal))
            );
    }
}
