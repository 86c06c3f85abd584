using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Time;

namespace Disa.Emulator.Events;

public sealed record PutRuleRequest(
    string? Name,
    string? ScheduleExpression,
    string? EventPattern,
    string? State,
    string? Description,
    string? RoleArn,
    List<Tag>? Tags,
    string? EventBusName
);

public sealed record PutRuleResponse(string RuleArn);

public sealed record Tag(string? Key, string? Value);

/// <summary>Creates a rule, or replaces all of one but its targets and tags.</summary>
internal sealed class PutRule(Rules rules, Clock clock, Action signal)
{
    public async Task<PutRuleResponse> Run(PutRuleRequest request, Caller caller, CancellationToken cancellation)
    {
        var scope = caller.Scope;
        var name = EventsErrors.Name(request.Name, "name", 64);
        var bus = rules.BusName(request.EventBusName, scope);
        if (string.IsNullOrEmpty(request.EventPattern) && string.IsNullOrEmpty(request.ScheduleExpression))
        {
            throw EventsErrors.Validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }

        CheckPattern(request.EventPattern);
        if (request.State is not (null or "ENABLED" or "DISABLED"))
        {
            throw EventsErrors.Validation(
                $"1 validation error detected: Value '{request.State}' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS]"
            );
        }

        var now = clock.GetUtcNow();
        var due = Due(request.ScheduleExpression, bus, now);
        var arn = await rules
            .Database.Write(transaction =>
            {
                var key = Rule.Key(bus, name);
                var before = rules.Bus.Rules.Get(transaction, scope, key);
                var unchanged = before is not null && before.ScheduleExpression == request.ScheduleExpression;
                var rule = new Rule
                {
                    Name = name,
                    Bus = bus,
                    Arn = Rules.ArnOf(name, bus, scope),
                    EventPattern = string.IsNullOrEmpty(request.EventPattern) ? null : request.EventPattern,
                    ScheduleExpression = string.IsNullOrEmpty(request.ScheduleExpression) ? null : request.ScheduleExpression,
                    State = request.State ?? Rule.Enabled,
                    Description = request.Description,
                    RoleArn = request.RoleArn,
                    Targets = before?.Targets ?? [],
                    Tags = before?.Tags ?? Tags.Of(request.Tags),
                    Scheduled = unchanged ? before!.Scheduled : now,
                    Due = unchanged ? before!.Due : due,
                };
                rules.Bus.Rules.Put(transaction, scope, key, rule);
                return rule.Arn;
            })
            .ConfigureAwait(false);
        signal();
        return new(arn);
    }

    /// <summary>A rate of a rule runs for the first time one interval after it is put.</summary>
    private static DateTimeOffset? Due(string? expression, string bus, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(expression))
        {
            return null;
        }

        if (bus != EventBus.Default)
        {
            throw EventsErrors.Validation("ScheduleExpression is supported only on the default event bus.");
        }

        var parsed = ScheduleExpression.TryParse(expression, TimeZoneInfo.Utc);
        return parsed is null || parsed.IsOnce || !AgreesInNumber(expression)
            ? throw EventsErrors.Validation("Parameter ScheduleExpression is not valid.")
            : parsed.Next(now, now);
    }

    /// <summary>A rule's rate is of 1 minute or of 5 minutes, never of 5 minute (Amazon EventBridge User Guide, rate expressions).</summary>
    private static bool AgreesInNumber(string expression) =>
        !expression.StartsWith("rate(", StringComparison.Ordinal)
        || expression.StartsWith("rate(1 ", StringComparison.Ordinal) != expression.EndsWith("s)", StringComparison.Ordinal);

    internal static void CheckPattern(string? pattern)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return;
        }

        try
        {
            EventPattern.Parse(pattern);
        }
        catch (EventPatternException failure)
        {
            throw EventsErrors.InvalidPattern(failure.Message);
        }
    }
}
