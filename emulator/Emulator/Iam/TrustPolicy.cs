using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

/// <summary>Who may take a role, as far as the principals of its trust policy say it; conditions are not evaluated.</summary>
internal readonly record struct TrustPolicy(PolicyDocument Document)
{
    public static TrustPolicy Of(Role role) => new(PolicyDocument.Parse(role.AssumeRolePolicyDocument, PolicyKind.Trust));

    public bool LetsService(string service) => Lets(principal => principal.Kind == "Service" && principal.Value == service);

    /// <summary>The caller itself, its role, its account, or everybody.</summary>
    public bool LetsCaller(Caller caller)
    {
        var root = $"arn:{Arn.Partition(caller.Region)}:iam::{caller.Account}:root";
        var role = Arn.TryParse(caller.Arn) is { Service: "sts" } session && session.Resource.Split('/') is ["assumed-role", var name, ..] ? name : null;
        return Lets(principal => principal.Kind is "AWS" or "*" && (principal.Value == "*" || principal.Value == caller.Account || principal.Value == root || principal.Value == caller.Arn
            || (role is not null && Arn.TryParse(principal.Value) is { Service: "iam" } iam && iam.Account == caller.Account
                && iam.Resource.StartsWith("role/", StringComparison.Ordinal) && iam.Resource.EndsWith("/" + role, StringComparison.Ordinal))));
    }

    private bool Lets(Func<PolicyPrincipal, bool> who)
    {
        var about = Document.Statements.Where(statement => statement.Actions.Any(action => PolicyDocument.Matches(action, "sts:AssumeRole", ignoreCase: true)) && statement.Principals.Any(who)).ToList();
        return about.Any(statement => statement.Allow) && !about.Any(statement => !statement.Allow && statement.Conditions.Count == 0);
    }
}
