using Disa.Emulator.Aws;

namespace Disa.Emulator.Scheduler;

public sealed record EmptyResponse;

/// <summary>Deletes a schedule.</summary>
internal sealed class DeleteSchedule(Schedules schedules)
{
    public Task<EmptyResponse> Run(ScheduleNameRequest request, Caller caller, CancellationToken cancellation)
    {
        SchedulerErrors.Name(request.Name, "name");
        return schedules.Database.Write(transaction =>
            schedules.Remove(transaction, caller.Scope, Schedule.Key(request.GroupName ?? Schedules.DefaultGroup, request.Name!))
                ? new EmptyResponse()
                : throw SchedulerErrors.ScheduleNotFound(request.Name!)
        );
    }
}
