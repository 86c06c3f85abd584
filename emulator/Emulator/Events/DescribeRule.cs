using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record RuleRequest(string? Name, string? EventBusName, bool? Force);

public sealed record DescribeRuleResponse(
    string Name,
    string Arn,
    string? EventPattern,
    string? ScheduleExpression,
    string State,
    string? Description,
    string? RoleArn,
    string EventBusName,
    string CreatedBy
);

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

public sealed record ListRuleNamesByTargetRequest(string? TargetArn, string? EventBusName, string? NextToken, int? Limit);

public sealed record ListRuleNamesByTargetResponse(IReadOnlyList<string> RuleNames, string? NextToken);

/// <summary>Reads rules: one, those of a bus, those with a target.</summary>
internal sealed class DescribeRule(Rules rules)
{
    public DescribeRuleResponse One(RuleRequest request, Caller caller)
    {
        var rule = rules.Find(request.Name, request.EventBusName, caller.Scope);
        return new(
            rule.Name,
            rule.Arn,
            rule.EventPattern,
            rule.ScheduleExpression,
            rule.State,
            rule.Description,
            rule.RoleArn,
            rule.Bus,
            caller.Account
        );
    }

    public ListRulesResponse List(ListRulesRequest request, Caller caller)
    {
        var found = rules
            .On(rules.BusName(request.EventBusName, caller.Scope), caller.Scope)
            .Where(rule => request.NamePrefix is null || rule.Name.StartsWith(request.NamePrefix, StringComparison.Ordinal));
        var (page, next) = Rules.Page(found, rule => rule.Name, request.NextToken, request.Limit);
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

    public ListRuleNamesByTargetResponse NamesByTarget(ListRuleNamesByTargetRequest request, Caller caller)
    {
        EventsErrors.Text(request.TargetArn, "targetArn", 1600);
        var found = rules
            .On(rules.BusName(request.EventBusName, caller.Scope), caller.Scope)
            .Where(rule => rule.Targets.Any(target => target.Arn == request.TargetArn))
            .Select(rule => rule.Name);
        var (page, next) = Rules.Page(found, name => name, request.NextToken, request.Limit);
        return new(page, next);
    }
}
