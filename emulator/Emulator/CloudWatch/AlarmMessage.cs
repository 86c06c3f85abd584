using System.Text.Json;
using System.Text.Json.Serialization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudWatch;

/// <summary>What an alarm tells others when its state changes: topics, functions and the event bus, each in its own form.</summary>
internal static class AlarmMessage
{
    private const int SubjectLimit = 100;

    private static readonly Dictionary<string, string> RegionNames = new(StringComparer.Ordinal)
    {
        ["us-east-1"] = "US East (N. Virginia)",
        ["us-east-2"] = "US East (Ohio)",
        ["us-west-1"] = "US West (N. California)",
        ["us-west-2"] = "US West (Oregon)",
        ["ca-central-1"] = "Canada (Central)",
        ["sa-east-1"] = "South America (Sao Paulo)",
        ["eu-west-1"] = "EU (Ireland)",
        ["eu-west-2"] = "EU (London)",
        ["eu-west-3"] = "EU (Paris)",
        ["eu-central-1"] = "EU (Frankfurt)",
        ["eu-north-1"] = "EU (Stockholm)",
        ["eu-south-1"] = "EU (Milan)",
        ["ap-southeast-1"] = "Asia Pacific (Singapore)",
        ["ap-southeast-2"] = "Asia Pacific (Sydney)",
        ["ap-northeast-1"] = "Asia Pacific (Tokyo)",
        ["ap-northeast-2"] = "Asia Pacific (Seoul)",
        ["ap-northeast-3"] = "Asia Pacific (Osaka)",
        ["ap-south-1"] = "Asia Pacific (Mumbai)",
        ["ap-east-1"] = "Asia Pacific (Hong Kong)",
        ["af-south-1"] = "Africa (Cape Town)",
        ["me-south-1"] = "Middle East (Bahrain)",
    };

    public static string Subject(Alarm after, Scope scope)
    {
        var tail = $"\" in {RegionName(scope.Region)}";
        var head = $"{after.State}: \"{after.Name}";
        return head.Length + tail.Length <= SubjectLimit ? head + tail : head[..(SubjectLimit - tail.Length - 3)] + "..." + tail;
    }

    public static string ForTopic(Alarm before, Alarm after, Scope scope) =>
        after.Rule is not null
            ? JsonSerializer.Serialize(Composite(before, after, scope), CloudWatchTopic.Plain.CompositeMessage)
            : ForTopicOfMetric(before, after, scope);

    private static CompositeMessage Composite(Alarm before, Alarm after, Scope scope) =>
        new(
            after.Name,
            after.Description,
            scope.Account,
            after.State,
            after.Reason,
            AlarmText.Time(after.StateTransitioned),
            RegionName(scope.Region),
            after.Arn,
            after.OkActions,
            after.AlarmActions,
            after.InsufficientDataActions,
            before.State,
            after.Rule!,
            Children(after.ReasonData)
        );

