using Disa.Emulator.Aws;

namespace Disa.Emulator.Scheduler;

public sealed record ScheduleNameRequest(string? Name, string? GroupName, string? ClientToken);

public sealed record GetScheduleResponse
{
    public required string Arn { get; init; }

    public required string Name { get; init; }

    public required string GroupName { get; init; }

    public string? Description { get; init; }

    public required string ScheduleExpression { get; init; }

    public required string ScheduleExpressionTimezone { get; init; }

    public DateTimeOffset? StartDate { get; init; }

    public DateTimeOffset? EndDate { get; init; }

    public required FlexibleTimeWindow FlexibleTimeWindow { get; init; }

    public required string State { get; init; }

    public required string ActionAfterCompletion { get; init; }

    public required ScheduleTarget Target { get; init; }

    public DateTimeOffset CreationDate { get; init; }

    public DateTimeOffset LastModificationDate { get; init; }
}

/// <summary>Reads a schedule.</summary>
internal sealed class GetSchedule(Schedules schedules)
{
    public GetScheduleResponse Run(ScheduleNameRequest request, Caller caller)
    {
        var schedule = schedules.Find(request.GroupName, request.Name, caller.Scope);
        return new GetScheduleResponse
        {
            Arn = schedule.Arn,
            Name = schedule.Name,
            GroupName = schedule.Group,
            Description = schedule.Description,
            ScheduleExpression = schedule.Expression,
            ScheduleExpressionTimezone = schedule.TimeZone,
            StartDate = schedule.StartDate,
            EndDate = schedule.EndDate,
            FlexibleTimeWindow = schedule.Window,
            State = schedule.State,
            ActionAfterCompletion = schedule.ActionAfterCompletion,
            Target = WithDefaults(schedule.Target),
            CreationDate = schedule.Created,
            LastModificationDate = schedule.Modified,
        };
    }

    private static ScheduleTarget WithDefaults(ScheduleTarget target) =>
        target with
        {
            RetryPolicy = new(
                target.RetryPolicy?.MaximumRetryAttempts ?? Events.Delivery.DefaultRetries,
                target.RetryPolicy?.MaximumEventAgeInSeconds ?? Events.Delivery.DefaultAge
            ),
        };
}
