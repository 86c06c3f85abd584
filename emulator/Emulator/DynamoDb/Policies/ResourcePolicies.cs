using System.Globalization;
using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

internal sealed record PutResourcePolicyRequest(string? ResourceArn, string? Policy)
{
    public string? ExpectedRevisionId { get; init; }

    public bool? ConfirmRemoveSelfResourceAccess { get; init; }
}

internal sealed record PutResourcePolicyResponse(string RevisionId);

internal sealed record GetResourcePolicyRequest(string? ResourceArn);

internal sealed record GetResourcePolicyResponse(string Policy, string RevisionId);

internal sealed record DeleteResourcePolicyRequest(string? ResourceArn, string? ExpectedRevisionId);

internal sealed record DeleteResourcePolicyResponse(string RevisionId);

/// <summary>The policy that a table or a stream has.</summary>
/// <param name="RevisionId">Another with each change.</param>
internal sealed record ResourcePolicy(string Text, string RevisionId);

/// <summary>
/// PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy: of tables (which speak for their indexes too) and of streams.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html</remarks>
internal sealed class ResourcePolicies(Database database, Clock clock, Tables tables, StreamWriter streams)
{
    /// <summary>"The maximum size supported for a resource-based policy document is 20 KB."</summary>
    private const int MaxBytes = 20 * 1024;

    /// <summary>What a request says that expects no policy yet.</summary>
    private const string NoPolicy = "NO_POLICY";

    public async Task<PutResourcePolicyResponse> Put(PutResourcePolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        Checked(request.ResourceArn, request.ExpectedRevisionId).NotNull("policy", request.Policy).Throw();
        CheckDocument(request.Policy!);
        if (request.ConfirmRemoveSelfResourceAccess != true)
        {
            CheckSelf(request, caller);
        }

        var policy = await database
            .Write(transaction =>
                Change(
                    transaction,
                    request.ResourceArn!,
                    there =>
                    {
                        if (request.ExpectedRevisionId is { } expected && expected != (there?.RevisionId ?? NoPolicy))
                        {
                            throw NotFound(request.ResourceArn!);
                        }

                        return there?.Text == request.Policy ? there! : New(request.Policy!, there);
                    }
                )!
            )
            .ConfigureAwait(false);
        return new PutResourcePolicyResponse(policy.RevisionId);
    }

    public GetResourcePolicyResponse Get(GetResourcePolicyRequest request, Caller caller)
    {
        Checked(request.ResourceArn, null).Throw();
        var (scope, table, stream) = Place(request.ResourceArn!);
        var policy = stream is null
            ? (tables.Find(scope, table) ?? throw Errors.TableNotFound(table)).ResourcePolicy
            : (streams.Find(request.ResourceArn!) ?? throw StreamReader.StreamNotFound(request.ResourceArn!)).ResourcePolicy;
        return policy is null ? throw NotFound(request.ResourceArn!) : new GetResourcePolicyResponse(policy.Text, policy.RevisionId);
    }

    public async Task<DeleteResourcePolicyResponse> Delete(
        DeleteResourcePolicyRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        Checked(request.ResourceArn, request.ExpectedRevisionId).Throw();
        ResourcePolicy? gone = null;
        await database
            .Write(transaction =>
                Change(
                    transaction,
                    request.ResourceArn!,
                    there =>
                    {
                        if (request.ExpectedRevisionId is { } expected && expected != there?.RevisionId)
                        {
                            throw NotFound(request.ResourceArn!);
                        }

                        gone = there;
                        return null;
                    }
                )
            )
            .ConfigureAwait(false);
        return new DeleteResourcePolicyResponse(gone?.RevisionId ?? "");
    }

    /// <summary>Of a table that a template describes; null takes the policy away.</summary>
    public TableDocument Set(TableDocument table, string? text)
    {
        if (text is not null)
        {
            CheckDocument(text);
        }

        return table.ResourcePolicy?.Text == text
            ? table
            : table with
            {
                ResourcePolicy = text is null ? null : New(text, table.ResourcePolicy),
            };
    }

