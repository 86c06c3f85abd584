using System.Text.RegularExpressions;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GetKeyPolicyRequest(string? KeyId, string? PolicyName) : IKeyRequest;

internal sealed record GetKeyPolicyResponse(string Policy, string PolicyName);

/// <summary>A key's policy, as it was put.</summary>
internal sealed partial class GetKeyPolicy(Keys keys)
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
        new Checks().Text("policyName", policyName, 1, 128).Matches("policyName", policyName, NameForm(), @"[\w]+").Throw();
        if (policyName is not (null or "default"))
        {
            throw new AwsException("NotFoundException", $"No such policy exists for {arn}");
        }
    }

    [GeneratedRegex(@"^\w+\z")]
    private static partial Regex NameForm();
}
