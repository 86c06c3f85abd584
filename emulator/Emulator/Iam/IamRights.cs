using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

/// <summary>The rights that IAM's operations need: their own names, on the entity that they are about.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html</remarks>
internal sealed class IamRights(Directory directory)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller)
    {
        var resource = request switch
        {
            SimulateCustomPolicyRequest
            or GetContextKeysForCustomPolicyRequest
            or ListInstanceProfilesRequest
            or ListRolesRequest
            or ListUsersRequest
            or ListGroupsRequest
            or ListPoliciesRequest
            or GetAccountSummaryRequest => "*",
            CreateRoleRequest create => New("role", create.Path, create.RoleName),
            CreateUserRequest create => New("user", create.Path, create.UserName),
            CreateGroupRequest create => New("group", create.Path, create.GroupName),
            CreatePolicyRequest create => New("policy", create.Path, create.PolicyName),
            GetRoleRequest get => Role(get.RoleName),
            DeleteRoleRequest delete => Role(delete.RoleName),
            UpdateRoleRequest update => Role(update.RoleName),
            UpdateRoleDescriptionRequest update => Role(update.RoleName),
            UpdateAssumeRolePolicyRequest update => Role(update.RoleName),
            ListInstanceProfilesForRoleRequest list => Role(list.RoleName),
            CreateInstanceProfileRequest create => New("instance-profile", create.Path, create.InstanceProfileName),
            InstanceProfileRequest profile => Profile(profile.InstanceProfileName),
            InstanceProfileRoleRequest profile => Profile(profile.InstanceProfileName),
            TagInstanceProfileRequest profile => Profile(profile.InstanceProfileName),
            UntagInstanceProfileRequest profile => Profile(profile.InstanceProfileName),
            ListInstanceProfileTagsRequest profile => Profile(profile.InstanceProfileName),
            EntityPolicyRequest policy => Entity(policy.RoleName, policy.UserName, policy.GroupName),
            ListEntityPoliciesRequest list => Entity(list.RoleName, list.UserName, list.GroupName),
            AttachPolicyRequest attach => Entity(attach.RoleName, attach.UserName, attach.GroupName),
            ListAttachedPoliciesRequest list => Entity(list.RoleName, list.UserName, list.GroupName),
            TagEntityRequest tag => Entity(tag.RoleName, tag.UserName, null),
            UntagEntityRequest tag => Entity(tag.RoleName, tag.UserName, null),
            ListEntityTagsRequest tag => Entity(tag.RoleName, tag.UserName, null),
            PutPermissionsBoundaryRequest put => Entity(put.RoleName, put.UserName, null),
            DeletePermissionsBoundaryRequest delete => Entity(delete.RoleName, delete.UserName, null),
            SimulatePrincipalPolicyRequest simulate => simulate.PolicySourceArn ?? "",
            GetContextKeysForPrincipalPolicyRequest keys => keys.PolicySourceArn ?? "",
            PolicyArnRequest policy => policy.PolicyArn ?? "",
            PolicyVersionRequest policy => policy.PolicyArn ?? "",
            CreatePolicyVersionRequest policy => policy.PolicyArn ?? "",
            ListPolicyVersionsRequest policy => policy.PolicyArn ?? "",
            ListEntitiesForPolicyRequest policy => policy.PolicyArn ?? "",
            UserNameRequest user => User(user.UserName),
            ListAccessKeysRequest keys => User(keys.UserName),
            UpdateAccessKeyRequest key => User(key.UserName),
            DeleteAccessKeyRequest key => User(key.UserName),
            ListGroupsForUserRequest list => User(list.UserName),
            GetGroupRequest get => Group(get.GroupName),
            DeleteGroupRequest delete => Group(delete.GroupName),
            GroupMemberRequest member => Group(member.GroupName),
            _ => null,
        };
        return resource is null ? null
            : operation == "AddRoleToInstanceProfile" && request is InstanceProfileRoleRequest add
                ? [new($"iam:{operation}", resource), Access.PassRole(Role(add.RoleName), "ec2.amazonaws.com")]
            : [new($"iam:{operation}", resource) { Facts = Facts(request) }];

        string New(string kind, string? path, string? name) => Names.Arn(caller, $"{kind}{path ?? "/"}{name}");
        string Role(string? name) => directory.Roles.Shelf.Get(Scope.Global(caller.Account), name ?? "")?.Arn ?? New("role", null, name);
        string Profile(string? name) =>
            directory.InstanceProfiles.Get(Scope.Global(caller.Account), name ?? "")?.Arn ?? New("instance-profile", null, name);
        string Group(string? name) => directory.Groups.Shelf.Get(Scope.Global(caller.Account), name ?? "")?.Arn ?? New("group", null, name);
        string User(string? name) =>
            (name ?? caller.UserName) is { } own
                ? directory.Users.Shelf.Get(Scope.Global(caller.Account), own)?.Arn ?? New("user", null, own)
                : "*";
        string Entity(string? role, string? user, string? group) =>
            role is not null ? Role(role)
            : user is not null ? User(user)
            : Group(group);
    }

    public IReadOnlyDictionary<string, string> TagsOf(string arn, Caller caller)
    {
        var scope = Scope.Global(caller.Account);
        var name = arn[(arn.LastIndexOf('/') + 1)..];
        return Arn.TryParse(arn)?.Resource.Split('/')[0] switch
            {
                "role" => directory.Roles.Shelf.Get(scope, name)?.Tags,
                "user" => directory.Users.Shelf.Get(scope, name)?.Tags,
                "instance-profile" => directory.InstanceProfiles.Get(scope, name)?.Tags,
                "policy" => directory.Policies.Get(scope, arn)?.Tags,
                _ => null,
            } ?? new Dictionary<string, string>();
    }

    public static IEnumerable<KeyValuePair<string, string?>> TagsIn(object request) =>
        request switch
        {
            CreateRoleRequest create => With(create.Tags),
            CreateUserRequest create => With(create.Tags),
            CreatePolicyRequest create => With(create.Tags),
            TagEntityRequest tag => With(tag.Tags),
            CreateInstanceProfileRequest create => With(create.Tags),
            TagInstanceProfileRequest tag => With(tag.Tags),
            UntagInstanceProfileRequest untag => (untag.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            UntagEntityRequest untag => (untag.TagKeys ?? []).Select(key => KeyValuePair.Create<string, string?>(key, null)),
            _ => [],
        };

    private static IEnumerable<KeyValuePair<string, string?>> With(IReadOnlyList<Tag>? tags) =>
        (tags ?? []).Select(tag => KeyValuePair.Create(tag.Key ?? "", tag.Value));

    private static (string, string)[] Facts(object request) =>
        request switch
        {
            AttachPolicyRequest { PolicyArn: { } arn } => [("iam:PolicyARN", arn)],
            CreateRoleRequest { PermissionsBoundary: { } arn } => [("iam:PermissionsBoundary", arn)],
            CreateUserRequest { PermissionsBoundary: { } arn } => [("iam:PermissionsBoundary", arn)],
            PutPermissionsBoundaryRequest { PermissionsBoundary: { } arn } => [("iam:PermissionsBoundary", arn)],
            _ => [],
        };
}
