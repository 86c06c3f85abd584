using Disa.Emulator.Aws;
using Disa.Emulator.CloudWatch.MetricMath;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudWatch;

public sealed record PutMetricAlarmRequest
{
    public string? AlarmName { get; init; }

    public string? AlarmDescription { get; init; }

    public bool? ActionsEnabled { get; init; }

    public List<string>? OKActions { get; init; }

    public List<string>? AlarmActions { get; init; }

    public List<string>? InsufficientDataActions { get; init; }

    public string? MetricName { get; init; }

    public string? Namespace { get; init; }

    public string? Statistic { get; init; }

    public string? ExtendedStatistic { get; init; }

    public List<Dimension>? Dimensions { get; init; }

    public int? Period { get; init; }

    public string? Unit { get; init; }

    public int? EvaluationPeriods { get; init; }

    public int? DatapointsToAlarm { get; init; }

    public double? Threshold { get; init; }

    public string? ComparisonOperator { get; init; }

    public string? TreatMissingData { get; init; }

    public string? EvaluateLowSampleCountPercentile { get; init; }

    public List<MetricDataQuery>? Metrics { get; init; }

    public List<Tag>? Tags { get; init; }
}

public sealed record Tag(string? Key, string? Value);

/// <summary>Creates an alarm on one metric or one expression, in INSUFFICIENT_DATA, or changes one: its state is kept until the next evaluation.</summary>
internal sealed class PutMetricAlarm(Database database, Shelf<Alarm> alarms, Clock clock, Action signal)
{
    private const int ActionLimit = 5;
    private const int Day = 24 * 3600;

    internal static readonly string[] Comparisons =
    [
        "GreaterThanOrEqualToThreshold",
        "GreaterThanThreshold",
        "LessThanThreshold",
        "LessThanOrEqualToThreshold",
    ];

    public async Task Run(PutMetricAlarmRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var scope = caller.Scope;
        var now = clock.GetUtcNow();
        await database
            .Write(transaction =>
            {
                var before = alarms.Get(transaction, scope, request.AlarmName!);
                if (before?.Rule is not null)
                {
                    throw CloudWatchErrors.Validation($"The alarm {before.Name} is a composite alarm");
                }

                var alarm = Configure(request, scope, before, now);
                alarms.Put(transaction, scope, alarm.Name, alarm);
                AlarmHistory.Configured(
                    transaction,
                    scope,
                    alarm,
                    now,
                    before is null ? "created" : "updated",
                    before is null ? "Create" : "Update"
                );
            })
            .ConfigureAwait(false);
        signal();
    }

    private static Alarm Configure(PutMetricAlarmRequest request, Scope scope, Alarm? before, DateTimeOffset now) =>
        new()
        {
            Name = request.AlarmName!,
            Arn = Arn.Of("cloudwatch", scope, $"alarm:{request.AlarmName}"),
            MetricId = before?.MetricId ?? Guid.NewGuid().ToString(),
            Description = request.AlarmDescription,
            ActionsEnabled = request.ActionsEnabled ?? true,
            OkActions = request.OKActions ?? [],
            AlarmActions = request.AlarmActions ?? [],
            InsufficientDataActions = request.InsufficientDataActions ?? [],
            Namespace = request.Namespace,
            MetricName = request.MetricName,
            Metrics = request.Metrics is { Count: > 0 } ? request.Metrics : null,
            Dimensions = request.Dimensions ?? [],
            Statistic = request.Statistic,
            ExtendedStatistic = request.ExtendedStatistic,
            Period = PeriodOf(request)!.Value,
            Unit = request.Unit,
            EvaluationPeriods = request.EvaluationPeriods!.Value,
            DatapointsToAlarm = request.DatapointsToAlarm,
            Threshold = request.Threshold!.Value,
            ComparisonOperator = request.ComparisonOperator!,
            TreatMissingData = request.TreatMissingData,
            EvaluateLowSampleCountPercentile = request.EvaluateLowSampleCountPercentile,
            ConfigurationUpdated = now,
            State = before?.State ?? AlarmState.InsufficientData,
            Reason = before?.Reason ?? "Unchecked: Initial alarm creation",
            ReasonData = before?.ReasonData,
            StateUpdated = before?.StateUpdated ?? now,
            StateTransitioned = before?.StateTransitioned ?? now,

            // Tags in a request that changes an alarm are not taken, as AWS documents.
            Tags = before?.Tags ?? Tags.Of(request.Tags),
        };

    private static void Check(PutMetricAlarmRequest request)
    {
        CheckWhatAllHave(
            request.AlarmName,
            request.AlarmDescription,
            request.OKActions,
            request.AlarmActions,
            request.InsufficientDataActions
        );
        if (request.Metrics is { Count: > 0 } metrics)
        {
            AlarmQueries.Check(request, metrics);
        }
        else
        {
            CheckMetric(request);
        }

        CheckEvaluation(request);
    }

    private static int? PeriodOf(PutMetricAlarmRequest request) =>
        request.Metrics is { Count: > 0 } metrics ? new MetricQueries(metrics).Period : request.Period;

