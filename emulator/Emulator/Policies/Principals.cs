using Disa.Emulator.Aws;

namespace Disa.Emulator.Policies;

/// <summary>Whether the principals of a statement name a caller.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html</remarks>
internal static class Principals
{
    public static Named Name(PolicyStatement statement, Caller caller)
    {
        if (statement.NotPrincipals.Count > 0)
        {
            // Everybody but those: a session is spared only where its role and its account are named with it, as its policies must do on AWS.
            foreach (var principal in statement.NotPrincipals)
            {
                if (Name(principal, caller) != Named.No)
                {
                    return Named.No;
                }
            }

            return Named.Directly;
        }

        var best = Named.No;
        foreach (var principal in statement.Principals)
        {
            var named = Name(principal, caller);
            best = named > best ? named : best;
        }

        return best;
    }

    private static Named Name(PolicyPrincipal principal, Caller caller) =>
        principal.Kind switch
        {
            "*" => Named.Directly,
            "Service" => caller.IsService && principal.Value == caller.Arn ? Named.Directly : Named.No,
            "AWS" when principal.Value == "*" => Named.Directly,
            "AWS" => caller.IsService ? Named.No : NameAws(principal.Value, caller),
            _ => Named.No,
        };

    private static Named NameAws(string principal, Caller caller)
    {
        if (principal == caller.Arn)
        {
            return Named.Directly;
        }

        if (principal == caller.PrincipalAccount)
        {
            return caller.IsRoot ? Named.Directly : Named.Account;
        }

        if (Arn.TryParse(principal) is not { Service: "iam" } arn || arn.Account != caller.PrincipalAccount)
        {
            return Named.No;
        }

        return arn.Resource == "root" ? Named.Account
            : caller.RoleName is { } role
            && arn.Resource.StartsWith("role/", StringComparison.Ordinal)
            && arn.Resource[(arn.Resource.LastIndexOf('/') + 1)..] == role
                ? Named.Role
            : Named.No;
    }
}