    /// <summary>The same of a table's stream.</summary>
    public void SetStream(Transaction transaction, string arn, string? text)
    {
        if (text is not null)
        {
            CheckDocument(text);
        }

        Change(
            transaction,
            arn,
            there =>
                text is null ? null
                : there?.Text == text ? there
                : New(text, there)
        );
    }

    /// <exception cref="AwsException">ValidationException; its words are not verified.</exception>
    public static void CheckDocument(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            throw Errors.Validation($"Resource-based policy document exceeds the maximum size of {MaxBytes} bytes");
        }

        PolicyDocument policy;
        try
        {
            policy = PolicyDocument.Parse(text, PolicyKind.Resource);
        }
        catch (PolicyException failure)
        {
            throw Errors.Validation($"Resource-based policy document is invalid: {failure.Message}");
        }

        if (
            policy.Statements.Any(statement =>
                statement is { Allow: true, Conditions.Count: 0 } && statement.Principals.Any(one => one.Value == "*")
            )
        )
        {
            throw Errors.Validation("Resource-based policy document is invalid: The policy allows public access");
        }
    }

    /// <summary>A policy that keeps its author from changing it again wants a confirmation.</summary>
    private static void CheckSelf(PutResourcePolicyRequest request, Caller caller)
    {
        var asked = new PolicyRequest(caller, "dynamodb:PutResourcePolicy", request.ResourceArn!);
        if (PolicyEvaluation.OfResource(PolicyDocument.Parse(request.Policy!, PolicyKind.Resource), asked).Verdict == Verdict.ExplicitDeny)
        {
            throw Errors.Validation(
                "Resource-based policy document is invalid: The policy denies you dynamodb:PutResourcePolicy; set ConfirmRemoveSelfResourceAccess to confirm"
            );
        }
    }

    private ResourcePolicy? Change(Transaction transaction, string arn, Func<ResourcePolicy?, ResourcePolicy?> change)
    {
        var (scope, name, label) = Place(arn);
        if (label is null)
        {
            var table = tables.Look(transaction, scope, name, looked: false) ?? throw Errors.TableNotFound(name);
            var policy = change(table.ResourcePolicy);
            tables.Shelf.Put(transaction, scope, name, table with { ResourcePolicy = policy });
            return policy;
        }

        _ = streams.Find(arn) ?? throw StreamReader.StreamNotFound(arn);
        var key = $"table/{name}/stream/{label}";
        var stream = streams.Shelf.Get(transaction, scope, key) ?? throw StreamReader.StreamNotFound(arn);
        var changed = change(stream.ResourcePolicy);
        streams.Shelf.Put(transaction, scope, key, stream with { ResourcePolicy = changed });
        return changed;
    }

    /// <summary>The time in milliseconds, as AWS's own look.</summary>
    private ResourcePolicy New(string text, ResourcePolicy? before)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var last = long.TryParse(before?.RevisionId, CultureInfo.InvariantCulture, out var known) ? known : 0;
        return new ResourcePolicy(text, Math.Max(now, last + 1).ToString(CultureInfo.InvariantCulture));
    }

    private static Checks Checked(string? arn, string? revision) =>
        new Checks().NotNull("resourceArn", arn).Length("resourceArn", arn, 1, 1283).Length("expectedRevisionId", revision, 1, 255);

    /// <summary>A table's name, and the label where it is a stream's ARN.</summary>
    private static (Scope Scope, string Table, string? Stream) Place(string text)
    {
        if (Arn.TryParse(text) is { Service: "dynamodb" } arn)
        {
            switch (arn.Resource.Split('/', 4))
            {
                case ["table", { Length: > 0 } table]:
                    return (arn.Scope, table, null);
                case ["table", { Length: > 0 } table, "stream", { Length: > 0 } label]:
                    return (arn.Scope, table, label);
            }
        }

        throw Errors.Validation($"Invalid ResourceArn: Invalid ResourceArn provided as input {text}");
    }

    private static AwsException NotFound(string arn) =>
        new("PolicyNotFoundException", $"Resource-based policy not found for the provided ResourceArn: {arn}");
}
