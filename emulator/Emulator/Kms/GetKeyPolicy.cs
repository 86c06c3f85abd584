using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GetKeyPolicyRequest(string? KeyId, string? PolicyName);

internal sealed record GetKeyPolicyResponse(string Policy, string PolicyName);

/// <summary>A key's policy, as it was put.</summary>
internal sealed class GetKeyPolicy(Keys keys)
{
    public GetKeyPolicyResponse Run(GetKeyPolicyRequest request, Caller caller)
    {
        var key = keys.FindByIdOrArn(request.KeyId, caller.Scope);
        CheckName(request.PolicyName, key.Arn);
        return new(key.Policy, "default");
    }

    /// <summary>A key has one policy, called <c>default</c>.</summary>
    public static void CheckName(string? policyName, string arn)
    {
        if (policyName is not (null or "default"))
        {
            throw new AwsException("NotFoundException", $"No such policy exists for {arn}");
        }
    }
}
