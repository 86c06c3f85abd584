using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DisableKeyRotationRequest(string? KeyId) : IKeyRequest;

/// <summary>No new material by itself.</summary>
internal sealed class DisableKeyRotation(Keys keys)
{
    public Task Run(DisableKeyRotationRequest request, Caller caller, CancellationToken cancellation) =>
        keys.ChangeShared(
            request.KeyId,
            caller,
            "DisableKeyRotation",
            (_, key) =>
            {
                Keys.Usable(Keys.RotatableByItself(key));
                return each => each with { RotationPeriodInDays = null, NextRotationDate = null };
            }
        );
}
