using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record RotateKeyOnDemandRequest(string? KeyId);

internal sealed record RotateKeyOnDemandResponse(string KeyId);

/// <summary>New material at once; at most ten times in a key's life, as AWS has it.</summary>
internal sealed class RotateKeyOnDemand(Keys keys)
{
    private const int Most = 10;

    public async Task<RotateKeyOnDemandResponse> Run(RotateKeyOnDemandRequest request, Caller caller, CancellationToken cancellation)
    {
        var key = await keys.Change(
                request.KeyId,
                caller,
                "RotateKeyOnDemand",
                key =>
                    Keys.Usable(key).Materials.Count(material => material.RotationType == "ON_DEMAND") < Most
                        ? key with
                        {
                            Materials = [.. key.Materials, keys.NewMaterial("ON_DEMAND")],
                        }
                        : throw new AwsException(
                            "LimitExceededException",
                            "The on-demand rotations limit has been reached for the given keyId. "
                                + $"No more on-demand rotations can be performed for this key: {key.Arn}"
                        )
            )
            .ConfigureAwait(false);
        return new(key.Arn);
    }
}
