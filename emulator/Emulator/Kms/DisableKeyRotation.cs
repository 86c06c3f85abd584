using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DisableKeyRotationRequest(string? KeyId);

/// <summary>No new material by itself.</summary>
internal sealed class DisableKeyRotation(Keys keys)
{
    public Task Run(DisableKeyRotationRequest request, Caller caller, CancellationToken cancellation) =>
        keys.Change(
            request.KeyId,
            caller,
            "DisableKeyRotation",
            key => Keys.Usable(key) with { RotationPeriodInDays = null, NextRotationDate = null }
        );
}
