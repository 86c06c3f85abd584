using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record ListRuleNamesByTargetRequest(string? TargetArn, string? EventBusName, string? NextToken, int? Limit);

public sealed record ListRuleNamesByTargetResponse(IReadOnlyList<string> RuleNames, string? NextToken);

/// <summary>The rules of a bus that have a target.</summary>
internal sealed class ListRuleNamesByTarget(Rules rules)
{
    public ListRuleNamesByTargetResponse Run(ListRuleNamesByTargetRequest request, Caller caller)
    {
        EventsErrors.Text(request.TargetArn, "targetArn", 1600);
        var bus = rules.BusName(request.EventBusName, caller.Scope);
        var found = rules
            .On(bus, caller.Scope)
            .Where(rule => rule.Targets.Any(target => target.Arn == request.TargetArn))
            .Select(rule => rule.Name);
        var (page, next) = rules
            .Lists.Of("ListRuleNamesByTarget", caller.Scope, bus, request.TargetArn)
            .Page(found, name => name, EventsErrors.PageSize(request.Limit), request.NextToken);
        return new(page, next);
    }
}
