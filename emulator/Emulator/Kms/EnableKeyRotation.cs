using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record EnableKeyRotationRequest(string? KeyId, int? RotationPeriodInDays);

/// <summary>New material every 90 to 2560 days; without a number, every 365.</summary>
internal sealed class EnableKeyRotation(Keys keys)
{
    public Task Run(EnableKeyRotationRequest request, Caller caller, CancellationToken cancellation)
    {
        if (request.RotationPeriodInDays is { } days and (< 90 or > 2560))
        {
            throw KmsErrors.Constraint(
                days.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "rotationPeriodInDays",
                days < 90 ? "Member must have value greater than or equal to 90" : "Member must have value less than or equal to 2560"
            );
        }

        return keys.Change(
            request.KeyId,
            caller,
            "EnableKeyRotation",
            key => Rotating(Keys.Usable(key), request.RotationPeriodInDays, keys.Clock.GetUtcNow())
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
