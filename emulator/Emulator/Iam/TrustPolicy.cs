using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.Iam;

/// <summary>Who may take a role, as its trust policy says.</summary>
internal static class TrustPolicy
{
    /// <param name="facts">What the request says beyond the caller: <c>sts:ExternalId</c>, <c>sts:RoleSessionName</c>.</param>
    public static bool Lets(Role role, Caller caller, IReadOnlyList<(string Key, string Value)> facts, DateTimeOffset now) =>
        PolicyEvaluation
            .OfResource(
                PolicyDocument.Of(role.AssumeRolePolicyDocument, PolicyKind.Trust),
                new PolicyRequest(caller, "sts:AssumeRole", role.Arn) { Facts = facts, Now = now }
            )
            .Verdict == Verdict.Allow;
}
