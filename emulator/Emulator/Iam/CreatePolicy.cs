using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

internal sealed record CreatePolicyRequest(
    string? PolicyName,
    string? Path,
    string? PolicyDocument,
    string? Description,
    IReadOnlyList<Tag>? Tags
);

internal sealed record CreatePolicyResponse(PolicyView Policy);

/// <summary>Makes a managed policy with its first version.</summary>
internal sealed class CreatePolicy(Directory directory)
{
    private const int Most = 6144;

    public async Task<CreatePolicyResponse> Run(CreatePolicyRequest request, Caller caller, CancellationToken cancellation) =>
        new(
            directory.View(await directory.Database.Write(transaction => Make(transaction, request, caller)).ConfigureAwait(false)) with
            {
                Description = null,
            }
        );

    public ManagedPolicy Make(Transaction transaction, CreatePolicyRequest request, Caller caller)
    {
        var name = Names.Checked(request.PolicyName, "policyName", 128);
        var path = Names.Path(request.Path);
        var arn = Names.Arn(caller, $"policy{path}{name}");
        var scope = Scope.Global(caller.Account);
        if (
            directory
                .Policies.List(transaction, scope)
                .Values.Any(policy => string.Equals(policy.PolicyName, name, StringComparison.OrdinalIgnoreCase))
        )
        {
            throw IamErrors.PolicyExists(name);
        }

        var now = directory.Clock.GetUtcNow();
        var made = new ManagedPolicy
        {
            PolicyName = name,
            PolicyId = AccessKeyIds.UniqueId("ANPA"),
            Arn = arn,
            Path = path,
            Description = request.Description,
            CreateDate = now,
            UpdateDate = now,
            DefaultVersionId = "v1",
            Versions = [new("v1", Checked(request.PolicyDocument), now)],
            Tags = Tags.Merge(new Dictionary<string, string>(), request.Tags),
        };
        directory.Policies.Put(transaction, scope, arn, made);
        return made;
    }

    public static string Checked(string? document)
    {
        var text = IamPolicies.Checked(IamErrors.Required(document, "policyDocument"), PolicyKind.Identity);
        return text.Count(c => !char.IsWhiteSpace(c)) <= Most ? text : throw IamErrors.Limit($"Cannot exceed quota for PolicySize: {Most}");
    }
}
