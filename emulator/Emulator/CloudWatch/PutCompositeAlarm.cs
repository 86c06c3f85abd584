using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudWatch;

public sealed record PutCompositeAlarmRequest
{
    public string? AlarmName { get; init; }

    public string? AlarmDescription { get; init; }

    public string? AlarmRule { get; init; }

    public bool? ActionsEnabled { get; init; }

    public List<string>? OKActions { get; init; }

    public List<string>? AlarmActions { get; init; }

    public List<string>? InsufficientDataActions { get; init; }

    public string? ActionsSuppressor { get; init; }

    /// <summary>In seconds.</summary>
    public int? ActionsSuppressorWaitPeriod { get; init; }

    /// <summary>In seconds.</summary>
    public int? ActionsSuppressorExtensionPeriod { get; init; }

    public List<Tag>? Tags { get; init; }
}

/// <summary>Creates an alarm on other alarms, or changes one; its rule is evaluated at once.</summary>
internal sealed class PutCompositeAlarm(Database database, Shelf<Alarm> alarms, AlarmStates states, Clock clock)
{
    private const int RuleLimit = 10240;
    private const int MostParents = 150;

    public Task Run(PutCompositeAlarmRequest request, Caller caller, CancellationToken cancellation)
    {
        var rule = Check(request);
        var scope = caller.Scope;
        return database.Write(transaction =>
        {
            var now = clock.GetUtcNow();
            var before = alarms.Get(transaction, scope, request.AlarmName!);
            if (before is { Rule: null })
            {
                throw CloudWatchErrors.Validation($"The alarm {before.Name} is a metric alarm");
            }

            var missing = rule.Children.Where(name => alarms.Get(transaction, scope, name) is null).ToList();
            if (missing.Count > 0)
            {
                throw CloudWatchErrors.Validation(
                    $"Could not save the composite alarm as alarms [{string.Join(", ", missing)}] in the alarm rule do not exist"
                );
            }

            if (request.ActionsSuppressor is { } suppressor && alarms.Get(transaction, scope, AlarmRuleParser.NameOf(suppressor)) is null)
            {
                throw CloudWatchErrors.Validation(
                    $"Could not save the composite alarm as the actions suppressor {suppressor} does not exist"
                );
            }

            CheckParents(transaction, scope, request.AlarmName!, rule);
            var alarm = Configure(request, scope, before, now);
            if (before is null || before.Suppressor != alarm.Suppressor)
            {
                alarm = states.Composites.Configured(transaction, scope, alarm);
            }

            alarms.Put(transaction, scope, alarm.Name, alarm);
            var what = before is null ? "created" : "updated";
            AlarmHistory.Configured(transaction, scope, alarm, now, what, before is null ? "Create" : "Update");
            var (state, data) = states.Composites.Evaluate(transaction, scope, alarm);
            if (state != alarm.State)
            {
                states.Change(
                    transaction,
                    scope,
                    alarm,
                    state,
                    $"{alarm.Arn} was {what} and its alarm rule evaluates to {state}",
                    data,
                    now
                );
            }
        });
    }

    private static AlarmRule Check(PutCompositeAlarmRequest request)
    {
        PutMetricAlarm.CheckWhatAllHave(
            request.AlarmName,
            request.AlarmDescription,
            request.OKActions,
            request.AlarmActions,
            request.InsufficientDataActions
        );
        var text = CloudWatchErrors.Text(request.AlarmRule, "alarmRule", RuleLimit);
        var periods = new[] { request.ActionsSuppressorWaitPeriod, request.ActionsSuppressorExtensionPeriod };
        if (periods.Any(period => period is null == request.ActionsSuppressor is not null))
        {
            throw CloudWatchErrors.Validation(
                "ActionsSuppressor, ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod must be specified together."
            );
        }

        return periods.Any(period => period < 0)
            ? throw CloudWatchErrors.Validation("ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod must not be negative.")
            : AlarmRuleParser.Parse(text);
    }

    private void CheckParents(Transaction transaction, Scope scope, string name, AlarmRule rule)
    {
        foreach (var child in rule.Children)
        {
            if (states.Composites.Parents(transaction, scope, child).Count(parent => parent.Name != name) >= MostParents)
            {
                throw new AwsException("LimitExceededFault", $"The alarm {child} is in the rules of {MostParents} composite alarms")
                {
                    QueryCode = "LimitExceeded",
                };
            }
        }
    }

    private static Alarm Configure(PutCompositeAlarmRequest request, Scope scope, Alarm? before, DateTimeOffset now) =>
        new()
        {
            Name = request.AlarmName!,
            Arn = Arn.Of("cloudwatch", scope, $"alarm:{request.AlarmName}"),
            Description = request.AlarmDescription,
            ActionsEnabled = request.ActionsEnabled ?? true,
            OkActions = request.OKActions ?? [],
            AlarmActions = request.AlarmActions ?? [],
            InsufficientDataActions = request.InsufficientDataActions ?? [],
            Rule = request.AlarmRule,
            Suppressor = request.ActionsSuppressor,
            SuppressorWait = request.ActionsSuppressorWaitPeriod,
            SuppressorExtension = request.ActionsSuppressorExtensionPeriod,
            SuppressedBy = before?.SuppressedBy,
            SuppressedReason = before?.SuppressedReason,
            SuppressedUntil = before?.SuppressedUntil,
            HeldState = before?.HeldState,
            ConfigurationUpdated = now,
            State = before?.State ?? AlarmState.InsufficientData,
            Reason = before?.Reason ?? "Unchecked: Initial alarm creation",
            ReasonData = before?.ReasonData,
            StateUpdated = before?.StateUpdated ?? now,
            StateTransitioned = before?.StateTransitioned ?? now,

            // Tags in a request that changes an alarm are not taken, as AWS documents.
            Tags = before?.Tags ?? Tags.Of(request.Tags),

            // A metric alarm's own.
            MetricId = "",
            Period = 0,
            EvaluationPeriods = 0,
            Threshold = 0,
            ComparisonOperator = "",
        };
}
