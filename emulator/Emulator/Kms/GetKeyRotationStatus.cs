using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GetKeyRotationStatusRequest(string? KeyId) : IKeyRequest;

internal sealed record GetKeyRotationStatusResponse(
    bool KeyRotationEnabled,
    string KeyId,
    int? RotationPeriodInDays,
    DateTimeOffset? NextRotationDate
);

/// <summary>Whether and when a key gets new material.</summary>
internal sealed class GetKeyRotationStatus(Keys keys)
{
    public GetKeyRotationStatusResponse Run(GetKeyRotationStatusRequest request, Caller caller)
    {
        var key = keys.FindByIdOrArn(request.KeyId, caller.Scope);
        var enabled = key.RotationPeriodInDays is not null && !key.IsPendingDeletion;
        return new(enabled, key.Arn, enabled ? key.RotationPeriodInDays : null, enabled ? key.NextRotationDate : null);
    }
}
