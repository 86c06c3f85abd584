using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

/// <summary>The policies that a caller has of its own: a role's, or a user's with those of its groups.</summary>
internal sealed class PrincipalPolicies(Directory directory)
{
    private static readonly PrincipalRights None = new("", [], null, new Dictionary<string, string>());

    /// <summary>A role or user that is no more has none.</summary>
    public PrincipalRights Of(Caller caller)
    {
        var scope = Scope.Global(caller.PrincipalAccount);
        Holder? holder =
            caller.RoleName is { } role ? directory.Roles.Shelf.Get(scope, role)
            : caller.UserName is { } user ? directory.Users.Shelf.Get(scope, user)
            : null;
        if (holder is null)
        {
            return None with { Arn = caller.Arn };
        }

        var policies = new List<PolicyDocument>();
        Add(policies, holder);
        foreach (var group in (holder as User)?.Groups ?? [])
        {
            if (directory.Groups.Shelf.Get(scope, group) is { } found)
            {
                Add(policies, found);
            }
        }

        return new(holder.Arn, policies, holder.PermissionsBoundary is { } boundary ? Managed(boundary) : null, holder.Tags);
    }

    private void Add(List<PolicyDocument> policies, Holder holder)
    {
        foreach (var document in holder.Inline.Values)
        {
            policies.Add(PolicyDocument.Of(document, PolicyKind.Identity));
        }

        foreach (var arn in holder.Attached)
        {
            policies.Add(Managed(arn));
        }
    }

    private PolicyDocument Managed(string arn) => PolicyDocument.Of(directory.Policy(arn).DefaultDocument, PolicyKind.Identity);
}
