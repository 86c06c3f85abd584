using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

/// <summary>Deletes a rule without targets; one that is not there is not an error.</summary>
internal sealed class DeleteRule(Rules rules)
{
    public Task Run(RuleRequest request, Caller caller, CancellationToken cancellation)
    {
        EventsErrors.Text(request.Name, "name", 64);
        var key = Rule.Key(rules.BusName(request.EventBusName, caller.Scope), request.Name!);
        return rules.Database.Write(transaction =>
        {
            if (rules.Bus.Rules.Get(transaction, caller.Scope, key) is { Targets.Count: > 0 })
            {
                throw EventsErrors.Validation("Rule can't be deleted since it has targets.");
            }

            rules.Bus.Rules.Remove(transaction, caller.Scope, key);
        });
    }
}
