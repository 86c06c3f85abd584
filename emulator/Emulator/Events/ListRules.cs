using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;

namespace Disa.Emulator.Events;

public sealed record ListRulesRequest(string? NamePrefix, string? EventBusName, string? NextToken, int? Limit);

public sealed record ListRulesResponse(IReadOnlyList<RuleEntry> Rules, string? NextToken);

public sealed record RuleEntry(
    string Name,
    string Arn,
    string? EventPattern,
    string State,
    string? Description,
    string? ScheduleExpression,
    string? RoleArn,
    string EventBusName
);

/// <summary>The rules of a bus.</summary>
internal sealed class ListRules(Rules rules)
{
    public ListRulesResponse Run(ListRulesRequest request, Caller caller)
    {
        var bus = rules.BusName(request.EventBusName, caller.Scope);
        var found = rules
            .On(bus, caller.Scope)
            .Where(rule => request.NamePrefix is null || rule.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal));
        var (page, next) = rules
            .Lists.Of("ListRules", caller.Scope, bus)
            .Page(found, rule => rule.Name, EventsErrors.PageSize(request.Limit), request.NextToken);
        return new(
            page.Select(rule => new RuleEntry(
                    rule.Name,
                    rule.Arn,
                    rule.EventPattern,
                    rule.State,
                    rule.Description,
                    rule.ScheduleExpression,
                    rule.RoleArn,
                    rule.Bus
                ))
                .ToList(),
            next
        );
    }
}
