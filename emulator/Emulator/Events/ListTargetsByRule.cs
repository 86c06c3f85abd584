using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record ListTargetsByRuleRequest(string? Rule, string? EventBusName, string? NextToken, int? Limit);

public sealed record ListTargetsByRuleResponse(IReadOnlyList<Target> Targets, string? NextToken);

/// <summary>A rule's targets.</summary>
internal sealed class ListTargetsByRule(Rules rules)
{
    public ListTargetsByRuleResponse Run(ListTargetsByRuleRequest request, Caller caller)
    {
        var rule = rules.Find(request.Rule, request.EventBusName, caller.Scope);
        var (page, next) = rules
            .Lists.Of("ListTargetsByRule", caller.Scope, rule.Arn)
            .Page(
                rule.Targets.OrderBy(target => target.Id, StringComparer.Ordinal),
                target => target.Id!,
                EventsErrors.PageSize(request.Limit),
                request.NextToken
            );
        return new(page, next);
    }
}
