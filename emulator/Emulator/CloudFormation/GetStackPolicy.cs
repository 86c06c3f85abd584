using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record GetStackPolicyRequest(string? StackName = null);

internal sealed record GetStackPolicyResponse(string? StackPolicyBody);

/// <summary>Answers a stack's policy.</summary>
internal static class GetStackPolicy
{
    /// <summary>While an update has a policy of its own, that one.</summary>
    public static GetStackPolicyResponse Run(GetStackPolicyRequest request, Caller caller, StackStore store)
    {
        var stack = SetStackPolicy.Find(store, caller.Scope, request.StackName);
        return new(stack.Operation?.Policy ?? stack.Policy);
    }
}
