using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DeleteImportedKeyMaterialRequest(string? KeyId, string? KeyMaterialId) : IKeyRequest;

internal sealed record DeleteImportedKeyMaterialResponse(string KeyId, string? KeyMaterialId);

/// <summary>Takes imported material out of a key, which waits for it from then on.</summary>
internal sealed class DeleteImportedKeyMaterial(Keys keys)
{
    public async Task<DeleteImportedKeyMaterialResponse> Run(
        DeleteImportedKeyMaterialRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        new Checks().Key(request.KeyId).Text("keyMaterialId", request.KeyMaterialId, 64, 64).Throw();
        string? deleted = null;
        var key = await keys
            .Database.Write(transaction =>
            {
                var found = Keys.Importing(keys.Customers(transaction, request.KeyId, caller, "DeleteImportedKeyMaterial"));
                var at = request.KeyMaterialId is { } id
                    ? found.Materials.ToList().FindIndex(material => material.Id == id)
                    : found.Current;
                if (at < 0)
                {
                    return request.KeyMaterialId is null ? found : throw KmsErrors.NoMaterial(request.KeyMaterialId);
                }

                var material = found.Materials[at];
                deleted = material.Id;
                var changed = Imported.Without(found, at);
                keys.Put(transaction, changed);
                if (material.IsPendingRotation)
                {
                    keys.Related.DropPending(transaction, found, material.Id);
                }

                transaction.AfterCommit(() => keys.Forget(found));
                return changed;
            })
            .ConfigureAwait(false);
        return new(key.Arn, key.IsSymmetric ? deleted : null);
    }
}
