using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudWatch;

/// <summary>
/// Deletes alarms, one composite alarm among them at most; if one of them is not there, or another alarm depends on it, none is deleted.
/// Their history stays.
/// </summary>
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
            var names = request.AlarmNames.Distinct(StringComparer.Ordinal).ToList();
            Check(transaction, caller.Scope, names);
            foreach (var name in names)
            {
                var alarm = alarms.Get(transaction, caller.Scope, name) ?? throw CloudWatchErrors.AlarmNotFound(name);
                alarms.Remove(transaction, caller.Scope, name);
                AlarmHistory.Configured(transaction, caller.Scope, alarm, clock.GetUtcNow(), "deleted", "Delete");
            }
        });
    }

    private void Check(Transaction transaction, Scope scope, List<string> names)
    {
        if (names.Count(name => alarms.Get(transaction, scope, name)?.Rule is not null) > 1)
        {
            throw CloudWatchErrors.Validation("You can delete at most one composite alarm in one request.");
        }

        var composites = new CompositeAlarms(alarms);
        var needed = names.Where(name =>
            composites
                .Parents(transaction, scope, name)
                .Concat(composites.Suppressed(transaction, scope, name))
                .Any(other => !names.Contains(other.Name))
        );
        if (needed.FirstOrDefault() is { } first)
        {
            throw CloudWatchErrors.Validation($"Cannot delete {first} as there are composite alarm(s) depending on it.");
        }
    }
}
