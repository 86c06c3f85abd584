using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DecryptRequest(
    byte[]? CiphertextBlob,
    Dictionary<string, string>? EncryptionContext,
    IReadOnlyList<string>? GrantTokens,
    string? KeyId,
    string? EncryptionAlgorithm,
    bool? DryRun
);

internal sealed record DecryptResponse(string KeyId, byte[] Plaintext, string EncryptionAlgorithm, string KeyMaterialId);

/// <summary>Opens a ciphertext with the key that it names.</summary>
internal sealed class Decrypt(Keys keys)
{
    public DecryptResponse Run(DecryptRequest request, Caller caller)
    {
        Encrypt.CheckAlgorithm(request.EncryptionAlgorithm);
        var (key, material, plaintext) = Open(keys, request.CiphertextBlob, request.EncryptionContext, request.KeyId, caller, "Decrypt");
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(key.Arn, plaintext, Encrypt.Algorithm, material.Id);
    }

    /// <param name="keyId">The key that the caller expects, or null for whichever it is.</param>
    public static (KmsKey Key, KeyMaterial Material, byte[] Plaintext) Open(
        Keys keys,
        byte[]? ciphertext,
        Dictionary<string, string>? context,
        string? keyId,
        Caller caller,
        string action
    )
    {
        var blob = KmsErrors.Required(ciphertext, "ciphertextBlob");
        var expected = keyId is null ? null : keys.ForUsers(keyId, caller, action);
        if (expected is not null && CiphertextBlob.Parse(blob).KeyId.ToString() != expected.KeyId)
        {
            throw KmsErrors.IncorrectKey();
        }

        var opened = keys.Decrypt(blob, context, caller.Scope);
        return opened.Key.Manager == KmsKey.Customer ? opened : throw KmsErrors.Denied(caller, action, opened.Key.Arn);
    }
}
