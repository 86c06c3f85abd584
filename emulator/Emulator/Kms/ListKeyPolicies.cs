using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListKeyPoliciesRequest(string? KeyId, int? Limit, string? Marker) : IKeyRequest;

internal sealed record ListKeyPoliciesResponse(IReadOnlyList<string> PolicyNames, bool Truncated);

/// <summary>The names of a key's policies: one.</summary>
internal sealed class ListKeyPolicies(Keys keys)
{
    public ListKeyPoliciesResponse Run(ListKeyPoliciesRequest request, Caller caller)
    {
        new Checks().Key(request.KeyId).Range("limit", request.Limit, 1, 1000).Throw();
        keys.FindByIdOrArn(request.KeyId, caller.Scope);

        // One page is all there is, so no marker was ever given; AWS documents no InvalidMarkerException for this operation.
        return request.Marker is null ? new(["default"], false) : throw KmsErrors.Invalid("The marker is not valid.");
    }
}
