using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudWatch;

/// <summary>Deletes alarms; if one of them is not there, none is deleted. Their history stays.</summary>
internal sealed class DeleteAlarms(Database database, Shelf<Alarm> alarms, Clock clock)
{
    public Task Run(AlarmNamesRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.AlarmNames is null)
        {
            throw CloudWatchErrors.Constraint(null, "alarmNames", "Member must not be null");
        }

        return database.Write(transaction =>
        {
            foreach (var name in request.AlarmNames.Distinct(StringComparer.Ordinal))
            {
                var alarm = alarms.Get(transaction, caller.Scope, name) ?? throw CloudWatchErrors.AlarmNotFound(name);
                alarms.Remove(transaction, caller.Scope, name);
                AlarmHistory.Configured(transaction, caller.Scope, alarm, clock.GetUtcNow(), "deleted", "Delete");
            }
        });
    }
}
