using System.Buffers;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

internal sealed record AddLayerVersionPermissionRequest
{
    public string? LayerName { get; init; }

    public long? VersionNumber { get; init; }

    public string? StatementId { get; init; }

    public string? Action { get; init; }

    public string? Principal { get; init; }

    public string? OrganizationId { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record AddLayerVersionPermissionResponse(string Statement, string RevisionId);

internal sealed record RemoveLayerVersionPermissionRequest
{
    public string? LayerName { get; init; }

    public long? VersionNumber { get; init; }

    public string? StatementId { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record GetLayerVersionPolicyResponse(string Policy, string RevisionId);

/// <summary>AddLayerVersionPermission, RemoveLayerVersionPermission and GetLayerVersionPolicy: who else may use a version.</summary>
/// <remarks>Answers and refusals are as recorded on AWS in localstack's tests/aws/services/lambda_/test_lambda_api, test_layer_policy_exceptions.</remarks>
internal static class LayerPermissions
{
    private const string Action = "lambda:GetLayerVersion";
    private const int StatementLimit = 100;

    public static Task<AddLayerVersionPermissionResponse> Add(
        FunctionStore functions,
        AddLayerVersionPermissionRequest request,
        Caller caller,
        bool repeat = false
    )
    {
        var reference = LayerReference.Of(request.LayerName, request.VersionNumber, caller.Scope);
        if (request.Action != Action)
        {
            throw LambdaErrors.Constraint(request.Action ?? "null", "action", $"Member must satisfy regular expression pattern: {Action}");
        }

        var id = request.StatementId ?? "";
        if (id.Length is 0 or > StatementLimit || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw LambdaErrors.Constraint(id, "statementId", "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)");
        }

        var principal = request.Principal ?? "";
        if (principal != "*" && Account(principal) is null)
        {
            throw LambdaErrors.Constraint(
                principal,
                "principal",
                @"Member must satisfy regular expression pattern: \d{12}|\*|arn:(aws[a-zA-Z-]*):iam::\d{12}:root"
            );
        }

        var statement = new LayerStatement(id, Action, principal, request.OrganizationId);
        return functions.Database.Write(transaction =>
        {
            var version = functions.Layers.Find(transaction, reference) ?? throw Missing(reference);
            CheckRevision(version, request.RevisionId);
            if (version.Policy.FirstOrDefault(other => other.Sid == id) is { } existing)
            {
                return repeat && existing == statement
                    ? new AddLayerVersionPermissionResponse(Write(writer => Write(writer, statement, reference)), version.RevisionId)
                    : throw LambdaErrors.Conflict(
                        $"The statement id ({id}) provided already exists. Please provide a new statement id, or remove the existing statement."
                    );
            }

            var changed = version with { Policy = [.. version.Policy, statement], RevisionId = FunctionStore.NewRevision() };
            functions.Layers.Put(transaction, reference, changed);
            return new AddLayerVersionPermissionResponse(Write(writer => Write(writer, statement, reference)), changed.RevisionId);
        });
    }

    public static Task Remove(FunctionStore functions, RemoveLayerVersionPermissionRequest request, Caller caller)
    {
        var reference = LayerReference.Of(request.LayerName, request.VersionNumber, caller.Scope);
        return functions.Database.Write(transaction =>
        {
            var version = functions.Layers.Find(transaction, reference) ?? throw Missing(reference);
            CheckRevision(version, request.RevisionId);
            if (version.Policy.All(statement => statement.Sid != request.StatementId))
            {
                throw LambdaErrors.NotFound($"Statement {request.StatementId} is not found in resource policy.");
            }

            functions.Layers.Put(
                transaction,
                reference,
                version with
                {
                    Policy = [.. version.Policy.Where(statement => statement.Sid != request.StatementId)],
                    RevisionId = FunctionStore.NewRevision(),
                }
            );
        });
    }

    public static GetLayerVersionPolicyResponse Get(FunctionStore functions, LayerVersionRequest request, Caller caller)
    {
        var reference = LayerReference.Of(request.LayerName, request.VersionNumber, caller.Scope);
        var version = functions.Layers.Find(reference) ?? throw Missing(reference);
        return Document(version, reference) is { } policy
            ? new(policy, version.RevisionId)
            : throw LambdaErrors.NotFound("No policy is associated with the given resource.");
    }

    /// <summary>The policy of a version; null where it has none.</summary>
    public static string? Document(LayerVersion version, LayerReference reference) =>
        version.Policy.Count == 0
            ? null
            : Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("Version", "2012-10-17");
                writer.WriteString("Id", "default");
                writer.WriteStartArray("Statement");
                foreach (var statement in version.Policy)
                {
                    Write(writer, statement, reference);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });

    private static void CheckRevision(LayerVersion version, string? revision)
    {
        if (revision is not null && revision != version.RevisionId)
        {
            throw new AwsException(
                "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id. Call the GetLayerPolicy API to retrieve the latest Revision Id",
                412
            );
        }
    }

    private static AwsException Missing(LayerReference reference) =>
        LambdaErrors.NotFound($"Layer version {reference.VersionArn} does not exist.");

    /// <summary>The account of a principal: its number, or the ARN of its root.</summary>
    private static string? Account(string principal)
    {
        var account = Arn.TryParse(principal) is { Service: "iam", Resource: "root" } ? Arn.AccountOf(principal).ToString() : principal;
        return account.Length == 12 && account.All(char.IsAsciiDigit) ? account : null;
    }

    private static void Write(Utf8JsonWriter writer, LayerStatement statement, LayerReference reference)
    {
        writer.WriteStartObject();
        writer.WriteString("Sid", statement.Sid);
        writer.WriteString("Effect", "Allow");
        if (Account(statement.Principal) is { } account)
        {
            writer.WriteStartObject("Principal");
            writer.WriteString("AWS", $"arn:{Arn.Partition(reference.Scope.Region)}:iam::{account}:root");
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("Principal", statement.Principal);
        }

        writer.WriteString("Action", statement.Action);
        writer.WriteString("Resource", reference.VersionArn);
        if (statement.OrganizationId is { } organization)
        {
            writer.WriteStartObject("Condition");
            writer.WriteStartObject("StringEquals");
            writer.WriteString("aws:PrincipalOrgID", organization);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
