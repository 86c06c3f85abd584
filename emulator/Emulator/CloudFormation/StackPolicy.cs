using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Patterns;
using Disa.Emulator.Policies;
using Disa.Jsonata;

namespace Disa.Emulator.CloudFormation;

/// <summary>What updates of a stack may do with which resources. Nobody is named in it: it holds for everybody.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html</remarks>
internal static class StackPolicy
{
    /// <summary>Of a policy, in bytes.</summary>
    private const int Limit = 16384;

    private const string Resource = "LogicalResourceId/";
    private static readonly string[] Actions = ["Update:Modify", "Update:Replace", "Update:Delete", "Update:*"];

    /// <exception cref="AwsException">ValidationError, in the words recorded on AWS.</exception>
    public static string Checked(string policy)
    {
        try
        {
            using var json = JsonInput.Document(policy);
            var root = json.RootElement;
            if (
                policy.Length <= Limit
                && root.ValueKind == JsonValueKind.Object
                && root.EnumerateObject().All(member => member.Name is "Statement" or "Version" or "Id")
                && Statements(root).TrueForAll(IsValid)
            )
            {
                return policy;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw StackErrors.Validation("Error validating stack policy: Invalid stack policy");
    }

    /// <summary>Null where an update may do this; else why not.</summary>
    /// <param name="policy">Null where there is none: then it may do everything.</param>
    /// <param name="action"><c>Update:Modify</c>, <c>Update:Replace</c> or <c>Update:Delete</c>.</param>
    public static string? Denial(string? policy, string action, string logicalId, string type)
    {
        if (policy is null)
        {
            return null;
        }

        using var json = JsonInput.Document(policy);
        var statements = Statements(json.RootElement);
        if (statements.Count == 0)
        {
            return null;
        }

        var applying = statements.Index().Where(entry => Applies(entry.Item, action, Resource + logicalId, type)).ToList();
        var denying = applying.Where(entry => Text(entry.Item, "Effect") == "Deny").Select(entry => (int?)entry.Index).FirstOrDefault();
        return denying is { } number
                ? $"Action denied by stack policy: Statement [#{number + 1}] does not allow [{string.Join(", ", Texts(statements[number], "Action"))}] for resource [{Resource}{logicalId}];"
            : applying.Count > 0 ? null
            : $"Action denied by stack policy: No statement allows [{action}] for resource [{Resource}{logicalId}];";
    }

    private static bool IsValid(JsonElement statement) =>
        statement.ValueKind == JsonValueKind.Object
        && Text(statement, "Effect") is "Allow" or "Deny"
        && IsEverybody(statement)
        && Texts(statement, "Action").Concat(Texts(statement, "NotAction")).ToList() is { Count: > 0 } actions
        && actions.TrueForAll(Actions.Contains)
        && Texts(statement, "Resource").Concat(Texts(statement, "NotResource")).ToList() is { Count: > 0 } resources
        && resources.TrueForAll(resource => resource == "*" || resource.StartsWith(Resource, StringComparison.Ordinal));

    private static bool IsEverybody(JsonElement statement) =>
        Text(statement, "Principal") == "*"
        || (
            statement.TryGetProperty("Principal", out var principal)
            && principal.ValueKind == JsonValueKind.Object
            && Texts(principal, "AWS").SequenceEqual(["*"])
        );

    private static bool Applies(JsonElement statement, string action, string resource, string type) =>
        (
            statement.TryGetProperty("NotAction", out _)
                ? !Texts(statement, "NotAction").Any(pattern => Wildcard.Matches(pattern, action))
                : Texts(statement, "Action").Any(pattern => Wildcard.Matches(pattern, action))
        )
        && (
            statement.TryGetProperty("NotResource", out _)
                ? !Texts(statement, "NotResource").Any(pattern => Wildcard.Matches(pattern, resource))
                : Texts(statement, "Resource").Any(pattern => Wildcard.Matches(pattern, resource))
        )
        && (!statement.TryGetProperty("Condition", out var condition) || condition.EnumerateObject().All(one => Holds(one, type)));

    private static bool Holds(JsonProperty condition, string type) =>
        condition.Name switch
        {
            "StringEquals" => Texts(condition.Value, "ResourceType").Contains(type),
            "StringLike" => Texts(condition.Value, "ResourceType").Any(pattern => Wildcard.Matches(pattern, type)),
            "StringNotEquals" => !Texts(condition.Value, "ResourceType").Contains(type),
            "StringNotLike" => !Texts(condition.Value, "ResourceType").Any(pattern => Wildcard.Matches(pattern, type)),
            _ => false,
        };

    private static List<JsonElement> Statements(JsonElement root) =>
        !root.TryGetProperty("Statement", out var statements) ? []
        : statements.ValueKind == JsonValueKind.Array ? [.. statements.EnumerateArray()]
        : [statements];

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(one => one.ToString())
        : [value.ToString()];
}
