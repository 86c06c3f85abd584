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

public sealed record ListSchedulesRequest(string? GroupName, string? NamePrefix, string? State, string? NextToken, int? MaxResults);

public sealed record ListSchedulesResponse(IReadOnlyList<ScheduleSummary> Schedules, string? NextToken);

public sealed record ScheduleSummary(
    string Arn,
    string Name,
    string GroupName,
    string State,
    DateTimeOffset CreationDate,
    DateTimeOffset LastModificationDate,
    TargetSummary Target
);

public sealed record TargetSummary(string Arn);

public sealed record EmptyResponse;

/// <summary>Reads, lists and deletes schedules.</summary>
internal sealed class GetSchedule(Schedules schedules)
{
    public GetScheduleResponse One(ScheduleNameRequest request, Caller caller)
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

    public ListSchedulesResponse List(ListSchedulesRequest request, Caller caller)
    {
        var found = schedules
            .All.List(caller.Scope)
            .Where(entry =>
                (request.GroupName is null || entry.Value.Group == request.GroupName)
                && (request.NamePrefix is null || entry.Value.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal))
                && (request.State is null || entry.Value.State == request.State)
            );
        var (page, next) = Schedules.Page(found, entry => entry.Key, request.NextToken, request.MaxResults);
        return new(
            page.Select(entry => new ScheduleSummary(
                    entry.Value.Arn,
                    entry.Value.Name,
                    entry.Value.Group,
                    entry.Value.State,
                    entry.Value.Created,
                    entry.Value.Modified,
                    new TargetSummary(entry.Value.Target.Arn!)
                ))
                .ToList(),
            next
        );
    }

    public Task<EmptyResponse> Delete(ScheduleNameRequest request, Caller caller, CancellationToken cancellation)
    {
        SchedulerErrors.Name(request.Name, "name");
        return schedules.Database.Write(transaction =>
            schedules.Remove(transaction, caller.Scope, Schedule.Key(request.GroupName ?? Schedules.DefaultGroup, request.Name!))
                ? new EmptyResponse()
                : throw SchedulerErrors.ScheduleNotFound(request.Name!)
        );
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
