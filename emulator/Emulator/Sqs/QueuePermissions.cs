using System.Text.Json.Nodes;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Jsonata;

namespace Disa.Emulator.Sqs;

internal sealed record AddPermissionRequest(
    string? QueueUrl,
    string? Label,
    IReadOnlyList<string>? AWSAccountIds,
    IReadOnlyList<string>? Actions
);

internal sealed record RemovePermissionRequest(string? QueueUrl, string? Label);

/// <summary>AddPermission and RemovePermission: statements of the queue's policy by their label.</summary>
internal sealed class QueuePermissions(Database database, Queues queues, SetQueueAttributes set)
{
    private static readonly string[] KnownActions =
    [
        "*",
        "SendMessage",
        "ReceiveMessage",
        "DeleteMessage",
        "ChangeMessageVisibility",
        "GetQueueAttributes",
        "GetQueueUrl",
        "ListDeadLetterSourceQueues",
        "PurgeQueue",
    ];

    public Task Add(AddPermissionRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "AddPermission");
        var label = request.Label ?? throw SqsErrors.Missing("Label");
        var accounts = request.AWSAccountIds is { Count: > 0 } given ? given : throw SqsErrors.Missing("AWSAccountIds");
        var actions = request.Actions is { Count: > 0 } named ? named : throw SqsErrors.Missing("Actions");
        if (actions.FirstOrDefault(action => !KnownActions.Contains(action)) is { } unknown)
        {
            throw SqsErrors.InvalidParameter(
                $"Value SQS:{unknown} for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action."
            );
        }

        return database.Write(transaction =>
        {
            var current = queues.Find(transaction, queue);
            var policy =
                Policy(current)
                ?? new JsonObject
                {
                    ["Version"] = "2008-10-17",
                    ["Id"] = $"{current.Arn}/SQSDefaultPolicy",
                    ["Statement"] = new JsonArray(),
                };
            var statements = Statements(policy);
            if (statements.Any(statement => (string?)statement!["Sid"] == label))
            {
                throw SqsErrors.InvalidParameter(label, "Label", "Already exists.");
            }

            statements.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["Sid"] = label,
                        ["Effect"] = "Allow",
                        ["Principal"] = new JsonObject
                        {
                            ["AWS"] = OneOrMany(accounts.Select(account => $"arn:{Arn.Partition(current.Region)}:iam::{account}:root")),
                        },
                        ["Action"] = OneOrMany(actions.Select(action => "SQS:" + action)),
                        ["Resource"] = current.Arn,
                    }
            );
            set.Set(transaction, current, new Dictionary<string, string> { ["Policy"] = policy.ToJsonString() });
        });
    }

    public Task Remove(RemovePermissionRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "RemovePermission");
        var label = request.Label ?? throw SqsErrors.Missing("Label");
        return database.Write(transaction =>
        {
            var current = queues.Find(transaction, queue);
            var policy = Policy(current);
            if (policy is null || Statements(policy).FirstOrDefault(entry => (string?)entry!["Sid"] == label) is not { } statement)
            {
                throw SqsErrors.InvalidParameter(label, "Label", "can't find label.");
            }

            var statements = Statements(policy);
            statements.Remove(statement);
            set.Set(
                transaction,
                current,
                new Dictionary<string, string> { ["Policy"] = statements.Count == 0 ? "" : policy.ToJsonString() }
            );
        });
    }

    private static JsonObject? Policy(Queue queue) =>
        queue.Set.TryGetValue("Policy", out var text) ? JsonNode.Parse(JsonInput.Whole(text))!.AsObject() : null;

    private static JsonArray Statements(JsonObject policy)
    {
        if (policy["Statement"] is JsonArray array)
        {
            return array;
        }

        var single = policy["Statement"]!.DeepClone();
        var statements = new JsonArray(single);
        policy["Statement"] = statements;
        return statements;
    }

    private static JsonNode OneOrMany(IEnumerable<string> values)
    {
        var all = values.Select(value => (JsonNode?)JsonValue.Create(value)).ToArray();
        return all.Length == 1 ? all[0]! : new JsonArray(all);
    }
}
