using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;

namespace Disa.Emulator.Logs;

internal sealed record PutResourcePolicyRequest(
    string? PolicyName,
    string? PolicyDocument,
    string? ResourceArn,
    string? ExpectedRevisionId
);

internal sealed record PutResourcePolicyResponse(ResourcePolicy ResourcePolicy);

internal sealed record DescribeResourcePoliciesRequest(string? NextToken, int? Limit, string? ResourceArn, string? PolicyScope);

internal sealed record DescribeResourcePoliciesResponse(IReadOnlyList<ResourcePolicy> ResourcePolicies, string? NextToken);

internal sealed record DeleteResourcePolicyRequest(string? PolicyName, string? ResourceArn, string? ExpectedRevisionId);

/// <summary>A policy as it is kept, and as it is shown.</summary>
internal sealed record ResourcePolicy(string PolicyName, string PolicyDocument, long LastUpdatedTime, string PolicyScope = "ACCOUNT");

/// <summary>Who beside the account may write to its log groups: mostly services of AWS.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html; answers as recorded on AWS 06-02-2026.
/// </remarks>
internal sealed class ResourcePolicies(LogStore logs)
{
    /// <summary>In a Region.</summary>
    private const int Most = 10;

    /// <summary>Written as AWS writes a document that it has read.</summary>
    private static readonly string[] Order = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource"];

    private readonly Shelf<ResourcePolicy> policies = new(logs.Database, "logs.policy", LogsDocuments.Default.ResourcePolicy);

    public async Task<PutResourcePolicyResponse> Put(PutResourcePolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        OfAccount("PutResourcePolicy", request.ResourceArn, request.ExpectedRevisionId);
        var name = request.PolicyName ?? throw LogsErrors.Null("policyName");
        var text = request.PolicyDocument ?? throw LogsErrors.Null("policyDocument");
        if (text.Length is 0 or > 5120)
        {
            throw LogsErrors.Constraint(
                text,
                "policyDocument",
                text.Length == 0
                    ? "Member must have length greater than or equal to 1"
                    : "Member must have length less than or equal to 5120"
            );
        }

        Read(text);
        var policy = new ResourcePolicy(name, text, logs.Now);
        await logs
            .Database.Write(transaction =>
            {
                if (policies.Get(transaction, caller.Scope, name) is null && policies.List(transaction, caller.Scope).Count >= Most)
                {
                    throw LogsErrors.LimitExceeded();
                }

                policies.Put(transaction, caller.Scope, name, policy);
            })
            .ConfigureAwait(false);
        return new(policy);
    }

    public DescribeResourcePoliciesResponse Describe(DescribeResourcePoliciesRequest request, Caller caller)
    {
        OfAccount("DescribeResourcePolicies", request.ResourceArn, request.PolicyScope is "RESOURCE" ? "" : null);
        var (page, next) = logs
            .Lists.Of("DescribeResourcePolicies", caller.Scope)
            .PageByCount(policies.List(caller.Scope).Values, LogsLimits.Limit(request.Limit, 50, 50), request.NextToken);
        return new(page.ConvertAll(policy => policy with { PolicyDocument = Normal(policy.PolicyDocument) }), next);
    }

    public Task Delete(DeleteResourcePolicyRequest request, Caller caller)
    {
        OfAccount("DeleteResourcePolicy", request.ResourceArn, request.ExpectedRevisionId);
        var name = request.PolicyName ?? throw LogsErrors.Null("policyName");
        return logs.Database.Write(transaction =>
        {
            if (policies.Get(transaction, caller.Scope, name) is null)
            {
                throw new AwsException("ResourceNotFoundException", $"Policy with name [{name}] does not exist.");
            }

            policies.Remove(transaction, caller.Scope, name);
        });
    }

    /// <summary>The rights to write, with what the policies say of them.</summary>
    public IReadOnlyList<Access>? On(IReadOnlyList<Access>? rights, Caller caller) =>
        rights is [{ Action: "logs:CreateLogStream" or "logs:PutLogEvents" } access]
        && policies.List(caller.Scope) is { Count: > 0 } there
        && Arn.TryParse(access.Resource) is { } arn
        && arn.Scope == caller.Scope
            ? [access with { Policy = All(there.Values) }]
            : rights;

    private static string All(IEnumerable<ResourcePolicy> all)
    {
        var statements = all.SelectMany(policy => Statements(Read(policy.PolicyDocument))).Select(statement => statement.GetRawText());
        return $"{{\"Version\":\"2012-10-17\",\"Statement\":[{string.Join(',', statements)}]}}";
    }

    private static JsonElement Read(string text)
    {
        try
        {
            return JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } document ? document : throw Malformed();
        }
        catch (JsonException)
        {
            throw Malformed();
        }
    }

    private static List<JsonElement> Statements(JsonElement document) =>
        !document.TryGetProperty("Statement", out var statement) ? []
        : statement.ValueKind == JsonValueKind.Array ? [.. statement.EnumerateArray()]
        : [statement];

    /// <summary>AWS shows a document as it understood it: with its version, and one principal without a list (recorded 06-02-2026).</summary>
    private static string Normal(string text)
    {
        var document = Read(text);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("Version", document.TryGetProperty("Version", out var version) ? version.GetString() : "2008-10-17");
            if (document.TryGetProperty("Id", out var id))
            {
                json.WritePropertyName("Id");
                id.WriteTo(json);
            }

            json.WriteStartArray("Statement");
            foreach (var statement in Statements(document))
            {
                Write(json, statement);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object)
        {
            statement.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        foreach (var member in statement.EnumerateObject().OrderBy(each => Array.IndexOf(Order, each.Name) is >= 0 and var at ? at : 99))
        {
            if (member.Name is not ("Principal" or "NotPrincipal") || member.Value.ValueKind != JsonValueKind.Object)
            {
                member.WriteTo(json);
                continue;
            }

            json.WriteStartObject(member.Name);
            foreach (var principal in member.Value.EnumerateObject())
            {
                json.WritePropertyName(principal.Name);
                var isOne = principal.Value.ValueKind == JsonValueKind.Array && principal.Value.GetArrayLength() == 1;
                (isOne ? principal.Value[0] : principal.Value).WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void OfAccount(string operation, string? resource, string? more)
    {
        if (resource is not null || more is not null)
        {
            throw AwsException.NotImplemented($"logs:{operation} of a single resource");
        }
    }

    private static AwsException Malformed() => LogsErrors.Invalid("The policy document is not valid JSON.");
}
