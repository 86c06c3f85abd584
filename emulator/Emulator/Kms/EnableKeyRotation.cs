using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record EnableKeyRotationRequest(string? KeyId, int? RotationPeriodInDays) : IKeyRequest;

/// <summary>New material every 90 to 2560 days; without a number, every 365.</summary>
internal sealed class EnableKeyRotation(Keys keys)
{
    public Task Run(EnableKeyRotationRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks().Key(request.KeyId).Range("rotationPeriodInDays", request.RotationPeriodInDays, 90, 2560).Throw();
        return keys.ChangeShared(
            request.KeyId,
            caller,
            "EnableKeyRotation",
            (_, key) =>
            {
                Keys.Usable(Keys.RotatableByItself(key));
                var now = keys.Clock.GetUtcNow();
                return each => Rotating(each, request.RotationPeriodInDays, now);
            }
        );
    }

    public static KmsKey Rotating(KmsKey key, int? days, DateTimeOffset now)
    {
        var period = days ?? key.RotationPeriodInDays ?? 365;
        return period == key.RotationPeriodInDays
            ? key
            : key with
            {
                RotationPeriodInDays = period,
                NextRotationDate = now.AddDays(period),
            };
    }
}
