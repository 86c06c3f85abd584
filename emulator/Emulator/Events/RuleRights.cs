using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Events;

/// <summary>The rights that EventBridge's operations need, on rules and buses.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html</remarks>
internal static class RuleRights
{
    public static IReadOnlyList<Access>? Of(string operation, object request, Caller caller, EventBus buses) =>
        request switch
        {
            TestEventPatternRequest or ListEventBusesRequest => [new("events:" + operation, "*")],
            ListRulesRequest list => [new("events:" + operation, "*"), .. Foreign(operation, list.EventBusName, caller)],
            ListRuleNamesByTargetRequest list => [new("events:" + operation, "*"), .. Foreign(operation, list.EventBusName, caller)],
            PutRuleRequest rule => [Rule(operation, rule.Name, rule.EventBusName, caller), .. Passed(rule.RoleArn)],
            RuleRequest rule => [Rule(operation, rule.Name, rule.EventBusName, caller)],
            PutTargetsRequest targets =>
            [
                Rule(operation, targets.Rule, targets.EventBusName, caller),
                .. (targets.Targets ?? []).SelectMany(target => Passed(target.RoleArn)),
            ],
            RemoveTargetsRequest targets => [Rule(operation, targets.Rule, targets.EventBusName, caller)],
            ListTargetsByRuleRequest targets => [Rule(operation, targets.Rule, targets.EventBusName, caller)],
            PutEventsRequest events =>
            [
                .. (events.Entries ?? [])
                    .Select(entry => entry.EventBusName)
                    .Distinct()
                    .Select(bus => OfPolicy(Bus(operation, bus, caller), buses)),
            ],
            CreateEventBusRequest bus => [Bus(operation, bus.Name, caller)],
            EventBusRequest bus => [Bus(operation, bus.Name, caller)],
            CreateArchiveRequest archive =>
            [
                Of(operation, "archive", archive.ArchiveName, caller),
                Bus(operation, archive.EventSourceArn, caller),
            ],
            UpdateArchiveRequest archive => [Of(operation, "archive", archive.ArchiveName, caller)],
            ArchiveRequest archive => [Of(operation, "archive", archive.ArchiveName, caller)],
            StartReplayRequest replay =>
            [
                Of(operation, "replay", replay.ReplayName, caller),
                new("events:" + operation, replay.EventSourceArn ?? ""),
                Bus(operation, replay.Destination?.Arn, caller),
            ],
            ReplayRequest replay => [Of(operation, "replay", replay.ReplayName, caller)],
            ListArchivesRequest or ListReplaysRequest => [new("events:" + operation, "*")],
            CreateConnectionRequest connection => [Of(operation, "connection", connection.Name, caller)],
            ConnectionRequest connection => [Of(operation, "connection", connection.Name, caller)],
            CreateApiDestinationRequest destination => [Of(operation, "api-destination", destination.Name, caller)],
            ApiDestinationRequest destination => [Of(operation, "api-destination", destination.Name, caller)],
            ListConnectionsRequest or ListApiDestinationsRequest => [new("events:" + operation, "*")],
            PutPermissionRequest bus => [Bus(operation, bus.EventBusName, caller)],
            RemovePermissionRequest bus => [Bus(operation, bus.EventBusName, caller)],
            TagResourceRequest tag => [new("events:" + operation, tag.ResourceARN ?? "")],
            UntagResourceRequest tag => [new("events:" + operation, tag.ResourceARN ?? "")],
            ListTagsForResourceRequest tag => [new("events:" + operation, tag.ResourceARN ?? "")],
            _ => null,
        };

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            PutRuleRequest rule => (rule.Tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value)),
            CreateEventBusRequest bus => (bus.Tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value)),
            TagResourceRequest tag => (tag.Tags ?? []).Select(each => KeyValuePair.Create(each.Key ?? "", each.Value)),
            UntagResourceRequest untag => (untag.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    /// <summary>A rule of the default bus has no bus in its ARN.</summary>
    private static Access Rule(string operation, string? name, string? bus, Caller caller)
    {
        var busName = bus?[(bus.LastIndexOf('/') + 1)..];
        return new(
            "events:" + operation,
            Arn.Of(
                "events",
                Arn.TryParse(bus)?.Scope ?? caller.Scope,
                busName is null or "default" ? $"rule/{name}" : $"rule/{busName}/{name}"
            )
        );
    }

    private static Access Bus(string operation, string? name, Caller caller) =>
        new(
            "events:" + operation,
            name?.StartsWith("arn:", StringComparison.Ordinal) == true
                ? name
                : Arn.Of("events", caller.Scope, $"event-bus/{name ?? "default"}")
        );

    private static Access Of(string operation, string kind, string? name, Caller caller) =>
        new("events:" + operation, Arn.Of("events", caller.Scope, $"{kind}/{name}"));

    /// <summary>Putting events is what a bus's policy speaks of.</summary>
    private static Access OfPolicy(Access access, EventBus buses) => access with { Policy = buses.PolicyOf(access.Resource) };

    /// <summary>A bus of another account, given by its ARN.</summary>
    private static Access[] Foreign(string operation, string? bus, Caller caller) =>
        Arn.TryParse(bus) is { } arn && arn.Account != caller.Account ? [new("events:" + operation, bus!)] : [];

    private static Access[] Passed(string? role) => role is null ? [] : [Access.PassRole(role, "events.amazonaws.com")];
}
