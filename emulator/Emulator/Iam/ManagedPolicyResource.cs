using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

/// <summary>What a template says of a managed policy.</summary>
internal sealed record ManagedPolicyProperties(
    string? ManagedPolicyName,
    string? Path,
    string? Description,
    JsonElement PolicyDocument,
    IReadOnlyList<string>? Roles,
    IReadOnlyList<string>? Users,
    IReadOnlyList<string>? Groups
);

/// <summary>AWS::IAM::ManagedPolicy.</summary>
internal sealed class ManagedPolicyResource(Directory directory) : IResource
{
    public string Type => "AWS::IAM::ManagedPolicy";

    public ResourceActions? Actions =>
        new(
            "iam:CreatePolicy iam:AttachRolePolicy",
            "iam:CreatePolicyVersion iam:DeletePolicyVersion",
            "iam:DetachRolePolicy iam:DeletePolicy"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["ManagedPolicyName"] = new(UpdateType.Replacement),
            ["Path"] = new(UpdateType.Replacement),
            ["Description"] = new(UpdateType.Replacement),
            ["PolicyDocument"] = new(Required: true),
            ["Roles"] = new(),
            ["Users"] = new(),
            ["Groups"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["PolicyArn", "PolicyId", "DefaultVersionId"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => IamTemplates.Default.ManagedPolicyProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, IamTemplates.Default.ManagedPolicyProperties);
        var name = wanted.ManagedPolicyName ?? request.GenerateName(128);
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    if (
                        directory
                            .Policies.List(transaction, Scope.Global(request.Caller.Account))
                            .Values.FirstOrDefault(policy => policy.CreatedBy == request.Token) is
                        { } existing
                    )
                    {
                        return existing;
                    }

                    var policy = new CreatePolicy(directory).Make(
                        transaction,
                        new(name, wanted.Path, RoleResource.Text(wanted.PolicyDocument), wanted.Description, null),
                        request.Caller
                    );
                    Attach(transaction, request, wanted, policy.Arn);
                    return directory.Put(transaction, policy with { CreatedBy = request.Token });
                })
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, IamTemplates.Default.ManagedPolicyProperties);
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    var policy = directory.OwnPolicy(transaction, request.PhysicalId);
                    var document = CreatePolicy.Checked(RoleResource.Text(wanted.PolicyDocument));
                    if (document != policy.DefaultDocument)
                    {
                        // CloudFormation keeps the versions under the limit itself: the oldest makes room.
                        if (policy.Versions.Count == 5)
                        {
                            directory.Put(
                                transaction,
                                policy with
                                {
                                    Versions = policy
                                        .Versions.Where(version =>
                                            version != policy.Versions.First(old => old.VersionId != policy.DefaultVersionId)
                                        )
                                        .ToList(),
                                }
                            );
                        }

                        policy = new PolicyVersions(directory).Add(transaction, policy.Arn, document, setAsDefault: true);
                    }

                    Detach(transaction, request with { Properties = request.PreviousProperties });
                    Attach(transaction, request, wanted, policy.Arn);
                    return policy;
                })
                .ConfigureAwait(false)
        );
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var arn = request.PhysicalId ?? "";
            if (Arn.TryParse(arn) is not null && directory.FindPolicy(transaction, arn) is { } policy)
            {
                Detach(transaction, request);
                directory.Put(
                    transaction,
                    policy with
                    {
                        Versions = policy.Versions.Where(version => version.VersionId == policy.DefaultVersionId).ToList(),
                    }
                );
                new ManagedPolicies(directory).Delete(transaction, arn);
            }
        });

    private void Attach(Transaction transaction, ResourceRequest request, ManagedPolicyProperties wanted, string arn)
    {
        foreach (var role in wanted.Roles ?? [])
        {
            new AttachedPolicies<Role>(directory, directory.Roles).Attach(transaction, request.Caller, role, arn);
        }

        foreach (var user in wanted.Users ?? [])
        {
            new AttachedPolicies<User>(directory, directory.Users).Attach(transaction, request.Caller, user, arn);
        }

        foreach (var group in wanted.Groups ?? [])
        {
            new AttachedPolicies<Group>(directory, directory.Groups).Attach(transaction, request.Caller, group, arn);
        }
    }

    private void Detach(Transaction transaction, ResourceRequest request)
    {
        var given = TemplateProperties.Read(request, IamTemplates.Default.ManagedPolicyProperties);
        Take(directory.Roles, given.Roles);
        Take(directory.Users, given.Users);
        Take(directory.Groups, given.Groups);

        void Take<T>(Holders<T> holders, IReadOnlyList<string>? names)
            where T : Holder
        {
            foreach (var name in names ?? [])
            {
                if (holders.Shelf.Get(transaction, Scope.Global(request.Caller.Account), name) is not null)
                {
                    holders.Change(transaction, request.Caller, name, holder => AttachedPolicies<T>.Without(holder, request.PhysicalId!));
                }
            }
        }
    }

    private static ResourceState State(ManagedPolicy policy) =>
        ResourceState.Of(
            policy.Arn,
            ("PolicyArn", policy.Arn),
            ("PolicyId", policy.PolicyId),
            ("DefaultVersionId", policy.DefaultVersionId)
        );
}
