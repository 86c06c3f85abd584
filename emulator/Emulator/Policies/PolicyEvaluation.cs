using Disa.Emulator.Patterns;

namespace Disa.Emulator.Policies;

/// <summary>What policies say of a request.</summary>
internal enum Verdict
{
    /// <summary>No statement is about it.</summary>
    ImplicitDeny,

    /// <summary>A statement allows it, and none denies it.</summary>
    Allow,

    /// <summary>A statement denies it, whatever others allow.</summary>
    ExplicitDeny,
}

/// <summary>How the principal of a statement names a caller, which decides what else has to allow the request.</summary>
internal enum Named
{
    No,

    /// <summary>The caller's account: it hands the decision to the account's own policies.</summary>
    Account,

    /// <summary>The caller's role: boundary and session policy still limit it.</summary>
    Role,

    /// <summary>The caller itself, or everybody.</summary>
    Directly,
}

/// <summary>Evaluates policies: pure, from statements and a request to a verdict.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html</remarks>
internal static class PolicyEvaluation
{
    /// <summary>Of policies that name no principal: identity policies, boundaries, session policies.</summary>
    public static Verdict Of(IReadOnlyList<PolicyDocument> policies, PolicyRequest request)
    {
        var verdict = Verdict.ImplicitDeny;
        foreach (var policy in policies)
        {
            foreach (var statement in policy.Statements)
            {
                if ((verdict == Verdict.Allow && statement.Allow) || !IsAbout(statement, policy, request))
                {
                    continue;
                }

                if (!statement.Allow)
                {
                    return Verdict.ExplicitDeny;
                }

                verdict = Verdict.Allow;
            }
        }

        return verdict;
    }

    /// <summary>Of a policy that names principals: a resource's or a role's trust; an allowance says how it names the caller.</summary>
    public static (Verdict Verdict, Named By) OfResource(PolicyDocument policy, PolicyRequest request)
    {
        var by = Named.No;
        foreach (var statement in policy.Statements)
        {
            var named = Principals.Name(statement, request.Caller);
            if (named == Named.No || (statement.Allow && named <= by) || !IsAbout(statement, policy, request))
            {
                continue;
            }

            if (!statement.Allow)
            {
                return (Verdict.ExplicitDeny, named);
            }

            by = named;
        }

        return (by == Named.No ? Verdict.ImplicitDeny : Verdict.Allow, by);
    }

    /// <summary>Whether a statement speaks of a request: of its action, its resource and its circumstances.</summary>
    public static bool IsAbout(PolicyStatement statement, PolicyDocument policy, PolicyRequest request) =>
        Concerns(statement, policy, request) && Meets(statement, policy, request);

    /// <summary>Whether a statement names the action and the resource, whatever its conditions.</summary>
    public static bool Concerns(PolicyStatement statement, PolicyDocument policy, PolicyRequest request) =>
        Covers(statement.Actions, statement.NotActions, request) && CoversResource(statement, policy, request);

    private static bool Covers(IReadOnlyList<string> actions, IReadOnlyList<string> notActions, PolicyRequest request)
    {
        foreach (var action in notActions)
        {
            if (Wildcard.Matches(action, request.Action, ignoreCase: true))
            {
                return false;
            }
        }

        foreach (var action in actions)
        {
            if (Wildcard.Matches(action, request.Action, ignoreCase: true))
            {
                return true;
            }
        }

        return notActions.Count > 0;
    }

    private static bool CoversResource(PolicyStatement statement, PolicyDocument policy, PolicyRequest request)
    {
        if (statement.Resources.Count + statement.NotResources.Count == 0)
        {
            // A trust policy: its resource is the role that has it.
            return true;
        }

        if (request.Resource.Length == 0)
        {
            return !statement.Allow || statement.Resources.Contains("*");
        }

        foreach (var resource in statement.NotResources)
        {
            if (PolicyVariables.Matches(resource, policy, request.Resource, request))
            {
                return false;
            }
        }

        foreach (var resource in statement.Resources)
        {
            if (PolicyVariables.Matches(resource, policy, request.Resource, request))
            {
                return true;
            }
        }

        return statement.NotResources.Count > 0;
    }

    /// <summary>What cannot be told does not allow, and does deny.</summary>
    private static bool Meets(PolicyStatement statement, PolicyDocument policy, PolicyRequest request)
    {
        foreach (var condition in statement.Conditions)
        {
            if (!(ConditionOperator.Meets(condition, policy, request) ?? !statement.Allow))
            {
                return false;
            }
        }

        return true;
    }
}
