using System.Text.Json.Nodes;
using Disa.Emulator.Aws;
using Disa.Jsonata;

namespace Disa.Emulator.Sns;

internal sealed record AddPermissionInput(
    string? TopicArn,
    string? Label,
    IReadOnlyList<string>? AWSAccountId,
    IReadOnlyList<string>? ActionName
);

internal sealed record RemovePermissionInput(string? TopicArn, string? Label);

/// <summary>AddPermission and RemovePermission: statements of the topic's policy by their label.</summary>
internal sealed class TopicPermissions(Topics topics, SetTopicAttributes set)
{
    /// <remarks>https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html</remarks>
    private static readonly string[] Actions =
    [
        "*",
        "AddPermission",
        "DeleteTopic",
        "GetDataProtectionPolicy",
        "GetTopicAttributes",
        "ListSubscriptionsByTopic",
        "ListTagsForResource",
        "Publish",
        "PutDataProtectionPolicy",
        "Receive",
        "RemovePermission",
        "SetTopicAttributes",
        "Subscribe",
    ];

    public Task Add(AddPermissionInput input, Caller caller, CancellationToken cancellation)
    {
        var topic = topics.Find(input.TopicArn, caller, "AddPermission");
        var label = input.Label ?? throw SnsErrors.Missing("Label");
        var accounts = input.AWSAccountId is { Count: > 0 } given ? given : throw SnsErrors.Missing("AWSAccountId");
        var actions = input.ActionName is { Count: > 0 } named ? named : throw SnsErrors.Missing("ActionName");
        if (actions.Any(action => !Actions.Contains(action)))
        {
            throw SnsErrors.Invalid("Policy statement action out of service scope!");
        }

        var policy = Policy(topic);
        if (Statements(policy).Any(statement => (string?)statement!["Sid"] == label))
        {
            throw SnsErrors.Invalid("Statement already exists");
        }

        Statements(policy)
            .Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["Sid"] = label,
                        ["Effect"] = "Allow",
                        ["Principal"] = new JsonObject
                        {
                            ["AWS"] = OneOrMany(accounts.Select(account => $"arn:{Arn.Partition(topic.Region)}:iam::{account}:root")),
                        },
                        ["Action"] = OneOrMany(actions.Select(action => "SNS:" + action)),
                        ["Resource"] = topic.Arn,
                    }
            );
        return Put(topic, policy);
    }

    public Task Remove(RemovePermissionInput input, Caller caller, CancellationToken cancellation)
    {
        var topic = topics.Find(input.TopicArn, caller, "RemovePermission");
        var policy = Policy(topic);
        var statements = Statements(policy);
        if (statements.FirstOrDefault(statement => (string?)statement!["Sid"] == input.Label) is not { } found)
        {
            return Task.CompletedTask;
        }

        statements.Remove(found);
        return Put(topic, policy);
    }

    private Task<Topic> Put(Topic topic, JsonObject policy) =>
        set.Set(topic, new Dictionary<string, string> { ["Policy"] = policy.ToJsonString() });

    private static JsonObject Policy(Topic topic) =>
        JsonNode.Parse(JsonInput.Whole(topic.Set.GetValueOrDefault("Policy") ?? TopicAttributes.DefaultPolicy(topic)))!.AsObject();

    private static JsonArray Statements(JsonObject policy)
    {
        if (policy["Statement"] is JsonArray array)
        {
            return array;
        }

        var statements = new JsonArray(policy["Statement"]!.DeepClone());
        policy["Statement"] = statements;
        return statements;
    }

    private static JsonNode OneOrMany(IEnumerable<string> values)
    {
        var all = values.Select(value => (JsonNode?)JsonValue.Create(value)).ToArray();
        return all.Length == 1 ? all[0]! : new JsonArray(all);
    }
}
