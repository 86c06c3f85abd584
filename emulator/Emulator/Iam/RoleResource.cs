using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

/// <summary>What a template says of a role.</summary>
internal sealed record RoleProperties(
    JsonElement AssumeRolePolicyDocument,
    string? Description,
    IReadOnlyList<string>? ManagedPolicyArns,
    int? MaxSessionDuration,
    string? Path,
    string? PermissionsBoundary,
    IReadOnlyList<RoleProperties.InlinePolicy>? Policies,
    string? RoleName,
    IReadOnlyList<Tag>? Tags
)
{
    internal sealed record InlinePolicy(string PolicyName, JsonElement PolicyDocument);
}

/// <summary>AWS::IAM::Role.</summary>
internal sealed class RoleResource(Directory directory) : IResource
{
    public string Type => "AWS::IAM::Role";

    public ResourceActions? Actions =>
        new(
            "iam:CreateRole iam:PutRolePolicy iam:AttachRolePolicy",
            "iam:UpdateRole iam:UpdateAssumeRolePolicy iam:PutRolePolicy iam:DeleteRolePolicy iam:AttachRolePolicy iam:DetachRolePolicy",
            "iam:DeleteRolePolicy iam:DetachRolePolicy iam:DeleteRole"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["AssumeRolePolicyDocument"] = new(Required: true),
            ["Description"] = new(),
            ["ManagedPolicyArns"] = new(),
            ["MaxSessionDuration"] = new(),
            ["Path"] = new(UpdateType.Replacement),
            ["PermissionsBoundary"] = new(),
            ["Policies"] = new(),
            ["RoleName"] = new(UpdateType.Replacement),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn", "RoleId"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => IamTemplates.Default.RoleProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, IamTemplates.Default.RoleProperties);
        var name = wanted.RoleName ?? request.GenerateName(64);
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    if (
                        directory.Roles.Shelf.Get(transaction, Scope.Global(request.Caller.Account), name) is { } existing
                        && existing.CreatedBy == request.Token
                    )
                    {
                        return existing;
                    }

                    new CreateRole(directory).Make(
                        transaction,
                        new(
                            wanted.Path,
                            name,
                            Text(wanted.AssumeRolePolicyDocument),
                            wanted.Description,
                            wanted.MaxSessionDuration,
                            wanted.PermissionsBoundary,
                            AllTags(wanted, request)
                        ),
                        request.Caller
                    );
                    return GivePolicies(
                        transaction,
                        request,
                        wanted,
                        directory.Roles.Change(transaction, request.Caller, name, role => role with { CreatedBy = request.Token })
                    );
                })
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, IamTemplates.Default.RoleProperties);
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    var trust = new CreateRole(directory).CheckedTrust(transaction, Text(wanted.AssumeRolePolicyDocument), request.Caller);
                    var boundary = directory.CheckedBoundary(transaction, wanted.PermissionsBoundary, request.Caller);
                    var role = TakePolicies(transaction, request, request.PreviousProperties);
                    role = directory.Roles.Change(
                        transaction,
                        request.Caller,
                        role.Name,
                        holder =>
                            (Role)holder with
                            {
                                AssumeRolePolicyDocument = trust,
                                Description = wanted.Description,
                                MaxSessionDuration = CreateRole.CheckedDuration(wanted.MaxSessionDuration),
                                PermissionsBoundary = boundary,
                                Tags = Tags.Merge(new Dictionary<string, string>(), AllTags(wanted, request)),
                            }
                    );
                    return GivePolicies(transaction, request, wanted, role);
                })
                .ConfigureAwait(false)
        );
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            if (directory.Roles.Shelf.Get(transaction, Scope.Global(request.Caller.Account), request.PhysicalId ?? "") is not null)
            {
                TakePolicies(transaction, request, request.Properties);
                DeleteRole.Remove(transaction, directory, request.Caller, request.PhysicalId);
            }
        });

    private Role GivePolicies(Transaction transaction, ResourceRequest request, RoleProperties wanted, Role role)
    {
        foreach (var policy in wanted.Policies ?? [])
        {
            var document = IamPolicies.Checked(Text(policy.PolicyDocument), PolicyKind.Identity);
            role = directory.Roles.Change(
                transaction,
                request.Caller,
                role.Name,
                holder => InlinePolicies<Role>.With(holder, Names.Checked(policy.PolicyName, "policyName", 128), document)
            );
        }

        foreach (var arn in wanted.ManagedPolicyArns ?? [])
        {
            role = new AttachedPolicies<Role>(directory, directory.Roles).Attach(transaction, request.Caller, role.Name, arn);
        }

        return role;
    }

    /// <summary>Takes away what the template gave; what others gave stays.</summary>
    private Role TakePolicies(Transaction transaction, ResourceRequest request, JsonElement properties)
    {
        var given = TemplateProperties.Read(request with { Properties = properties }, IamTemplates.Default.RoleProperties);
        return directory.Roles.Change(
            transaction,
            request.Caller,
            request.PhysicalId,
            role =>
            {
                role = (given.Policies ?? []).Aggregate(
                    role,
                    (current, policy) => InlinePolicies<Role>.Without(current, policy.PolicyName)
                );
                return (given.ManagedPolicyArns ?? []).Aggregate(role, AttachedPolicies<Role>.Without);
            }
        );
    }

    private static List<Tag> AllTags(RoleProperties wanted, ResourceRequest request) =>
        [
            .. wanted.Tags ?? [],
            .. request
                .StackTags.Where(tag =>
                    !tag.Key.StartsWith("aws:", StringComparison.Ordinal) && wanted.Tags?.Any(own => own.Key == tag.Key) != true
                )
                .Select(tag => new Tag(tag.Key, tag.Value)),
        ];

    internal static string Text(JsonElement document) =>
        document.ValueKind == JsonValueKind.String ? document.GetString()! : document.GetRawText();

    private static ResourceState State(Role role) => ResourceState.Of(role.Name, ("Arn", role.Arn), ("RoleId", role.Id));
}
