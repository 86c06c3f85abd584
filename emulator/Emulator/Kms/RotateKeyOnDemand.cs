using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Kms;

internal sealed record RotateKeyOnDemandRequest(string? KeyId) : IKeyRequest;

internal sealed record RotateKeyOnDemandResponse(string KeyId);

/// <summary>New material at once; at most ten times in a key's life, as AWS has it.</summary>
internal sealed class RotateKeyOnDemand(Keys keys)
{
    private const int Most = 10;

    public async Task<RotateKeyOnDemandResponse> Run(RotateKeyOnDemandRequest request, Caller caller, CancellationToken cancellation)
    {
        var key = await keys.ChangeShared(
                request.KeyId,
                caller,
                "RotateKeyOnDemand",
                (transaction, key) =>
                {
                    Keys.Usable(Keys.Rotatable(key));
                    CheckLimit(key);
                    return key.IsExternal ? Imported(transaction, key) : Made();
                }
            )
            .ConfigureAwait(false);
        return new(key.Arn);
    }

    private Func<KmsKey, KmsKey> Made()
    {
        var material = keys.NewMaterial("ON_DEMAND");
        return each => each with { Materials = [.. each.Materials, material] };
    }

    /// <summary>"You must have already imported new key material and that key material's state should be PENDING_ROTATION."</summary>
    private Func<KmsKey, KmsKey> Imported(Transaction transaction, KmsKey key)
    {
        var now = keys.Clock.GetUtcNow();
        return key.IsReplica || (key.Materials[^1].IsPendingRotation && keys.Related.AllHavePending(transaction, key))
            ? each =>
                each with
                {
                    Materials =
                    [
                        .. each.Materials.SkipLast(1),
                        each.Materials[^1] with
                        {
                            IsPendingRotation = false,
                            RotationType = "ON_DEMAND",
                            Since = now,
                        },
                    ],
                }
            : throw KmsErrors.InvalidState($"{key.Arn} has no key material that is pending rotation.");
    }

    private static void CheckLimit(KmsKey key)
    {
        if (key.Materials.Count(material => material.RotationType == "ON_DEMAND") >= Most)
        {
            throw new AwsException(
                "LimitExceededException",
                "The on-demand rotations limit has been reached for the given keyId. "
                    + $"No more on-demand rotations can be performed for this key: {key.Arn}"
            );
        }
    }
}
