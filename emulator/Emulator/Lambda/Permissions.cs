using System.Buffers;
using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Lambda;

internal sealed record AddPermissionRequest
{
    public string? FunctionName { get; init; }

    public string? Qualifier { get; init; }

    public string? StatementId { get; init; }

    public string? Action { get; init; }

    public string? Principal { get; init; }

    public string? SourceArn { get; init; }

    public string? SourceAccount { get; init; }

    public string? EventSourceToken { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("PrincipalOrgID")]
    public string? PrincipalOrgId { get; init; }

    public string? FunctionUrlAuthType { get; init; }

    public bool? InvokedViaFunctionUrl { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record AddPermissionResponse(string Statement);

internal sealed record RemovePermissionRequest
{
    public string? FunctionName { get; init; }

    public string? StatementId { get; init; }

    public string? Qualifier { get; init; }

    public string? RevisionId { get; init; }
}

internal sealed record GetPolicyResponse(string Policy, string RevisionId);

/// <summary>AddPermission, RemovePermission and GetPolicy: a function's resource policy.</summary>
internal static class Permissions
{
    /// <summary>The policies as text, written once for each list of statements.</summary>
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<IReadOnlyList<PolicyStatement>, string> Documents = [];

    /// <param name="repeat">True where the same statement again is the same step repeated, not a conflict.</param>
    public static Task<AddPermissionResponse> Add(FunctionStore functions, AddPermissionRequest request, Caller caller, bool repeat = false)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        if (reference.Qualifier == FunctionVersion.Unpublished)
        {
            throw LambdaErrors.Invalid("We currently do not support adding policies for $LATEST.");
        }

        if (
            string.IsNullOrEmpty(request.StatementId)
            || request.StatementId.Length > 100
            || !request.StatementId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        )
        {
            throw LambdaErrors.Constraint(
                request.StatementId ?? "",
                "statementId",
                "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)"
            );
        }

        if (request.Action is not { } action || (action != "*" && !action.StartsWith("lambda:", StringComparison.Ordinal)))
        {
            throw LambdaErrors.Constraint(
                request.Action ?? "",
                "action",
                "Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])"
            );
        }

        if (!IsPrincipal(request.Principal))
        {
            throw LambdaErrors.Invalid("The provided principal was invalid. Please check the principal and try again.");
        }

        CheckUrl(request, action);
        var statement = new PolicyStatement(request.StatementId, action, request.Principal!)
        {
            SourceArn = request.SourceArn,
            SourceAccount = request.SourceAccount,
            EventSourceToken = request.EventSourceToken,
            PrincipalOrgId = request.PrincipalOrgId,
            FunctionUrlAuthType = request.FunctionUrlAuthType,
            InvokedViaFunctionUrl = request.InvokedViaFunctionUrl,
        };
        return functions.Database.Write(transaction =>
        {
            var function = functions.Get(transaction, reference);
            var (key, statements) = Of(function, reference);
            if (request.RevisionId is { } revision && revision != function.RevisionOf(reference.Qualifier))
            {
                throw LambdaErrors.StaleRevision();
            }

            if (statements.FirstOrDefault(other => other.Sid == statement.Sid) is { } existing)
            {
                if (!repeat || existing != statement)
                {
                    throw LambdaErrors.Conflict(
                        $"The statement id ({statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement."
                    );
                }
            }
            else
            {
                Put(functions, transaction, reference, function, key, [.. statements, statement]);
            }

            return new AddPermissionResponse(Write(writer => WriteStatement(writer, statement, reference)));
        });
    }

    public static Task Remove(FunctionStore functions, RemovePermissionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        return functions.Database.Write(transaction =>
        {
            var function =
                functions.Functions.Get(transaction, reference.Scope, reference.Name)
                ?? throw LambdaErrors.NotFound($"No policy found for: {(reference with { Qualifier = null }).Arn}");
            var (key, statements) = Of(function, reference);
            if (statements.Count == 0)
            {
                throw LambdaErrors.NotFound("No policy is associated with the given resource.");
            }

            if (statements.All(statement => statement.Sid != request.StatementId))
            {
                throw LambdaErrors.NotFound($"Statement {request.StatementId} is not found in resource policy.");
            }

            if (request.RevisionId is { } revision && revision != function.RevisionOf(reference.Qualifier))
            {
                throw LambdaErrors.StaleRevision();
            }

            Put(functions, transaction, reference, function, key, [.. statements.Where(statement => statement.Sid != request.StatementId)]);
        });
    }

    public static GetPolicyResponse Get(FunctionStore functions, GetFunctionRequest request, Caller caller)
    {
        var reference = FunctionReference.Parse(request.FunctionName, request.Qualifier, caller.Scope);
        var function = functions.Get(reference);
        if (reference.Qualifier is { } version && version.All(char.IsAsciiDigit) && function.Resolve(version) is null)
        {
            // Recorded on AWS: localstack, test_lambda_api, test_permission_exceptions.
            throw LambdaErrors.NotFound("The resource you requested does not exist.");
        }

        var (_, statements) = Of(function, reference);
        if (statements.Count == 0)
        {
            throw LambdaErrors.NotFound("The resource you requested does not exist.");
        }

        return new(Document(function, reference)!, function.RevisionOf(reference.Qualifier));
    }

    /// <summary>The policy that the function, or the version or alias that is named, has; null where it has none.</summary>
    public static string? Document(Function function, FunctionReference reference)
    {
        var key = reference.Qualifier is null or FunctionVersion.Unpublished ? "" : reference.Qualifier;
        return function.Policies.TryGetValue(key, out var statements) && statements.Count > 0
            ? Documents.GetValue(
                statements,
                all =>
                    Write(writer =>
                    {
                        writer.WriteStartObject();
                        writer.WriteString("Version", "2012-10-17");
                        writer.WriteString("Id", "default");
                        writer.WriteStartArray("Statement");
                        foreach (var statement in all)
                        {
                            WriteStatement(writer, statement, reference);
                        }

                        writer.WriteEndArray();
                        writer.WriteEndObject();
                    })
            )
            : null;
    }

    /// <summary>Everybody, a service, an account or an ARN: other names are nobody's.</summary>
    private static bool IsPrincipal(string? principal) =>
        principal is not null
        && (
            principal == "*"
            || principal.StartsWith("arn:", StringComparison.Ordinal)
            || principal.EndsWith(".amazonaws.com", StringComparison.Ordinal)
            || principal.EndsWith(".amazonaws.com.cn", StringComparison.Ordinal)
            || (principal.Length == 12 && principal.All(char.IsAsciiDigit))
        );

    /// <summary>
    /// The conditions on URLs, each for its action. The words of the second are reported by dozens, those of the third are not known.
    /// </summary>
    private static void CheckUrl(AddPermissionRequest request, string action)
    {
        if (request.FunctionUrlAuthType is not (null or "NONE" or "AWS_IAM"))
        {
            throw LambdaErrors.Constraint(
                request.FunctionUrlAuthType,
                "functionUrlAuthType",
                "Member must satisfy enum value set: [NONE, AWS_IAM]"
            );
        }

        if (request.FunctionUrlAuthType is not null && action != "lambda:InvokeFunctionUrl")
        {
            throw LambdaErrors.Invalid("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action");
        }

        if (request.InvokedViaFunctionUrl is not null && action != "lambda:InvokeFunction")
        {
            throw LambdaErrors.Invalid("InvokedViaFunctionUrl is only supported for lambda:InvokeFunction action");
        }
    }

    private static (string Key, IReadOnlyList<PolicyStatement> Statements) Of(Function function, FunctionReference reference)
    {
        if (reference.Qualifier is { } qualifier && function.Resolve(qualifier) is null)
        {
            throw qualifier.All(char.IsAsciiDigit)
                ? LambdaErrors.NoFunction(reference)
                : LambdaErrors.NotFound($"Cannot find alias arn: {reference.Arn}");
        }

        var key = reference.Qualifier is null or FunctionVersion.Unpublished ? "" : reference.Qualifier;
        return (key, function.Policies.TryGetValue(key, out var statements) ? statements : []);
    }

    private static void Put(
        FunctionStore functions,
        Store.Transaction transaction,
        FunctionReference reference,
        Function function,
        string key,
        IReadOnlyList<PolicyStatement> statements
    ) =>
        functions.Put(
            transaction,
            reference.Scope,
            function.Revised(reference.Qualifier, FunctionStore.NewRevision()) with
            {
                Policies = new Dictionary<string, IReadOnlyList<PolicyStatement>>(function.Policies) { [key] = statements },
            }
        );

    private static void WriteStatement(Utf8JsonWriter writer, PolicyStatement statement, FunctionReference reference)
    {
        writer.WriteStartObject();
        writer.WriteString("Sid", statement.Sid);
        writer.WriteString("Effect", "Allow");
        if (statement.Principal == "*")
        {
            writer.WriteString("Principal", "*");
        }
        else
        {
            writer.WriteStartObject("Principal");
            var isService = statement.Principal.EndsWith(".amazonaws.com", StringComparison.Ordinal);
            var isAccount = statement.Principal.Length == 12 && statement.Principal.All(char.IsAsciiDigit);
            writer.WriteString(
                isService ? "Service" : "AWS",
                isAccount ? $"arn:{Arn.Partition(reference.Scope.Region)}:iam::{statement.Principal}:root" : statement.Principal
            );
            writer.WriteEndObject();
        }

        writer.WriteString("Action", statement.Action);
        writer.WriteString("Resource", reference.Arn);
        WriteConditions(writer, statement);
        writer.WriteEndObject();
    }

    private static void WriteConditions(Utf8JsonWriter writer, PolicyStatement statement)
    {
        (string Operator, string Key, string? Value)[] conditions =
        [
            ("ArnLike", "AWS:SourceArn", statement.SourceArn),
            ("StringEquals", "AWS:SourceAccount", statement.SourceAccount),
            ("StringEquals", "lambda:EventSourceToken", statement.EventSourceToken),
            ("StringEquals", "aws:PrincipalOrgID", statement.PrincipalOrgId),
            ("StringEquals", "lambda:FunctionUrlAuthType", statement.FunctionUrlAuthType),
            ("Bool", "lambda:InvokedViaFunctionUrl", statement.InvokedViaFunctionUrl is { } via ? (via ? "true" : "false") : null),
        ];
        var given = conditions.Where(condition => condition.Value is not null).ToList();
        if (given.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("Condition");
        foreach (var group in given.GroupBy(condition => condition.Operator))
        {
            writer.WriteStartObject(group.Key);
            foreach (var (_, key, value) in group)
            {
                writer.WriteString(key, value);
            }

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
