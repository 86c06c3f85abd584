using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

/// <summary>Switches a rule on or off (DisableRule).</summary>
internal sealed class EnableRule(Rules rules, Action signal)
{
    public Task Enable(RuleRequest request, Caller caller, CancellationToken cancellation) => Set(request, caller, Rule.Enabled);

    public Task Disable(RuleRequest request, Caller caller, CancellationToken cancellation) => Set(request, caller, "DISABLED");

    private async Task Set(RuleRequest request, Caller caller, string state)
    {
        await rules
            .Change(request.Name, request.EventBusName, caller.Scope, rule => (rule with { State = state }, true))
            .ConfigureAwait(false);
        signal();
    }
}
