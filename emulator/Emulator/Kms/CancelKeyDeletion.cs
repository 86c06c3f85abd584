using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record CancelKeyDeletionRequest(string? KeyId) : IKeyRequest;

internal sealed record CancelKeyDeletionResponse(string KeyId);

/// <summary>Saves a key from its scheduled deletion; it is disabled afterwards.</summary>
internal sealed class CancelKeyDeletion(Keys keys)
{
    public async Task<CancelKeyDeletionResponse> Run(CancelKeyDeletionRequest request, Caller caller, CancellationToken cancellation)
    {
        var key = await keys.Change(
                request.KeyId,
                caller,
                "CancelKeyDeletion",
                key =>
                    key.IsPendingDeletion
                        ? key with
                        {
                            State = key.HasAllMaterial ? KmsKey.Disabled : KmsKey.PendingImport,
                            DeletionDate = null,
                            PendingWindowInDays = null,
                        }
                        : throw KmsErrors.NotPendingDeletion(key.Arn)
            )
            .ConfigureAwait(false);
        return new(key.Arn);
    }
}
