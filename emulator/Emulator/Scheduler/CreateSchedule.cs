using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Events;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.Scheduler;

public sealed record ScheduleRequest
{
    public string? Name { get; init; }

    public string? GroupName { get; init; }

    public string? Description { get; init; }

    public string? ScheduleExpression { get; init; }

    public string? ScheduleExpressionTimezone { get; init; }

    public DateTimeOffset? StartDate { get; init; }

    public DateTimeOffset? EndDate { get; init; }

    public FlexibleTimeWindow? FlexibleTimeWindow { get; init; }

    public string? State { get; init; }

    public string? ActionAfterCompletion { get; init; }

    public ScheduleTarget? Target { get; init; }

    public string? ClientToken { get; init; }
}

public sealed record ScheduleResponse(string ScheduleArn);

/// <summary>Creates a schedule, or replaces all of one (UpdateSchedule).</summary>
internal sealed class CreateSchedule(Schedules schedules, ServiceDirectory services, Clock clock)
{
    public Task<ScheduleResponse> Create(ScheduleRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var scope = caller.Scope;
        var now = clock.GetUtcNow();
        return schedules.Database.Write(transaction =>
        {
            var group = GroupOf(request, transaction, scope);
            if (schedules.All.Get(transaction, scope, Schedule.Key(group, request.Name!)) is { } before)
            {
                // The same request again, as its token says, is answered as the first.
                return request.ClientToken is not null && before.ClientToken == request.ClientToken
                    ? new ScheduleResponse(before.Arn)
                    : throw SchedulerErrors.Conflict($"Schedule {request.Name} already exists.");
            }

            var schedule = Of(request, group, scope, now, now);
            schedules.Put(transaction, scope, schedule, Before(now));
            return new ScheduleResponse(schedule.Arn);
        });
    }

    public Task<ScheduleResponse> Update(ScheduleRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var scope = caller.Scope;
        var now = clock.GetUtcNow();
        return schedules.Database.Write(transaction =>
        {
            var group = GroupOf(request, transaction, scope);
            var before =
                schedules.All.Get(transaction, scope, Schedule.Key(group, request.Name!))
                ?? throw SchedulerErrors.ScheduleNotFound(request.Name!);
            var schedule = Of(request, group, scope, before.Created, now);
            schedules.Put(transaction, scope, schedule, Before(now));
            return new ScheduleResponse(schedule.Arn);
        });
    }

    /// <summary>So that a rate that starts now, in this millisecond, starts.</summary>
    private static DateTimeOffset Before(DateTimeOffset now) => now.AddMilliseconds(-1);

    private string GroupOf(ScheduleRequest request, Store.Transaction transaction, Scope scope)
    {
        var group = request.GroupName ?? Schedules.DefaultGroup;
        return schedules.GroupExists(transaction, scope, group) ? group : throw SchedulerErrors.GroupNotFound(group);
    }

    private static Schedule Of(ScheduleRequest request, string group, Scope scope, DateTimeOffset created, DateTimeOffset modified) =>
        new()
        {
            Name = request.Name!,
            Group = group,
            Arn = Schedules.ArnOf(group, request.Name!, scope),
            Description = request.Description,
            Expression = request.ScheduleExpression!,
            TimeZone = request.ScheduleExpressionTimezone ?? "UTC",
            StartDate = request.StartDate,
            EndDate = request.EndDate,
            Window = request.FlexibleTimeWindow!,
            State = request.State ?? Schedule.Enabled,
            ActionAfterCompletion = request.ActionAfterCompletion ?? "NONE",
            Target = request.Target!,
            Created = created,
            Modified = modified,
            ClientToken = request.ClientToken,
        };

    private void Check(ScheduleRequest request)
    {
        SchedulerErrors.Name(request.Name, "name");
        if (request.GroupName is not null)
        {
            SchedulerErrors.Name(request.GroupName, "groupName");
        }

        OneOf(request.State, "state", "ENABLED", "DISABLED");
        OneOf(request.ActionAfterCompletion, "actionAfterCompletion", "NONE", "DELETE");
        if (request.Description?.Length > 512)
        {
            throw SchedulerErrors.Constraint(request.Description, "description", "Member must have length less than or equal to 512");
        }

        CheckTime(request);
        CheckTarget(request.Target);
    }

    private static void CheckTime(ScheduleRequest request)
    {
        var zone = TimeZoneInfo.Utc;
        if (request.ScheduleExpressionTimezone is { } id && !TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone!))
        {
            throw SchedulerErrors.Validation($"Provided timezone {id} is not valid.");
        }

