using System.Runtime.CompilerServices;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Jsonata;

namespace Disa.Emulator.Policies;

/// <summary>Where a policy is attached, which decides what its statements must say.</summary>
public enum PolicyKind
{
    /// <summary>To a user, role or group: names resources, and no principal.</summary>
    Identity,

    /// <summary>To a role, as to who may take it: names principals, and no resource.</summary>
    Trust,

    /// <summary>To a key, bucket, topic, queue: names principals.</summary>
    Resource,
}

/// <summary>A policy document is not one; each service has its own error for it.</summary>
public sealed class PolicyException(string message) : Exception(message);

/// <summary>A principal in a statement: <c>AWS</c> with an ARN, an account or <c>*</c>, <c>Service</c>, <c>Federated</c>, or <c>*</c> alone.</summary>
public readonly record struct PolicyPrincipal(string Kind, string Value);

/// <summary>One condition: the key's value in the request must meet the operator with one of the values.</summary>
public sealed record PolicyCondition(string Operator, string Key, IReadOnlyList<string> Values);

/// <summary>One statement of a policy, its shorthands written out.</summary>
public sealed record PolicyStatement
{
    public string? Sid { get; init; }

    /// <summary>Allow, or else Deny.</summary>
    public required bool Allow { get; init; }

    public IReadOnlyList<PolicyPrincipal> Principals { get; init; } = [];

    public IReadOnlyList<PolicyPrincipal> NotPrincipals { get; init; } = [];

    public IReadOnlyList<string> Actions { get; init; } = [];

    public IReadOnlyList<string> NotActions { get; init; } = [];

    public IReadOnlyList<string> Resources { get; init; } = [];

    public IReadOnlyList<string> NotResources { get; init; } = [];

    public IReadOnlyList<PolicyCondition> Conditions { get; init; } = [];
}

/// <summary>An IAM policy document, read and checked as AWS checks its grammar.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html</remarks>
public sealed record PolicyDocument(string Version, string? Id, IReadOnlyList<PolicyStatement> Statements)
{
    private const string SyntaxErrors = "Syntax errors in policy.";

    /// <summary>What a stored document that can no longer be read says: nothing is allowed.</summary>
    private static readonly PolicyDocument Unreadable = new(
        "2012-10-17",
        null,
        [
            new()
            {
                Allow = false,
                Principals = [new("*", "*")],
                Actions = ["*"],
                Resources = ["*"],
            },
        ]
    );

    /// <summary>Read once for each text that someone keeps; a policy that is changed is another text.</summary>
    private static readonly ConditionalWeakTable<string, PolicyDocument> Known = [];

    /// <summary>A policy that was checked when it was stored.</summary>
    public static PolicyDocument Of(string stored, PolicyKind kind) =>
        Known.TryGetValue(stored, out var known)
            ? known
            : Known.GetValue(
                stored,
                text =>
                {
                    try
                    {
                        return Parse(text, kind);
                    }
                    catch (PolicyException)
                    {
                        return Unreadable;
                    }
                }
            );

    /// <exception cref="PolicyException">With the reason, in IAM's words.</exception>
    public static PolicyDocument Parse(string json, PolicyKind kind)
    {
        JsonDocument document;
        try
        {
            document = JsonInput.Document(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            throw new PolicyException("This policy contains invalid Json");
        }

        using (document)
        {
            return Read(document.RootElement, kind);
        }
    }

    private static PolicyDocument Read(JsonElement root, PolicyKind kind)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new PolicyException(SyntaxErrors);
        }

        string version = "2008-10-17";
        string? id = null;
        List<PolicyStatement>? statements = null;
        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "Version":
                    version = Text(member.Value);
                    if (version is not ("2012-10-17" or "2008-10-17"))
                    {
                        throw new PolicyException(SyntaxErrors);
                    }

