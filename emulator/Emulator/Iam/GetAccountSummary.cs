using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record GetAccountSummaryRequest;

internal sealed record GetAccountSummaryResponse(IReadOnlyDictionary<string, int> SummaryMap);

/// <summary>How many entities the account has.</summary>
internal sealed class GetAccountSummary(Directory directory)
{
    public GetAccountSummaryResponse Run(GetAccountSummaryRequest request, Caller caller)
    {
        var scope = Scope.Global(caller.Account);
        return new(
            new Dictionary<string, int>
            {
                ["Users"] = directory.Users.Shelf.List(scope).Count,
                ["UsersQuota"] = 5000,
                ["Groups"] = directory.Groups.Shelf.List(scope).Count,
                ["GroupsQuota"] = 300,
                ["Roles"] = directory.Roles.Shelf.List(scope).Count,
                ["RolesQuota"] = 1000,
                ["Policies"] = directory.Policies.List(scope).Count,
                ["PoliciesQuota"] = 1500,
                ["InstanceProfiles"] = directory.InstanceProfiles.List(scope).Count,
                ["InstanceProfilesQuota"] = 1000,
                ["AccessKeysPerUserQuota"] = 2,
                ["AttachedPoliciesPerRoleQuota"] = 10,
                ["VersionsPerPolicyQuota"] = 5,
            }
        );
    }
}