        if (request.ScheduleExpression is null || ScheduleExpression.TryParse(request.ScheduleExpression, zone) is not { } expression)
        {
            throw SchedulerErrors.InvalidExpression(request.ScheduleExpression);
        }

        if (expression.IsOnce && (request.StartDate ?? request.EndDate) is not null)
        {
            throw SchedulerErrors.Validation("StartDate and EndDate cannot be set for one-time schedules.");
        }

        if (request.StartDate >= request.EndDate)
        {
            throw SchedulerErrors.Validation("The EndDate must come after the StartDate.");
        }

        if (request.FlexibleTimeWindow is not { } window)
        {
            throw SchedulerErrors.Constraint(null, "flexibleTimeWindow", "Member must not be null");
        }

        OneOf(window.Mode ?? "", "flexibleTimeWindow.mode", "OFF", "FLEXIBLE");
        if (window.Mode == "OFF" == window.MaximumWindowInMinutes is not null || window.MaximumWindowInMinutes is < 1 or > 1440)
        {
            throw SchedulerErrors.Validation(
                window.Mode == "OFF"
                    ? "MaximumWindowInMinutes must not be set when the flexible time window is OFF."
                    : "MaximumWindowInMinutes must be between 1 and 1440 for a flexible time window."
            );
        }
    }

    private void CheckTarget(ScheduleTarget? target)
    {
        if (target is null || target.Arn is null || target.RoleArn is null)
        {
            throw SchedulerErrors.Constraint(
                null,
                target is null ? "target"
                    : target.Arn is null ? "target.arn"
                    : "target.roleArn",
                "Member must not be null"
            );
        }

        if (Arn.TryParse(target.RoleArn) is not { Service: "iam" })
        {
            throw SchedulerErrors.Constraint(
                target.RoleArn,
                "target.roleArn",
                "Member must satisfy regular expression pattern: ^arn:aws[a-z-]*:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$"
            );
        }

        if (Arn.TryParse(target.Arn) is not { } arn)
        {
            throw SchedulerErrors.Validation($"Provided Arn is not in correct format.");
        }

        CheckService(target, arn);
        if (target.RetryPolicy is { MaximumRetryAttempts: < 0 or > 185 } or { MaximumEventAgeInSeconds: < 60 or > 86_400 })
        {
            throw SchedulerErrors.Validation("MaximumRetryAttempts must be 0 to 185, and MaximumEventAgeInSeconds 60 to 86400.");
        }

        if (
            target.DeadLetterConfig?.Arn is { } queue
            && (Arn.TryParse(queue) is not { Service: "sqs" } || queue.EndsWith(".fifo", StringComparison.Ordinal))
        )
        {
            throw SchedulerErrors.Validation("The dead-letter queue must be a standard SQS queue.");
        }
    }

    private void CheckService(ScheduleTarget target, Arn arn)
    {
        switch (arn.Service)
        {
            case "lambda" or "sns":
                break;
            case "states":
                CheckJson(target);
                break;
            case "sqs" when arn.Resource.EndsWith(".fifo", StringComparison.Ordinal) && target.SqsParameters?.MessageGroupId is null:
                throw SchedulerErrors.Validation("SqsParameters.MessageGroupId is required for FIFO queues.");
            case "sqs":
                break;
            case "events" when arn.Resource.StartsWith("event-bus/", StringComparison.Ordinal):
                if (target.EventBridgeParameters is not { Source: not null, DetailType: not null })
                {
                    throw SchedulerErrors.Validation("EventBridgeParameters are required for event buses.");
                }

                CheckJson(target);
                break;
            case "scheduler" when arn.Resource.Split(':') is ["aws-sdk", var service, { Length: > 0 } action]:
                services.Find(service).Find(char.ToUpperInvariant(action[0]) + action[1..]);
                CheckJson(target);
                break;
            default:
                throw AwsException.NotImplemented($"schedule targets of {arn.Service}");
        }
    }

    private static void CheckJson(ScheduleTarget target)
    {
        if (target.Input is null)
        {
            return;
        }

        try
        {
            JsonInput.Parse(target.Input);
        }
        catch (JsonException)
        {
            throw SchedulerErrors.Validation("The target's Input must be valid JSON.");
        }
    }

    private static void OneOf(string? value, string member, params ReadOnlySpan<string> allowed)
    {
        if (value is not null && !allowed.Contains(value))
        {
            throw SchedulerErrors.Constraint(
                value,
                member,
                $"Member must satisfy enum value set: [{string.Join(", ", allowed.ToArray())}]"
            );
        }
    }
}
