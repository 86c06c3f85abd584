using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudWatch;

public sealed record AlarmNamesRequest(List<string>? AlarmNames);

/// <summary>Switches the actions of alarms on or off (DisableAlarmActions); names that are none are passed over, as AWS does.</summary>
internal sealed class EnableAlarmActions(Database database, Shelf<Alarm> alarms, Clock clock)
{
    public Task Enable(AlarmNamesRequest request, Caller caller, CancellationToken cancellation) => Set(request, caller, true);

    public Task Disable(AlarmNamesRequest request, Caller caller, CancellationToken cancellation) => Set(request, caller, false);

    private Task Set(AlarmNamesRequest request, Caller caller, bool enabled)
    {
        if (request.AlarmNames is null)
        {
            throw CloudWatchErrors.Constraint(null, "alarmNames", "Member must not be null");
        }

        var now = clock.GetUtcNow();
        return database.Write(transaction =>
        {
            foreach (var name in request.AlarmNames)
            {
                if (alarms.Get(transaction, caller.Scope, name) is { } alarm && alarm.ActionsEnabled != enabled)
                {
                    var after = alarm with { ActionsEnabled = enabled, ConfigurationUpdated = now };
                    alarms.Put(transaction, caller.Scope, name, after);
                    AlarmHistory.Configured(transaction, caller.Scope, after, now, "updated", "Update");
                }
            }
        });
    }
}
