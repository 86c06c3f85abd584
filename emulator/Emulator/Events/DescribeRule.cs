using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;

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

/// <summary>Reads a rule.</summary>
internal sealed class DescribeRule(Rules rules)
{
    public DescribeRuleResponse Run(RuleRequest request, Caller caller)
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
}
