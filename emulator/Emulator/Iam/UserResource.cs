using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

/// <summary>What a template says of a user.</summary>
internal sealed record UserProperties(
    string? UserName,
    string? Path,
    string? PermissionsBoundary,
    IReadOnlyList<string>? Groups,
    IReadOnlyList<string>? ManagedPolicyArns,
    IReadOnlyList<TemplatePolicy>? Policies,
    IReadOnlyList<Tag>? Tags
);

/// <summary><c>AWS::IAM::User</c>: Ref is the name. There are no passwords here, so LoginProfile is refused.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html</remarks>
internal sealed class UserResource(Directory directory) : IResource
{
    private readonly TemplatePolicies<User> policies = new(directory, directory.Users);

    public string Type => "AWS::IAM::User";

    public ResourceActions? Actions =>
        new(
            "iam:CreateUser iam:PutUserPolicy iam:AttachUserPolicy",
            "iam:UpdateUser iam:PutUserPolicy iam:DeleteUserPolicy iam:AttachUserPolicy iam:DetachUserPolicy",
            "iam:DeleteUserPolicy iam:DetachUserPolicy iam:DeleteUser"
        );

    public IReadOnlyDictionary<string, PropertyRule> Properties { get; } =
        new Dictionary<string, PropertyRule>(StringComparer.Ordinal)
        {
            ["UserName"] = new(UpdateType.Replacement),
            ["Path"] = new(),
            ["PermissionsBoundary"] = new(),
            ["Groups"] = new(),
            ["ManagedPolicyArns"] = new(),
            ["Policies"] = new(),
            ["Tags"] = new(),
        };

    public IReadOnlyCollection<string> Attributes { get; } = ["Arn"];

    public JsonTypeInfo Schema => IamTemplates.Default.UserProperties;

    public async Task<ResourceState> Create(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var name = Names.Checked(wanted.UserName ?? request.GenerateName(64), "userName");
        return State(
            await directory
                .Database.Write(transaction =>
                {
                    if (
                        directory.Users.Shelf.Get(transaction, Scope.Global(request.Caller.Account), name) is { } existing
                        && existing.CreatedBy == request.Token
                    )
                    {
                        return existing;
                    }

                    var path = Names.Path(wanted.Path);
                    var made = directory.Users.Add(
                        transaction,
                        request.Caller,
                        new User
                        {
                            Name = name,
                            Id = AccessKeyIds.UniqueId("AIDA"),
                            Path = path,
                            Arn = Names.Arn(request.Caller, $"user{path}{name}"),
                            CreateDate = directory.Clock.GetUtcNow(),
                            CreatedBy = request.Token,
                        }
                    );
                    return Shape(transaction, request, wanted, made, []);
                })
                .ConfigureAwait(false)
        );
    }

    public async Task<ResourceState> Update(ResourceRequest request, CancellationToken cancellation)
    {
        var wanted = Read(request);
        var before = Read(request with { Properties = request.PreviousProperties });
        return State(
            await directory
                .Database.Write(transaction =>
                    Shape(
                        transaction,
                        request,
                        wanted,
                        policies.Take(transaction, request.Caller, request.PhysicalId, before.Policies, before.ManagedPolicyArns),
                        before.Groups ?? []
                    )
                )
                .ConfigureAwait(false)
        );
    }

    public Task Delete(ResourceRequest request, CancellationToken cancellation) =>
        directory.Database.Write(transaction =>
        {
            if (directory.Users.Shelf.Get(transaction, Scope.Global(request.Caller.Account), request.PhysicalId ?? "") is null)
            {
                return;
            }

            var given = Read(request);
            var user = policies.Take(transaction, request.Caller, request.PhysicalId, given.Policies, given.ManagedPolicyArns);
            user = directory.Users.Change(
                transaction,
                request.Caller,
                user.Name,
                holder => (User)holder with { Groups = [.. ((User)holder).Groups.Except(given.Groups ?? [])] }
            );
            if (user.AccessKeys.Count > 0)
            {
                throw IamErrors.Conflict("Cannot delete entity, must delete access keys first.");
            }

            if (user.Groups.Count > 0)
            {
                throw IamErrors.Conflict("Cannot delete entity, must remove users from group first.");
            }

            DeleteRole.Remove(transaction, directory.Users, request.Caller, request.PhysicalId);
        });

    private User Shape(Transaction transaction, ResourceRequest request, UserProperties wanted, User user, IReadOnlyList<string> left)
    {
        var path = Names.Path(wanted.Path);
        var boundary = directory.CheckedBoundary(transaction, wanted.PermissionsBoundary, request.Caller);
        var groups = (wanted.Groups ?? []).Select(group => directory.Groups.Find(transaction, request.Caller, group).Name).ToList();
        var tags = Tags.Merge(new Dictionary<string, string>(), AllTags(wanted, request));
        user = directory.Users.Change(
            transaction,
            request.Caller,
            user.Name,
            holder =>
                (User)holder with
                {
                    Path = path,
                    Arn = Names.Arn(request.Caller, $"user{path}{holder.Name}"),
                    PermissionsBoundary = boundary,
                    Groups = [.. ((User)holder).Groups.Except(left).Union(groups)],
                    Tags = tags,
                }
        );
        return policies.Give(transaction, request.Caller, user, wanted.Policies, wanted.ManagedPolicyArns);
    }

    private static List<Tag> AllTags(UserProperties wanted, ResourceRequest request) =>
        [
            .. wanted.Tags ?? [],
            .. request
                .StackTags.Where(tag =>
                    !tag.Key.StartsWith("aws:", StringComparison.Ordinal) && wanted.Tags?.Any(own => own.Key == tag.Key) != true
                )
                .Select(tag => new Tag(tag.Key, tag.Value)),
        ];

    private static UserProperties Read(ResourceRequest request) => TemplateProperties.Read(request, IamTemplates.Default.UserProperties);

    private static ResourceState State(User user) => ResourceState.Of(user.Name, ("Arn", user.Arn));
}
