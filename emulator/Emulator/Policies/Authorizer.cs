using Disa.Emulator.Aws;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Policies;

/// <summary>Decides whether a caller has a right, from all the policies that speak about it.</summary>
/// <param name="enforce">False lets every request pass that AWS would check against IAM.</param>
/// <param name="principals">A caller's own policies; null for one that has none.</param>
/// <param name="clock">For conditions on the time.</param>
/// <param name="logger">Hears of every denial, and in detail of every right that was asked for.</param>
internal sealed partial class Authorizer(bool enforce, Func<Caller, PrincipalRights?> principals, TimeProvider clock, ILogger logger)
{
    /// <summary>Whether requests are checked at all.</summary>
    public bool Enforces => enforce;

    /// <summary>Null where the caller may; else why not, in AWS's words. Asked even where requests are not checked.</summary>
    public string? Denial(Caller caller, Access access)
    {
        if (caller.IsRoot && access.Policy is null && !access.NeedsPolicy && IsOwn(caller, access))
        {
            return null;
        }

        var rights = caller.IsRoot || caller.IsService ? null : principals(caller);
        var request = new PolicyRequest(caller, access.Action, access.Resource)
        {
            Facts = access.Facts,
            Supplied = access.Supplied,
            ResourceTags = access.ResourceTags,
            RequestTags = access.RequestTags,
            Now = clock.GetUtcNow(),
            Principal = rights,
        };
        if (Reason(caller, access, rights, request) is not { } reason)
        {
            LogAllowed(caller.Arn, access.Action, access.Resource);
            return null;
        }

        LogDenied(caller.Arn, access.Action, access.Resource, reason);
        return $"User: {caller.Arn} is not authorized to perform: {access.Action}{(access.Resource.Length == 0 || access.Resource == "*" ? "" : " on resource: " + access.Resource)} {reason}{Unknown(request)}";
    }

    public bool Allows(Caller caller, Access access) => Denial(caller, access) is null;

    /// <exception cref="AwsException">What <paramref name="denied"/> makes of the reason.</exception>
    public void Require(Caller caller, Access access, Func<string, AwsException> denied)
    {
        if (enforce && Denial(caller, access) is { } denial)
        {
            throw denied(denial);
        }
    }

    /// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-interaction.html</remarks>
    private static string? Reason(Caller caller, Access access, PrincipalRights? rights, PolicyRequest request)
    {
        var (resource, by) = access.Policy is { } text
            ? PolicyEvaluation.OfResource(PolicyDocument.Of(text, access.PolicyKind), request)
            : (Verdict.ImplicitDeny, Named.No);
        if (resource == Verdict.ExplicitDeny)
        {
            return "with an explicit deny in a resource-based policy";
        }

        var isOwn = IsOwn(caller, access);
        if (caller.IsService || caller.IsRoot || caller.Principal == Principal.Nobody)
        {
            if (access.Granted)
            {
                return null;
            }

            return resource == Verdict.Allow || (caller.IsRoot && isOwn && !access.NeedsPolicy) ? null : NoResource(access);
        }

        var identity = rights is null ? Verdict.ImplicitDeny : PolicyEvaluation.Of(rights.Identity, request);
        var boundary = rights?.Boundary is { } most ? PolicyEvaluation.Of([most], request) : Verdict.Allow;
        var session = caller.SessionPolicy is { } policy
            ? PolicyEvaluation.Of([PolicyDocument.Of(policy, PolicyKind.Identity)], request)
            : Verdict.Allow;
        if (identity == Verdict.ExplicitDeny)
        {
            return "with an explicit deny in an identity-based policy";
        }

        if (boundary == Verdict.ExplicitDeny)
        {
            return "with an explicit deny in a permissions boundary";
        }

        if (session == Verdict.ExplicitDeny)
        {
            return "with an explicit deny in a session policy";
        }

        if (access.Granted)
        {
            return null;
        }

        if (resource != Verdict.Allow && (access.NeedsPolicy || !isOwn))
        {
            return NoResource(access);
        }

        // In one account the resource's own word is enough where it names the caller; its role's is still limited.
        if (isOwn && by == Named.Directly)
        {
            return null;
        }

        return identity != Verdict.Allow && !(isOwn && by == Named.Role)
                ? $"because no identity-based policy allows the {access.Action} action"
            : boundary != Verdict.Allow ? $"because no permissions boundary allows the {access.Action} action"
            : session != Verdict.Allow ? $"because no session policy allows the {access.Action} action"
            : null;
    }

    /// <summary>What a policy asks for and the emulator cannot tell: it is the reason more often than not.</summary>
    private static string Unknown(PolicyRequest request) =>
        request.Unknown.Count == 0
            ? ""
            : $". The Disa emulator does not supply the condition key{(request.Unknown.Count > 1 ? "s" : "")} {string.Join(", ", request.Unknown.Order(StringComparer.Ordinal))} here";

    private static string NoResource(Access access) => $"because no resource-based policy allows the {access.Action} action";

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Principal} may {Action} on {Resource}")]
    private partial void LogAllowed(string principal, string action, string resource);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Principal} may not {Action} on {Resource}, {Reason}")]
    private partial void LogDenied(string principal, string action, string resource, string reason);

    private static bool IsOwn(Caller caller, Access access)
    {
        var owner = access.Account is { } account ? account : Arn.AccountOf(access.Resource);
        return owner.IsEmpty || owner.SequenceEqual(caller.IsService ? caller.Account : caller.PrincipalAccount);
    }
}
