using System.Text.Json.Nodes;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.Events;

public sealed record PutPermissionRequest(
    string? EventBusName,
    string? Action,
    string? Principal,
    string? StatementId,
    PermissionCondition? Condition,
    string? Policy
);

public sealed record PermissionCondition(string? Type, string? Key, string? Value);

public sealed record RemovePermissionRequest(string? EventBusName, string? StatementId, bool? RemoveAllPermissions);

/// <summary>PutPermission and RemovePermission: who else may put events on a bus, as a whole policy or a statement at a time.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html</remarks>
internal sealed class BusPermissions(Rules rules, Clock clock)
{
    private const int LongestPolicy = 10_240;

    public Task Put(PutPermissionRequest request, Caller caller, CancellationToken cancellation)
    {
        var statement = request.Policy is null
            ? Statement(request, EventBuses.ArnOf(rules.BusName(request.EventBusName, caller.Scope), caller.Scope))
            : null;
        if (request.Policy is { } whole)
        {
            CheckPolicy(whole, request);
        }

        return Change(
            request.EventBusName,
            caller.Scope,
            before =>
            {
                if (statement is null)
                {
                    return request.Policy;
                }

                var policy = before is null
                    ? new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = new JsonArray() }
                    : JsonNode.Parse(JsonInput.Whole(before))!.AsObject();
                var statements = Statements(policy);
                Take(statements, request.StatementId!);
                statements.Add((JsonNode)statement);
                var text = policy.ToJsonString();
                return text.Length <= LongestPolicy
                    ? text
                    : throw new AwsException(
                        "PolicyLengthExceededException",
                        "The event bus policy is too long. For more information, see the limits."
                    );
            }
        );
    }

    public Task Remove(RemovePermissionRequest request, Caller caller, CancellationToken cancellation) =>
        Change(
            request.EventBusName,
            caller.Scope,
            before =>
            {
                if (request.RemoveAllPermissions == true)
                {
                    return null;
                }

                var policy = before is null
                    ? throw EventsErrors.NotFound("EventBus does not have a policy.")
                    : JsonNode.Parse(JsonInput.Whole(before))!.AsObject();
                var statements = Statements(policy);
                return !Take(statements, request.StatementId ?? "")
                        ? throw EventsErrors.NotFound("Statement with the provided id does not exist.")
                    : statements.Count == 0 ? null
                    : policy.ToJsonString();
            }
        );

    private static JsonObject Statement(PutPermissionRequest request, string busArn)
    {
        var id = EventsErrors.Name(request.StatementId, "statementId", 64, "-_");
        if (request.Action != "events:PutEvents")
        {
            throw EventsErrors.Validation("Provided value in parameter 'action' is not supported.");
        }

        var principal = EventsErrors.Text(request.Principal, "principal", 12);
        if (principal != "*" && (principal.Length != 12 || !principal.All(char.IsAsciiDigit)))
        {
            throw EventsErrors.Validation(
                $"1 validation error detected: Value '{principal}' at 'principal' failed to satisfy constraint: Member must satisfy regular expression pattern: (\\d{{12}}|\\*)"
            );
        }

        var arn = Arn.Parse(busArn);
        var statement = new JsonObject
        {
            ["Sid"] = id,
            ["Effect"] = "Allow",
            ["Principal"] = principal == "*" ? "*" : new JsonObject { ["AWS"] = $"arn:{Arn.Partition(arn.Region)}:iam::{principal}:root" },
            ["Action"] = "events:PutEvents",
            ["Resource"] = busArn,
        };
        if (request.Condition is { } condition)
        {
            statement["Condition"] = new JsonObject
            {
                [EventsErrors.Text(condition.Type, "condition.type", 64)] = new JsonObject
                {
                    [EventsErrors.Text(condition.Key, "condition.key", 128)] = EventsErrors.Text(condition.Value, "condition.value", 1024),
                },
            };
        }

        return statement;
    }

    private static void CheckPolicy(string policy, PutPermissionRequest request)
    {
        if (request is not { Action: null, Principal: null, StatementId: null, Condition: null })
        {
            throw EventsErrors.Validation("Policy cannot be used with Action, Principal, StatementId or Condition.");
        }

        try
        {
            PolicyDocument.Parse(policy, PolicyKind.Resource);
        }
        catch (PolicyException failure)
        {
            throw EventsErrors.Validation($"This policy contains invalid Json or is not valid: {failure.Message}");
        }
    }

    /// <summary>The default bus is there without having been made.</summary>
    private Task Change(string? given, Scope scope, Func<string?, string?> change)
    {
        var name = rules.BusName(given, scope);
        return rules.Database.Write(transaction =>
        {
            var bus =
                rules.Bus.Buses.Get(transaction, scope, name)
                ?? (
                    name == EventBus.Default
                        ? new Bus(name, null, clock.GetUtcNow(), new Dictionary<string, string>())
                        : throw EventsErrors.BusNotFound(name)
                );
            rules.Bus.Buses.Put(transaction, scope, name, bus with { Policy = change(bus.Policy) });
        });
    }

    private static JsonArray Statements(JsonObject policy)
    {
        if (policy["Statement"] is JsonArray several)
        {
            return several;
        }

        var statements = new JsonArray(policy["Statement"]?.DeepClone());
        policy["Statement"] = statements;
        return statements;
    }

    private static bool Take(JsonArray statements, string id) =>
        statements.FirstOrDefault(statement => (string?)statement?["Sid"] == id) is { } found && statements.Remove(found);
}
