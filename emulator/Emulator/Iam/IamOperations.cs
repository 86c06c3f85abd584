using System.Text.Json.Serialization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Iam;

/// <summary>The operations of IAM.</summary>
internal static class IamOperations
{
    public static IEnumerable<Operation> All(Directory directory)
    {
        var json = IamJson.Default;
        var versions = new PolicyVersions(directory);
        var policies = new ManagedPolicies(directory);
        var users = new Users(directory);
        var keys = new AccessKeys(directory);
        var groups = new Groups(directory);
        return
        [
            Operation.Of("CreateRole", json.CreateRoleRequest, json.CreateRoleResponse, new CreateRole(directory).Run),
            Operation.Of("GetRole", json.GetRoleRequest, json.GetRoleResponse, new GetRole(directory).Run),
            Operation.Of("ListRoles", json.ListRolesRequest, json.ListRolesResponse, new ListRoles(directory).Run),
            Operation.Of("UpdateRole", json.UpdateRoleRequest, json.UpdateRoleResponse, new UpdateRole(directory).Run),
            Operation.Of(
                "UpdateRoleDescription",
                json.UpdateRoleDescriptionRequest,
                json.UpdateRoleDescriptionResponse,
                new UpdateRoleDescription(directory).Run
            ),
            Operation.Of("UpdateAssumeRolePolicy", json.UpdateAssumeRolePolicyRequest, new UpdateAssumeRolePolicy(directory).Run),
            Operation.Of("DeleteRole", json.DeleteRoleRequest, new DeleteRole(directory).Run),
            .. Entity(directory, directory.Roles, "Role"),
            .. Tagging(directory, directory.Roles, "Role"),
            .. Profiles(new InstanceProfiles(directory)),
            Operation.Of("CreatePolicy", json.CreatePolicyRequest, json.CreatePolicyResponse, new CreatePolicy(directory).Run),
            Operation.Of("GetPolicy", json.PolicyArnRequest, json.GetPolicyResponse, policies.Get),
            Operation.Of("ListPolicies", json.ListPoliciesRequest, json.ListPoliciesResponse, policies.List),
            Operation.Of("ListEntitiesForPolicy", json.ListEntitiesForPolicyRequest, json.ListEntitiesForPolicyResponse, policies.Entities),
            Operation.Of("DeletePolicy", json.PolicyArnRequest, policies.Delete),
            Operation.Of("CreatePolicyVersion", json.CreatePolicyVersionRequest, json.PolicyVersionResponse, versions.Create),
            Operation.Of("GetPolicyVersion", json.PolicyVersionRequest, json.PolicyVersionResponse, versions.Get),
            Operation.Of("ListPolicyVersions", json.ListPolicyVersionsRequest, json.ListPolicyVersionsResponse, versions.List),
            Operation.Of("SetDefaultPolicyVersion", json.PolicyVersionRequest, versions.SetDefault),
            Operation.Of("DeletePolicyVersion", json.PolicyVersionRequest, versions.Delete),
            Operation.Of("CreateUser", json.CreateUserRequest, json.UserResponse, new CreateUser(directory).Run),
            Operation.Of("GetUser", json.UserNameRequest, json.UserResponse, users.Get),
            Operation.Of("ListUsers", json.ListUsersRequest, json.ListUsersResponse, users.List),
            Operation.Of("DeleteUser", json.UserNameRequest, users.Delete),
            .. Entity(directory, directory.Users, "User"),
            .. Tagging(directory, directory.Users, "User"),
            Operation.Of("CreateAccessKey", json.UserNameRequest, json.CreateAccessKeyResponse, keys.Create),
            Operation.Of("ListAccessKeys", json.ListAccessKeysRequest, json.ListAccessKeysResponse, keys.List),
            Operation.Of("UpdateAccessKey", json.UpdateAccessKeyRequest, keys.Update),
            Operation.Of("DeleteAccessKey", json.DeleteAccessKeyRequest, keys.Delete),
            Operation.Of("CreateGroup", json.CreateGroupRequest, json.CreateGroupResponse, groups.Create),
            Operation.Of("GetGroup", json.GetGroupRequest, json.GetGroupResponse, groups.Get),
            Operation.Of("ListGroups", json.ListGroupsRequest, json.ListGroupsResponse, groups.List),
            Operation.Of("ListGroupsForUser", json.ListGroupsForUserRequest, json.ListGroupsResponse, groups.ListForUser),
            Operation.Of("DeleteGroup", json.DeleteGroupRequest, groups.Delete),
            Operation.Of("AddUserToGroup", json.GroupMemberRequest, groups.Add),
            Operation.Of("RemoveUserFromGroup", json.GroupMemberRequest, groups.Remove),
            .. Entity(directory, directory.Groups, "Group"),
            .. Simulation(directory),
            Operation.Of(
                "GetAccountSummary",
                json.GetAccountSummaryRequest,
                json.GetAccountSummaryResponse,
                new GetAccountSummary(directory).Run
            ),
        ];
    }

