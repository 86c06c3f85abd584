using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record PutKeyPolicyRequest(string? KeyId, string? PolicyName, string? Policy, bool? BypassPolicyLockoutSafetyCheck)
    : IKeyRequest;

/// <summary>Replaces a key's policy.</summary>
internal sealed class PutKeyPolicy(Keys keys)
{
    public Task Run(PutKeyPolicyRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks().Key(request.KeyId).Required("policy", request.Policy).Text("policy", request.Policy, 1, 131_072).Throw();
        var policy = KeyPolicy.Checked(request.Policy!, caller, request.BypassPolicyLockoutSafetyCheck == true);
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