                    break;
                case "Id":
                    id = Text(member.Value);
                    break;
                case "Statement":
                    statements = (member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().ToList() : [member.Value])
                        .Select(statement => ReadStatement(statement, kind))
                        .ToList();
                    break;
                default:
                    throw new PolicyException(SyntaxErrors);
            }
        }

        if (statements is null or [])
        {
            throw new PolicyException(SyntaxErrors);
        }

        var ids = statements.Where(statement => !string.IsNullOrEmpty(statement.Sid)).Select(statement => statement.Sid).ToList();
        if (ids.Count != ids.Distinct(StringComparer.Ordinal).Count())
        {
            throw new PolicyException("Statement IDs (SID) in a single policy must be unique.");
        }

        return new(version, id, statements);
    }

    private static PolicyStatement ReadStatement(JsonElement json, PolicyKind kind)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new PolicyException(SyntaxErrors);
        }

        var statement = new PolicyStatement { Allow = false };
        var effect = "";
        foreach (var member in json.EnumerateObject())
        {
            statement = member.Name switch
            {
                "Sid" => statement with { Sid = Text(member.Value) },
                "Effect" => statement with { Allow = (effect = Text(member.Value)) == "Allow" },
                "Principal" => statement with { Principals = ReadPrincipals(member.Value) },
                "NotPrincipal" => statement with { NotPrincipals = ReadPrincipals(member.Value) },
                "Action" => statement with { Actions = ReadActions(member.Value) },
                "NotAction" => statement with { NotActions = ReadActions(member.Value) },
                "Resource" => statement with { Resources = ReadResources(member.Value, kind) },
                "NotResource" => statement with { NotResources = ReadResources(member.Value, kind) },
                "Condition" => statement with { Conditions = ReadConditions(member.Value) },
                _ => throw new PolicyException(SyntaxErrors),
            };
        }

        Check(statement, effect, kind);
        return statement;
    }

    private static void Check(PolicyStatement statement, string effect, PolicyKind kind)
    {
        if (
            effect is not ("Allow" or "Deny")
            || (statement.Actions.Count > 0 && statement.NotActions.Count > 0)
            || (statement.Resources.Count > 0 && statement.NotResources.Count > 0)
            || (statement.Principals.Count > 0 && statement.NotPrincipals.Count > 0)
        )
        {
            throw new PolicyException(SyntaxErrors);
        }

        if (statement.Actions.Count + statement.NotActions.Count == 0)
        {
            throw new PolicyException("Policy statement must contain actions.");
        }

        var principals = statement.Principals.Count + statement.NotPrincipals.Count;
        var resources = statement.Resources.Count + statement.NotResources.Count;
        if (kind == PolicyKind.Identity && principals > 0)
        {
            throw new PolicyException("Policy document should not specify a principal.");
        }

        if (kind != PolicyKind.Identity && principals == 0)
        {
            throw new PolicyException("Missing required field Principal");
        }

        if (kind == PolicyKind.Trust && resources > 0)
        {
            throw new PolicyException("Has prohibited field Resource");
        }

        if (kind != PolicyKind.Trust && resources == 0)
        {
            throw new PolicyException("Policy statement must contain resources.");
        }
    }

    private static List<PolicyPrincipal> ReadPrincipals(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return json.GetString() == "*" ? [new("*", "*")] : throw new PolicyException("Invalid principal in policy");
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new PolicyException(SyntaxErrors);
        }

        var principals = new List<PolicyPrincipal>();
        foreach (var kind in json.EnumerateObject())
        {
            if (kind.Name is not ("AWS" or "Service" or "Federated" or "CanonicalUser"))
            {
                throw new PolicyException("Invalid principal in policy: \"" + kind.Name + "\"");
            }

            principals.AddRange(Texts(kind.Value).Select(value => new PolicyPrincipal(kind.Name, value)));
        }

        return principals;
    }

    private static List<string> ReadActions(JsonElement json)
    {
        var actions = Texts(json);
        foreach (var action in actions)
        {
            var colon = action.IndexOf(':', StringComparison.Ordinal);
            if (action != "*" && (colon <= 0 || colon == action.Length - 1))
            {
                throw new PolicyException("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
            }
        }

        return actions;
    }

    /// <summary>IAM's own policies name ARNs; a queue or a topic takes a policy on anything, which then speaks of nothing (recorded on AWS).</summary>
    private static List<string> ReadResources(JsonElement json, PolicyKind kind)
    {
        var resources = Texts(json);
        foreach (var resource in kind == PolicyKind.Resource ? [] : resources)
        {
            if (resource != "*" && !resource.StartsWith("arn:", StringComparison.Ordinal) && !resource.StartsWith('*'))
            {
                throw new PolicyException($"Resource {resource} must be in ARN format or \"*\".");
            }
        }

        return resources;
    }

    private static List<PolicyCondition> ReadConditions(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(test => test.Value.ValueKind != JsonValueKind.Object))
        {
            throw new PolicyException(SyntaxErrors);
        }

        if (
            json.EnumerateObject().FirstOrDefault(test => !ConditionOperator.Exists(test.Name)) is
            { Value.ValueKind: not JsonValueKind.Undefined } unknown
        )
        {
            throw new PolicyException($"Invalid Condition type : {unknown.Name}.");
        }

        return json.EnumerateObject()
            .SelectMany(test => test.Value.EnumerateObject().Select(key => new PolicyCondition(test.Name, key.Name, Texts(key.Value))))
            .ToList();
    }

    private static string Text(JsonElement json) =>
        json.ValueKind == JsonValueKind.String ? json.GetString()! : throw new PolicyException(SyntaxErrors);

    private static List<string> Texts(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Array => json.EnumerateArray().Select(Scalar).ToList(),
            _ => [Scalar(json)],
        };

    private static string Scalar(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.String => json.GetString()!,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => json.GetRawText(),
            _ => throw new PolicyException(SyntaxErrors),
        };
}