    private static Operation[] Simulation(Directory directory)
    {
        var json = IamJson.Default;
        return
        [
            Operation.Of(
                "SimulateCustomPolicy",
                json.SimulateCustomPolicyRequest,
                json.SimulatePolicyResponse,
                new SimulateCustomPolicy(directory).Run
            ),
            Operation.Of(
                "SimulatePrincipalPolicy",
                json.SimulatePrincipalPolicyRequest,
                json.SimulatePolicyResponse,
                new SimulatePrincipalPolicy(directory).Run
            ),
            Operation.Of(
                "GetContextKeysForCustomPolicy",
                json.GetContextKeysForCustomPolicyRequest,
                json.GetContextKeysForPolicyResponse,
                ContextKeys.Custom
            ),
            Operation.Of(
                "GetContextKeysForPrincipalPolicy",
                json.GetContextKeysForPrincipalPolicyRequest,
                json.GetContextKeysForPolicyResponse,
                new ContextKeys(directory).Principal
            ),
        ];
    }

    private static Operation[] Profiles(InstanceProfiles profiles)
    {
        var json = IamJson.Default;
        return
        [
            Operation.Of("CreateInstanceProfile", json.CreateInstanceProfileRequest, json.InstanceProfileResponse, profiles.Create),
            Operation.Of("GetInstanceProfile", json.InstanceProfileRequest, json.InstanceProfileResponse, profiles.Get),
            Operation.Of("ListInstanceProfiles", json.ListInstanceProfilesRequest, json.ListInstanceProfilesResponse, profiles.List),
            Operation.Of(
                "ListInstanceProfilesForRole",
                json.ListInstanceProfilesForRoleRequest,
                json.ListInstanceProfilesResponse,
                profiles.ListForRole
            ),
            Operation.Of("DeleteInstanceProfile", json.InstanceProfileRequest, profiles.Delete),
            Operation.Of("AddRoleToInstanceProfile", json.InstanceProfileRoleRequest, profiles.AddRole),
            Operation.Of("RemoveRoleFromInstanceProfile", json.InstanceProfileRoleRequest, profiles.RemoveRole),
            Operation.Of("TagInstanceProfile", json.TagInstanceProfileRequest, profiles.Tag),
            Operation.Of("UntagInstanceProfile", json.UntagInstanceProfileRequest, profiles.Untag),
            Operation.Of("ListInstanceProfileTags", json.ListInstanceProfileTagsRequest, json.ListEntityTagsResponse, profiles.ListTags),
        ];
    }

    private static Operation[] Entity<T>(Directory directory, Holders<T> holders, string kind)
        where T : Holder
    {
        var json = IamJson.Default;
        var inline = new InlinePolicies<T>(holders);
        var attached = new AttachedPolicies<T>(directory, holders);
        return
        [
            Operation.Of($"Put{kind}Policy", json.EntityPolicyRequest, inline.Put),
            Operation.Of($"Get{kind}Policy", json.EntityPolicyRequest, json.GetEntityPolicyResponse, inline.Get),
            Operation.Of($"List{kind}Policies", json.ListEntityPoliciesRequest, json.ListEntityPoliciesResponse, inline.List),
            Operation.Of($"Delete{kind}Policy", json.EntityPolicyRequest, inline.Delete),
            Operation.Of($"Attach{kind}Policy", json.AttachPolicyRequest, attached.Attach),
            Operation.Of($"Detach{kind}Policy", json.AttachPolicyRequest, attached.Detach),
            Operation.Of($"ListAttached{kind}Policies", json.ListAttachedPoliciesRequest, json.ListAttachedPoliciesResponse, attached.List),
        ];
    }

    private static Operation[] Tagging<T>(Directory directory, Holders<T> holders, string kind)
        where T : Holder
    {
        var json = IamJson.Default;
        var tags = new EntityTags<T>(holders);
        var boundaries = new PermissionsBoundaries<T>(directory, holders);
        return
        [
            Operation.Of($"Tag{kind}", json.TagEntityRequest, tags.Tag),
            Operation.Of($"Untag{kind}", json.UntagEntityRequest, tags.Untag),
            Operation.Of($"List{kind}Tags", json.ListEntityTagsRequest, json.ListEntityTagsResponse, tags.List),
            Operation.Of($"Put{kind}PermissionsBoundary", json.PutPermissionsBoundaryRequest, boundaries.Put),
            Operation.Of($"Delete{kind}PermissionsBoundary", json.DeletePermissionsBoundaryRequest, boundaries.Delete),
        ];
    }
}

