using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

/// <summary>What a template says of a group.</summary>
internal sealed record GroupProperties(
    string? GroupName,
    string? Path,
    IReadOnlyList<string>? ManagedPolicyArns,
    IReadOnlyList<TemplatePolicy>? Policies
);

/// <summary><c>AWS::IAM::Group</c>: Ref is the name.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-group.html</remarks>
internal sealed class GroupResource(Directory directory) : IResource
{
    private readonly TemplatePolicies<Group> policies = new(directory, directory.Groups);

    public string Type => "AWS::IAM::Group";

    public ResourceActions? Actions =>
        new(
            "iam:CreateGroup iam:PutGroupPolicy iam:AttachGroupPolicy",
            "iam:UpdateGroup iam:PutGroupPolicy iam:DeleteGroupPolicy iam:AttachGroupPolicy iam:DetachGroupPolicy",
            "iam:DeleteGroupPolicy iam:DetachGroupPolicy iam:DeleteGroup"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["GroupName"] = new(UpdateType.Replacement),
            ["Path"] = new(),
            ["ManagedPolicyArns"] = new(),
            ["Policies"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public JsonTypeInfo Schema => IamTemplates.Default.GroupProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var name = Names.Checked(wanted.GroupName ?? request.GenerateName(128), "groupName", 128);
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    if (
                        directory.Groups.Shelf.Get(transaction, Scope.Global(request.Caller.Account), name) is { } existing
                        && existing.CreatedBy == request.Token
                    )
                    {
                        return existing;
                    }

                    var path = Names.Path(wanted.Path);
                    var made = directory.Groups.Add(
                        transaction,
                        request.Caller,
                        new Group
                        {
                            Name = name,
                            Id = AccessKeyIds.UniqueId("AGPA"),
                            Path = path,
                            Arn = Names.Arn(request.Caller, $"group{path}{name}"),
                            CreateDate = directory.Clock.GetUtcNow(),
                            CreatedBy = request.Token,
                        }
                    );
                    return policies.Give(transaction, request.Caller, made, wanted.Policies, wanted.ManagedPolicyArns);
                })
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var before = Read(request with { Properties = request.PreviousProperties });
        var path = Names.Path(wanted.Path);
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    policies.Take(transaction, request.Caller, request.PhysicalId, before.Policies, before.ManagedPolicyArns);
                    var group = directory.Groups.Change(
                        transaction,
                        request.Caller,
                        request.PhysicalId,
                        holder => holder with { Path = path, Arn = Names.Arn(request.Caller, $"group{path}{holder.Name}") }
                    );
                    return policies.Give(transaction, request.Caller, group, wanted.Policies, wanted.ManagedPolicyArns);
                })
                .ConfigureAwait(false)
        );
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            var scope = Scope.Global(request.Caller.Account);
            if (directory.Groups.Shelf.Get(transaction, scope, request.PhysicalId ?? "") is not { } group)
            {
                return;
            }

            if (directory.Users.Shelf.List(transaction, scope).Values.Any(user => user.Groups.Contains(group.Name)))
            {
                throw IamErrors.Conflict("Cannot delete entity, must remove users from group first.");
            }

            var given = Read(request);
            policies.Take(transaction, request.Caller, group.Name, given.Policies, given.ManagedPolicyArns);
            DeleteRole.Remove(transaction, directory.Groups, request.Caller, group.Name);
        });

    private static GroupProperties Read(ResourceRequest request) => TemplateProperties.Read(request, IamTemplates.Default.GroupProperties);

    private static ResourceState State(Group group) => ResourceState.Of(group.Name, ("Arn", group.Arn));
}
