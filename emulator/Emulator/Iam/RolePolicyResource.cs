using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Iam;

/// <summary>What a template says of a role's inline policy.</summary>
internal sealed record RolePolicyProperties(string PolicyName, string RoleName, JsonElement? PolicyDocument);

/// <summary>AWS::IAM::RolePolicy.</summary>
internal sealed class RolePolicyResource(Directory directory) : IResource
{
    public string Type => "AWS::IAM::RolePolicy";

    public ResourceActions? Actions => new("iam:PutRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy");

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["PolicyName"] = new(UpdateType.Replacement, Required: true),
            ["RoleName"] = new(UpdateType.Replacement, Required: true),
            ["PolicyDocument"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = [];

    public System.Text.Json.Serialization.Metadata.JsonTypeInfo Schema => IamTemplates.Default.RolePolicyProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = TemplateProperties.Read(request, IamTemplates.Default.RolePolicyProperties);
        await new InlinePolicies<Role>(directory.Roles)
            .Put(
                new(
                    wanted.RoleName,
                    null,
                    null,
                    wanted.PolicyName,
                    wanted.PolicyDocument is { } document ? RoleResource.Text(document) : null
                ),
                request.Caller,
                cancellation
            )
            .ConfigureAwait(false);
        return ResourceState.Of($"{wanted.PolicyName}|{wanted.RoleName}");
    }

    public Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation) => Create(request, cancellation);

    public Task Delete(ResourceRequest request, CancellationToken cancellation)
    {
        var given = TemplateProperties.Read(request, IamTemplates.Default.RolePolicyProperties);
        return directory.Database.Write(transaction =>
        {
            if (directory.Roles.Shelf.Get(transaction, Scope.Global(request.Caller.Account), given.RoleName) is not null)
            {
                directory.Roles.Change(
                    transaction,
                    request.Caller,
                    given.RoleName,
                    role => InlinePolicies<Role>.Without(role, given.PolicyName)
                );
            }
        });
    }
}