/// <summary>How IAM's records travel.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(TimestampConverter)]
)]
[JsonSerializable(typeof(CreateRoleRequest))]
[JsonSerializable(typeof(CreateRoleResponse))]
[JsonSerializable(typeof(GetRoleRequest))]
[JsonSerializable(typeof(GetRoleResponse))]
[JsonSerializable(typeof(ListRolesRequest))]
[JsonSerializable(typeof(ListRolesResponse))]
[JsonSerializable(typeof(UpdateRoleRequest))]
[JsonSerializable(typeof(UpdateRoleResponse))]
[JsonSerializable(typeof(UpdateRoleDescriptionRequest))]
[JsonSerializable(typeof(UpdateRoleDescriptionResponse))]
[JsonSerializable(typeof(UpdateAssumeRolePolicyRequest))]
[JsonSerializable(typeof(DeleteRoleRequest))]
[JsonSerializable(typeof(EntityPolicyRequest))]
[JsonSerializable(typeof(GetEntityPolicyResponse))]
[JsonSerializable(typeof(ListEntityPoliciesRequest))]
[JsonSerializable(typeof(ListEntityPoliciesResponse))]
[JsonSerializable(typeof(AttachPolicyRequest))]
[JsonSerializable(typeof(ListAttachedPoliciesRequest))]
[JsonSerializable(typeof(ListAttachedPoliciesResponse))]
[JsonSerializable(typeof(TagEntityRequest))]
[JsonSerializable(typeof(UntagEntityRequest))]
[JsonSerializable(typeof(ListEntityTagsRequest))]
[JsonSerializable(typeof(ListEntityTagsResponse))]
[JsonSerializable(typeof(PutPermissionsBoundaryRequest))]
[JsonSerializable(typeof(DeletePermissionsBoundaryRequest))]
[JsonSerializable(typeof(ListInstanceProfilesForRoleRequest))]
[JsonSerializable(typeof(CreateInstanceProfileRequest))]
[JsonSerializable(typeof(InstanceProfileRequest))]
[JsonSerializable(typeof(InstanceProfileRoleRequest))]
[JsonSerializable(typeof(InstanceProfileResponse))]
[JsonSerializable(typeof(ListInstanceProfilesRequest))]
[JsonSerializable(typeof(ListInstanceProfilesResponse))]
[JsonSerializable(typeof(TagInstanceProfileRequest))]
[JsonSerializable(typeof(UntagInstanceProfileRequest))]
[JsonSerializable(typeof(ListInstanceProfileTagsRequest))]
[JsonSerializable(typeof(CreatePolicyRequest))]
[JsonSerializable(typeof(CreatePolicyResponse))]
[JsonSerializable(typeof(PolicyArnRequest))]
[JsonSerializable(typeof(GetPolicyResponse))]
[JsonSerializable(typeof(ListPoliciesRequest))]
[JsonSerializable(typeof(ListPoliciesResponse))]
[JsonSerializable(typeof(ListEntitiesForPolicyRequest))]
[JsonSerializable(typeof(ListEntitiesForPolicyResponse))]
[JsonSerializable(typeof(CreatePolicyVersionRequest))]
[JsonSerializable(typeof(PolicyVersionResponse))]
[JsonSerializable(typeof(PolicyVersionRequest))]
[JsonSerializable(typeof(ListPolicyVersionsRequest))]
[JsonSerializable(typeof(ListPolicyVersionsResponse))]
[JsonSerializable(typeof(CreateUserRequest))]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(UserNameRequest))]
[JsonSerializable(typeof(ListUsersRequest))]
[JsonSerializable(typeof(ListUsersResponse))]
[JsonSerializable(typeof(CreateAccessKeyResponse))]
[JsonSerializable(typeof(ListAccessKeysRequest))]
[JsonSerializable(typeof(ListAccessKeysResponse))]
[JsonSerializable(typeof(UpdateAccessKeyRequest))]
[JsonSerializable(typeof(DeleteAccessKeyRequest))]
[JsonSerializable(typeof(CreateGroupRequest))]
[JsonSerializable(typeof(CreateGroupResponse))]
[JsonSerializable(typeof(GetGroupRequest))]
[JsonSerializable(typeof(GetGroupResponse))]
[JsonSerializable(typeof(ListGroupsRequest))]
[JsonSerializable(typeof(ListGroupsResponse))]
[JsonSerializable(typeof(ListGroupsForUserRequest))]
[JsonSerializable(typeof(DeleteGroupRequest))]
[JsonSerializable(typeof(GroupMemberRequest))]
[JsonSerializable(typeof(SimulateCustomPolicyRequest))]
[JsonSerializable(typeof(SimulatePrincipalPolicyRequest))]
[JsonSerializable(typeof(SimulatePolicyResponse))]
[JsonSerializable(typeof(GetContextKeysForCustomPolicyRequest))]
[JsonSerializable(typeof(GetContextKeysForPrincipalPolicyRequest))]
[JsonSerializable(typeof(GetContextKeysForPolicyResponse))]
[JsonSerializable(typeof(GetAccountSummaryRequest))]
[JsonSerializable(typeof(GetAccountSummaryResponse))]
internal sealed partial class IamJson : JsonSerializerContext;

/// <summary>What CloudFormation templates say of roles and policies: scalars may be text.</summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(BooleanTextConverter)]
)]
[JsonSerializable(typeof(RoleProperties))]
[JsonSerializable(typeof(PolicyProperties))]
[JsonSerializable(typeof(RolePolicyProperties))]
[JsonSerializable(typeof(ManagedPolicyProperties))]
[JsonSerializable(typeof(UserProperties))]
[JsonSerializable(typeof(GroupProperties))]
[JsonSerializable(typeof(InstanceProfileProperties))]
internal sealed partial class IamTemplates : JsonSerializerContext;
