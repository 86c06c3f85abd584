using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record PutKeyPolicyRequest(string? KeyId, string? PolicyName, string? Policy, bool? BypassPolicyLockoutSafetyCheck);

/// <summary>Replaces a key's policy.</summary>
internal sealed class PutKeyPolicy(Keys keys)
{
    public Task Run(PutKeyPolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        var policy = KeyPolicy.Checked(
            KmsErrors.Required(request.Policy, "policy"),
            caller,
            request.BypassPolicyLockoutSafetyCheck == true
        );
        return keys.Change(
            request.KeyId,
            caller,
            "PutKeyPolicy",
            key =>
            {
                GetKeyPolicy.CheckName(request.PolicyName, key.Arn);
                return Keys.NotPendingDeletion(key) with { Policy = policy };
            }
        );
    }
}
