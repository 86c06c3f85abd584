using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Jsonata;

namespace Disa.Emulator.CloudWatch;

/// <summary>What happened to alarms: kept 30 days, also of deleted ones.</summary>
internal static class AlarmHistory
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public static void Add(
        Transaction transaction,
        Scope scope,
        string alarm,
        DateTimeOffset time,
        string type,
        string summary,
        string data,
        bool isComposite
    )
    {
        transaction.Execute(
            "DELETE FROM cloudwatch_history WHERE account = $1 AND region = $2 AND time < $3",
            scope.Account,
            scope.Region,
            (time - Kept).ToUnixTimeMilliseconds()
        );
        transaction.Execute(
            """
            INSERT INTO cloudwatch_history (account, region, alarm, time, type, summary, data, kind)
            VALUES ($1, $2, $3, $4, $5, seal('cloudwatch_history', $6), seal('cloudwatch_history', $7), $8)
            """,
            scope.Account,
            scope.Region,
            alarm,
            time.ToUnixTimeMilliseconds(),
            type,
            summary,
            data,
            isComposite ? "CompositeAlarm" : "MetricAlarm"
        );
    }

    /// <summary>Whether an alarm is a composite one, or was when it was last heard of.</summary>
    public static bool IsComposite(Transaction transaction, Scope scope, string alarm) =>
        transaction
            .Query(
                "SELECT kind FROM cloudwatch_history WHERE account = $1 AND region = $2 AND alarm = $3 ORDER BY id DESC LIMIT 1",
                row => row.GetString(0),
                scope.Account,
                scope.Region,
                alarm
            )
            .FirstOrDefault() == "CompositeAlarm";

    /// <param name="type">Create, Update or Delete.</param>
    public static void Configured(Transaction transaction, Scope scope, Alarm alarm, DateTimeOffset time, string what, string type)
    {
        var described = HistoryAlarm.Of(alarm);
        var data = new ConfigurationHistory(
            "1.0",
            type,
            type == "Create" ? described : null,
            type == "Update" ? described : null,
            type == "Delete" ? described : null
        );
        Add(
            transaction,
            scope,
            alarm.Name,
            time,
            "ConfigurationUpdate",
            $"Alarm \"{alarm.Name}\" {what}",
            JsonSerializer.Serialize(data, CloudWatchText.Plain.ConfigurationHistory),
            alarm.Rule is not null
        );
    }

    public static void Changed(Transaction transaction, Scope scope, Alarm before, Alarm after)
    {
        var data = new StateHistory("1.0", HistoryState.Of(before), HistoryState.Of(after));
        Add(
            transaction,
            scope,
            after.Name,
            after.StateTransitioned,
            "StateUpdate",
            $"Alarm updated from {before.State} to {after.State}",
            JsonSerializer.Serialize(data, CloudWatchText.Plain.StateHistory),
            after.Rule is not null
        );
    }
}

internal sealed record ConfigurationHistory(
    string Version,
    string Type,
    HistoryAlarm? CreatedAlarm,
    HistoryAlarm? UpdatedAlarm,
    HistoryAlarm? DeletedAlarm
);

internal sealed record HistoryAlarm(
    string? Threshold,
    string? Namespace,
    string StateValue,
    IReadOnlyList<HistoryDimension>? Dimensions,
    bool ActionsEnabled,
    IReadOnlyList<string> OkActions,
    string AlarmName,
    string? AlarmDescription,
    int? EvaluationPeriods,
    int? DatapointsToAlarm,
    string? Unit,
    IReadOnlyList<string> AlarmActions,
    string? MetricName,
    string? Statistic,
    string? ExtendedStatistic,
    string AlarmArn,
    IReadOnlyList<string> InsufficientDataActions,
    string? ComparisonOperator,
    int? Period,
    string? TreatMissingData,
    string AlarmConfigurationUpdatedTimestamp,
    IReadOnlyList<EventMetric>? Metrics,
    string? AlarmRule = null,
    string? ActionsSuppressor = null,
    int? ActionsSuppressorWaitPeriod = null,
    int? ActionsSuppressorExtensionPeriod = null
)
{
    public static HistoryAlarm Of(Alarm alarm) =>
        alarm.Rule is null
            ? OfMetric(alarm)
            : OfMetric(alarm) with
            {
                Threshold = null,
                Dimensions = null,
                EvaluationPeriods = null,
                ComparisonOperator = null,
                Period = null,
                AlarmRule = alarm.Rule,
                ActionsSuppressor = alarm.Suppressor,
                ActionsSuppressorWaitPeriod = alarm.SuppressorWait,
                ActionsSuppressorExtensionPeriod = alarm.SuppressorExtension,
            };

    private static HistoryAlarm OfMetric(Alarm alarm) =>
        new(
            AlarmText.Number(alarm.Threshold),
            alarm.Namespace,
            alarm.State,
            alarm.Dimensions.Select(dimension => new HistoryDimension(dimension.Name!, dimension.Value!)).ToList(),
            alarm.ActionsEnabled,
            alarm.OkActions,
            alarm.Name,
            alarm.Description,
            alarm.EvaluationPeriods,
            alarm.DatapointsToAlarm,
            alarm.Unit,
            alarm.AlarmActions,
            alarm.MetricName,
            alarm.Statistic,
            alarm.ExtendedStatistic,
            alarm.Arn,
            alarm.InsufficientDataActions,
            alarm.ComparisonOperator,
            alarm.Metrics is null ? alarm.Period : null,
            alarm.TreatMissingData,
            AlarmText.Time(alarm.ConfigurationUpdated),
            alarm.Metrics is null ? null : AlarmMessage.Metrics(alarm)
        );
}

internal sealed record HistoryDimension(string Name, string Value);

internal sealed record StateHistory(string Version, HistoryState OldState, HistoryState NewState);

internal sealed record HistoryState(string StateValue, string StateReason, JsonElement? StateReasonData)
{
    public static HistoryState Of(Alarm alarm) => new(alarm.State, alarm.Reason, Parsed(alarm.ReasonData));

    private static JsonElement? Parsed(string? data)
    {
        if (data is null)
        {
            return null;
        }

        try
        {
            return JsonInput.Parse(data);
        }
        catch (JsonException)
        {
            // SetAlarmState takes any text; what is no JSON is not in the history's JSON.
            return null;
        }
    }
}

internal sealed record ActionHistory(
    string ActionState,
    string NotificationResource,
    long StateUpdateTimestamp,
    string? PublishedMessage,
    string? Error
);
