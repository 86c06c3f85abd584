using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record RemoveTargetsRequest(string? Rule, string? EventBusName, List<string>? Ids, bool? Force);

/// <summary>Takes targets away from a rule, by their ids.</summary>
internal sealed class RemoveTargets(Rules rules)
{
    public Task<FailedEntriesResponse> Run(RemoveTargetsRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.Ids is not { Count: > 0 } ids)
        {
            throw EventsErrors.Validation(
                "1 validation error detected: Value null at 'ids' failed to satisfy constraint: Member must have length greater than or equal to 1"
            );
        }

        return rules.Change(
            request.Rule,
            request.EventBusName,
            caller.Scope,
            rule =>
            {
                var gone = ids.Where(id => rule.Targets.All(target => target.Id != id)).ToList();
                return (
                    rule with
                    {
                        Targets = rule.Targets.Where(target => !ids.Contains(target.Id!)).ToList(),
                    },
                    new FailedEntriesResponse(
                        gone.Count,
                        gone.Select(id => new FailedTarget(
                                id,
                                "ResourceNotFoundException",
                                $"Rule {rule.Name} does not have a target {id}."
                            ))
                            .ToList()
                    )
                );
            }
        );
    }
}
