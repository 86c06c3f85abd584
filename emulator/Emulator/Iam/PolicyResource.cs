using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

/// <summary>What a template says of an inline policy for several entities.</summary>
internal sealed record PolicyProperties(
    string PolicyName,
    JsonElement PolicyDocument,
    IReadOnlyList<string>? Roles,
    IReadOnlyList<string>? Users,
    IReadOnlyList<string>? Groups
);

/// <summary>AWS::IAM::Policy: one inline policy, put to roles, users and groups.</summary>
internal sealed class PolicyResource(Directory directory) : IResource
{
    public string Type => "AWS::IAM::Policy";

    public ResourceActions? Actions =>
        new(
            "iam:PutRolePolicy iam:PutUserPolicy iam:PutGroupPolicy",
            "iam:PutRolePolicy iam:PutUserPolicy iam:PutGroupPolicy",
            "iam:DeleteRolePolicy iam:DeleteUserPolicy iam:DeleteGroupPolicy"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["PolicyName"] = new(Required: true),
            ["PolicyDocument"] = new(Required: true),
            ["Roles"] = new(),
            ["Users"] = new(),
            ["Groups"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Id"];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => IamTemplates.Default.PolicyProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        await directory.Database.Write(transaction => Give(transaction, request)).ConfigureAwait(false);
        var id = request.GenerateName(128);
        return ResourceState.Of(id, ("Id", id));
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        await directory
            .Database.Write(transaction =>
            {
                Take(transaction, request with { Properties = request.PreviousProperties });
                Give(transaction, request);
            })
            .ConfigureAwait(false);
        return ResourceState.Of(request.PhysicalId!, ("Id", request.PhysicalId!));
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        directory.Database.Write(transaction => Take(transaction, request));

    private void Give(Transaction transaction, ResourceRequest request)
    {
        var wanted = TemplateProperties.Read(request, IamTemplates.Default.PolicyProperties);
        if ((wanted.Roles?.Count ?? 0) + (wanted.Users?.Count ?? 0) + (wanted.Groups?.Count ?? 0) == 0)
        {
            throw IamErrors.Invalid("At least one of [Groups,Roles,Users] must be non-empty.");
        }

        var name = Names.Checked(wanted.PolicyName, "policyName", 128);
        var document = IamPolicies.Checked(RoleResource.Text(wanted.PolicyDocument), PolicyKind.Identity);
        ForEach(
            wanted,
            (role) =>
                directory.Roles.Change(transaction, request.Caller, role, holder => InlinePolicies<Role>.With(holder, name, document)),
            user => directory.Users.Change(transaction, request.Caller, user, holder => InlinePolicies<User>.With(holder, name, document)),
            group =>
                directory.Groups.Change(transaction, request.Caller, group, holder => InlinePolicies<Group>.With(holder, name, document))
        );
    }

    /// <summary>From those that still exist.</summary>
    private void Take(Transaction transaction, ResourceRequest request)
    {
        var given = TemplateProperties.Read(request, IamTemplates.Default.PolicyProperties);
        ForEach(given, role => Take(directory.Roles, role), user => Take(directory.Users, user), group => Take(directory.Groups, group));

        void Take<T>(Holders<T> holders, string name)
            where T : Holder
        {
            if (holders.Shelf.Get(transaction, Scope.Global(request.Caller.Account), name) is not null)
            {
                holders.Change(transaction, request.Caller, name, holder => InlinePolicies<T>.Without(holder, given.PolicyName));
            }
        }
    }

    private static void ForEach(PolicyProperties properties, Action<string> role, Action<string> user, Action<string> group)
    {
        foreach (var name in properties.Roles ?? [])
        {
            role(name);
        }

        foreach (var name in properties.Users ?? [])
        {
            user(name);
        }

        foreach (var name in properties.Groups ?? [])
        {
            group(name);
        }
    }
}