    /// <summary>None where the reason is not the rule's: SetAlarmState takes any.</summary>
    private static List<TriggeringChild> Children(string? data)
    {
        try
        {
            var known = data is null ? null : JsonSerializer.Deserialize(data, CloudWatchText.Plain.ChildrenData);
            return (known?.TriggeringAlarms ?? [])
                .Select(child => new TriggeringChild(child.Arn, new(child.State.Value, child.State.Timestamp)))
                .ToList();
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string ForTopicOfMetric(Alarm before, Alarm after, Scope scope) =>
        JsonSerializer.Serialize(
            new TopicMessage(
                after.Name,
                after.Description,
                scope.Account,
                AlarmText.Time(after.ConfigurationUpdated),
                after.State,
                after.Reason,
                AlarmText.Time(after.StateTransitioned),
                RegionName(scope.Region),
                after.Arn,
                before.State,
                after.OkActions,
                after.AlarmActions,
                after.InsufficientDataActions,
                new TopicTrigger(
                    after.MetricName,
                    after.Namespace,
                    after.Metrics is not null ? null
                        : after.Statistic is null ? "ExtendedStatistic"
                        : "Statistic",
                    after.Statistic?.ToUpperInvariant(),
                    after.ExtendedStatistic,
                    after.Unit,
                    after.Metrics is null ? Dimensions(after.Dimensions) : null,
                    after.Period,
                    after.EvaluationPeriods,
                    after.DatapointsToAlarm,
                    after.ComparisonOperator,
                    after.Threshold,
                    after.TreatMissingData ?? "missing",
                    after.EvaluateLowSampleCountPercentile ?? "",
                    after.Metrics?.Select(QueryOf).ToList()
                )
            ),
            CloudWatchTopic.Plain.TopicMessage
        );

    private static List<TopicDimension> Dimensions(IEnumerable<Dimension>? dimensions) =>
        [.. (dimensions ?? []).Select(dimension => new TopicDimension(dimension.Value!, dimension.Name!))];

    private static TopicQuery QueryOf(MetricDataQuery query) =>
        new(
            query.Expression,
            query.Id!,
            query.Label,
            query.MetricStat is { Metric: { } metric } stat
                ? new(new(Dimensions(metric.Dimensions), metric.MetricName!, metric.Namespace!), stat.Period!.Value, stat.Stat!)
                : null,
            AlarmQueries.Returns(query)
        );

    public static string ForFunction(Alarm before, Alarm after, Scope scope) =>
        JsonSerializer.Serialize(
            new FunctionMessage(
                "aws.cloudwatch",
                after.Arn,
                scope.Account,
                AlarmText.Time(after.StateTransitioned),
                scope.Region,
                Detail(before, after)
            ),
            CloudWatchText.Plain.FunctionMessage
        );

    public static string ForBus(Alarm before, Alarm after) =>
        JsonSerializer.Serialize(Detail(before, after), CloudWatchText.Plain.AlarmDetail);

    private static AlarmDetail Detail(Alarm before, Alarm after) =>
        new(
            after.Name,
            State(after),
            State(before),
            new AlarmConfiguration(
                after.Rule,
                after.Suppressor,
                after.SuppressorWait,
                after.SuppressorExtension,
                after.Description,
                after.Rule is null ? Metrics(after) : null
            )
        );

    public static List<EventMetric> Metrics(Alarm alarm) =>
        alarm.Metrics is { } queries
            ?
            [
                .. queries.Select(query => new EventMetric(
                    query.Id!,
                    query.Expression,
                    query.Label,
                    query.MetricStat is { Metric: { } metric } stat
                        ? StatOf(metric.Namespace!, metric.MetricName!, metric.Dimensions ?? [], stat.Period!.Value, stat.Stat!, stat.Unit)
                        : null,
                    AlarmQueries.Returns(query)
                )),
            ]
            :
            [
                new EventMetric(
                    alarm.MetricId,
                    null,
                    null,
                    StatOf(alarm.Namespace!, alarm.MetricName!, alarm.Dimensions, alarm.Period, alarm.Draws!.Name, alarm.Unit),
                    true
                ),
            ];

    private static EventMetricStat StatOf(
        string ns,
        string name,
        IEnumerable<Dimension> dimensions,
        int period,
        string stat,
        string? unit
    ) =>
        new(
            new EventMetricName(ns, name, dimensions.ToDictionary(dimension => dimension.Name!, dimension => dimension.Value!)),
            period,
            stat,
            unit
        );

    private static EventState State(Alarm alarm) =>
        new(
            alarm.SuppressedBy,
            alarm.SuppressedReason,
            alarm.State,
            alarm.Reason,
            alarm.ReasonData,
            AlarmText.Time(alarm.StateTransitioned)
        );

    private static string RegionName(string region) => RegionNames.GetValueOrDefault(region, region);
}

internal sealed record TopicMessage(
    string AlarmName,
    string? AlarmDescription,
    string AWSAccountId,
    string AlarmConfigurationUpdatedTimestamp,
    string NewStateValue,
    string NewStateReason,
    string StateChangeTime,
    string Region,
    string AlarmArn,
    string OldStateValue,
    IReadOnlyList<string> OKActions,
    IReadOnlyList<string> AlarmActions,
    IReadOnlyList<string> InsufficientDataActions,
    TopicTrigger Trigger
);

/// <summary>What a composite alarm tells a topic.</summary>
internal sealed record CompositeMessage(
    string AlarmName,
    string? AlarmDescription,
    string AWSAccountId,
    string NewStateValue,
    string NewStateReason,
    string StateChangeTime,
    string Region,
    string AlarmArn,
    IReadOnlyList<string> OKActions,
    IReadOnlyList<string> AlarmActions,
    IReadOnlyList<string> InsufficientDataActions,
    string OldStateValue,
    string AlarmRule,
    IReadOnlyList<TriggeringChild> TriggeringChildren
);

internal sealed record TriggeringChild(string Arn, TriggeringChildState State);

internal sealed record TriggeringChildState(string Value, string Timestamp);

internal sealed record TopicTrigger(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? MetricName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Namespace,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StatisticType,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Statistic,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ExtendedStatistic,
    string? Unit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TopicDimension>? Dimensions,
    int Period,
    int EvaluationPeriods,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? DatapointsToAlarm,
    string ComparisonOperator,
    double Threshold,
    string TreatMissingData,
    string EvaluateLowSampleCountPercentile,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<TopicQuery>? Metrics
);

internal sealed record TopicQuery(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Expression,
    string Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TopicStat? MetricStat,
    bool ReturnData
);

internal sealed record TopicStat(TopicMetric Metric, int Period, string Stat);

internal sealed record TopicMetric(IReadOnlyList<TopicDimension> Dimensions, string MetricName, string Namespace);

internal sealed record TopicDimension([property: JsonPropertyName("value")] string Value, [property: JsonPropertyName("name")] string Name);

internal sealed record FunctionMessage(string Source, string AlarmArn, string AccountId, string Time, string Region, AlarmDetail AlarmData);

internal sealed record AlarmDetail(string AlarmName, EventState State, EventState PreviousState, AlarmConfiguration Configuration);

internal sealed record EventState(
    string? ActionsSuppressedBy,
    string? ActionsSuppressedReason,
    string Value,
    string Reason,
    string? ReasonData,
    string Timestamp
);

internal sealed record AlarmConfiguration(
    string? AlarmRule,
    string? ActionsSuppressor,
    int? ActionsSuppressorWaitPeriod,
    int? ActionsSuppressorExtensionPeriod,
    string? Description,
    IReadOnlyList<EventMetric>? Metrics
);

internal sealed record EventMetric(string Id, string? Expression, string? Label, EventMetricStat? MetricStat, bool ReturnData);

internal sealed record EventMetricStat(EventMetricName Metric, int Period, string Stat, string? Unit);

internal sealed record EventMetricName(string Namespace, string Name, Dictionary<string, string> Dimensions);
