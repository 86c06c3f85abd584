using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListKeyPoliciesRequest(string? KeyId, int? Limit, string? Marker);

internal sealed record ListKeyPoliciesResponse(IReadOnlyList<string> PolicyNames, bool Truncated);

/// <summary>The names of a key's policies: one.</summary>
internal sealed class ListKeyPolicies(Keys keys)
{
    public ListKeyPoliciesResponse Run(ListKeyPoliciesRequest request, Caller caller)
    {
        keys.FindByIdOrArn(request.KeyId, caller.Scope);
        return new(["default"], false);
    }
}