    /// <summary>Checks the members that metric alarms and composite alarms both have.</summary>
    internal static void CheckWhatAllHave(
        string? name,
        string? description,
        List<string>? okActions,
        List<string>? alarmActions,
        List<string>? insufficientDataActions
    )
    {
        CloudWatchErrors.Text(name, "alarmName", 255);
        if (description?.Length > 1024)
        {
            throw CloudWatchErrors.Constraint(description, "alarmDescription", "Member must have length less than or equal to 1024");
        }

        CheckActions(okActions, "oKActions");
        CheckActions(alarmActions, "alarmActions");
        CheckActions(insufficientDataActions, "insufficientDataActions");
    }

    private static void CheckActions(List<string>? actions, string member)
    {
        if (actions?.Count > ActionLimit)
        {
            throw CloudWatchErrors.Constraint(
                $"[{string.Join(", ", actions)}]",
                member,
                $"Member must have length less than or equal to {ActionLimit}"
            );
        }

        foreach (var action in actions ?? [])
        {
            if (Arn.TryParse(action) is not { } arn)
            {
                throw CloudWatchErrors.Validation($"Invalid arn syntax: {action}");
            }

            if (arn.Service is not ("sns" or "lambda"))
            {
                throw AwsException.NotImplemented($"alarm actions of {arn.Service}");
            }
        }
    }

    private static void CheckMetric(PutMetricAlarmRequest request)
    {
        CloudWatchErrors.Text(request.MetricName, "metricName", 255);
        CloudWatchErrors.Text(request.Namespace, "namespace", 255);
        if (request.Namespace![0] == ':')
        {
            throw CloudWatchErrors.Constraint(request.Namespace, "namespace", "Member must satisfy regular expression pattern: [^:].*");
        }

        Dimension.Check(request.Dimensions, "Dimensions");
        if (request.Unit is not null)
        {
            CloudWatchErrors.OneOf(request.Unit, "unit", PutMetricData.Units);
        }

        if (request.Statistic is null == request.ExtendedStatistic is null)
        {
            throw request.Statistic is null
                ? CloudWatchErrors.Validation("Exactly one of Statistic and ExtendedStatistic must be specified.")
                : CloudWatchErrors.InvalidCombination(
                    "The parameters Statistic and ExtendedStatistic are mutually exclusive and you have specified both."
                );
        }

        if (request.Statistic is not null)
        {
            CloudWatchErrors.OneOf(request.Statistic, "statistic", [.. Statistic.Plain]);
        }
        else if (Statistic.TryParse(request.ExtendedStatistic!) is not { IsPercentile: true })
        {
            throw AwsException.NotImplemented($"the statistic {request.ExtendedStatistic}: only percentiles such as p99.9 are drawn");
        }
    }

    private static void CheckEvaluation(PutMetricAlarmRequest request)
    {
        CloudWatchErrors.OneOf(request.ComparisonOperator, "comparisonOperator", Comparisons);
        if (PeriodOf(request) is not { } period || request.Threshold is not { } threshold || request.EvaluationPeriods is not { } periods)
        {
            throw CloudWatchErrors.Missing(
                PeriodOf(request) is null ? "Period"
                : request.Threshold is null ? "Threshold"
                : "EvaluationPeriods"
            );
        }

        if (!double.IsFinite(threshold))
        {
            throw CloudWatchErrors.InvalidValue("The parameter Threshold must be a finite number.");
        }

        if (period is not (10 or 20 or 30) && (period < 60 || period % 60 != 0))
        {
            throw CloudWatchErrors.Validation("Period must be 10, 20, 30 or a multiple of 60");
        }

        if (periods < 1)
        {
            throw CloudWatchErrors.Constraint($"{periods}", "evaluationPeriods", "Member must have value greater than or equal to 1");
        }

        var longest = period >= 3600 ? 7 * Day : Day;
        if ((long)period * periods > longest)
        {
            throw CloudWatchErrors.Validation(
                $"Metrics cannot be checked across more than {(longest == Day ? "a day" : "a week")} (EvaluationPeriods * Period must be <= {longest})."
            );
        }

        if (request.DatapointsToAlarm is { } toAlarm && (toAlarm < 1 || toAlarm > periods))
        {
            throw CloudWatchErrors.Validation("DatapointsToAlarm must be at least 1 and not greater than EvaluationPeriods.");
        }

        if (request.TreatMissingData is not null)
        {
            CloudWatchErrors.OneOf(request.TreatMissingData, "treatMissingData", "breaching", "notBreaching", "ignore", "missing");
        }

        if (request.EvaluateLowSampleCountPercentile is not null)
        {
            CloudWatchErrors.OneOf(request.EvaluateLowSampleCountPercentile, "evaluateLowSampleCountPercentile", "evaluate", "ignore");
            if (request.ExtendedStatistic is null)
            {
                throw CloudWatchErrors.Validation("Option EvaluateLowSampleCountPercentile is only available for percentile statistics.");
            }
        }
    }
}
