using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Iam;

internal sealed record PolicyArnRequest(string? PolicyArn);

internal sealed record GetPolicyResponse(PolicyView Policy);

internal sealed record ListPoliciesRequest(string? Scope, bool? OnlyAttached, string? PathPrefix, string? Marker, int? MaxItems);

internal sealed record ListPoliciesResponse(IReadOnlyList<PolicyView> Policies, bool IsTruncated, string? Marker);

internal sealed record ListEntitiesForPolicyRequest(string? PolicyArn, string? EntityFilter);

internal sealed record ListEntitiesForPolicyResponse(
    IReadOnlyList<PolicyGroup> PolicyGroups,
    IReadOnlyList<PolicyUser> PolicyUsers,
    IReadOnlyList<PolicyRole> PolicyRoles,
    bool IsTruncated
);

internal sealed record PolicyGroup(string GroupName, string GroupId);

internal sealed record PolicyUser(string UserName, string UserId);

internal sealed record PolicyRole(string RoleName, string RoleId);

/// <summary>GetPolicy, ListPolicies, ListEntitiesForPolicy and DeletePolicy.</summary>
internal sealed class ManagedPolicies(Directory directory)
{
    public GetPolicyResponse Get(PolicyArnRequest request, Caller caller)
    {
        var view = directory.View(directory.Policy(request.PolicyArn));
        return new(view with { Tags = view.Tags ?? [] });
    }

    public ListPoliciesResponse List(ListPoliciesRequest request, Caller caller)
    {
        var local = directory.Policies.List(Scope.Global(caller.Account)).Values;
        var all = request.Scope switch
        {
            null or "All" => local.Concat(AwsManagedPolicies.All),
            "AWS" => AwsManagedPolicies.All,
            "Local" => local,
            _ => throw IamErrors.Invalid(
                $"1 validation error detected: Value '{request.Scope}' at 'scope' failed to satisfy constraint: Member must satisfy enum value set: [AWS, Local, All]"
            ),
        };
        var views = all.Where(policy => policy.Path.StartsWith(request.PathPrefix ?? "/", StringComparison.Ordinal))
            .Select(policy => directory.View(policy, caller.Account))
            .Where(view => request.OnlyAttached != true || view.AttachmentCount > 0)
            .OrderBy(view => view.Arn, StringComparer.Ordinal);
        var (page, next) = directory
            .Lists.Of("ListPolicies", Scope.Global(caller.Account))
            .Page(views, view => view.Arn, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page.ConvertAll(view => view with { Tags = null, Description = null }), next is not null, next);
    }

    public ListEntitiesForPolicyResponse Entities(ListEntitiesForPolicyRequest request, Caller caller)
    {
        var arn = directory.Policy(request.PolicyArn).Arn;
        var scope = Scope.Global(caller.Account);
        return new(
            Wanted("Group")
                ? directory
                    .Groups.Shelf.List(scope)
                    .Values.Where(group => group.Attached.Contains(arn))
                    .Select(group => new PolicyGroup(group.Name, group.Id))
                    .ToList()
                : [],
            Wanted("User")
                ? directory
                    .Users.Shelf.List(scope)
                    .Values.Where(user => user.Attached.Contains(arn))
                    .Select(user => new PolicyUser(user.Name, user.Id))
                    .ToList()
                : [],
            Wanted("Role")
                ? directory
                    .Roles.Shelf.List(scope)
                    .Values.Where(role => role.Attached.Contains(arn))
                    .Select(role => new PolicyRole(role.Name, role.Id))
                    .ToList()
                : [],
            false
        );

        bool Wanted(string kind) => request.EntityFilter is null || request.EntityFilter == kind;
    }

    public Task Delete(PolicyArnRequest request, Caller caller, CancellationToken cancellation) =>
        directory.Database.Write(transaction => Delete(transaction, IamErrors.Required(request.PolicyArn, "policyArn")));

    public void Delete(Transaction transaction, string arn)
    {
        var policy = directory.OwnPolicy(transaction, arn);
        if (directory.View(policy, transaction: transaction) is { AttachmentCount: > 0 } or { PermissionsBoundaryUsageCount: > 0 })
        {
            throw IamErrors.Conflict("Cannot delete a policy attached to entities.");
        }

        if (policy.Versions.Count > 1)
        {
            throw IamErrors.Conflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."
            );
        }

        directory.Policies.Remove(transaction, Scope.Global(Arn.Parse(arn).Account), arn);
    }
}
