using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DecryptRequest(
    byte[]? CiphertextBlob,
    Dictionary<string, string>? EncryptionContext,
    IReadOnlyList<string>? GrantTokens,
    string? KeyId,
    string? EncryptionAlgorithm,
    bool? DryRun
) : IKeyRequest;

internal sealed record DecryptResponse(string KeyId, byte[] Plaintext, string EncryptionAlgorithm, string? KeyMaterialId);

/// <summary>Opens a ciphertext: a symmetric one names its key itself, one under a public key does not.</summary>
internal sealed class Decrypt(Keys keys)
{
    public DecryptResponse Run(DecryptRequest request, Caller caller)
    {
        new Checks()
            .Required("ciphertextBlob", request.CiphertextBlob)
            .Blob("ciphertextBlob", request.CiphertextBlob, 1, 6144)
            .Text("keyId", request.KeyId, 1, 2048)
            .OneOf("encryptionAlgorithm", request.EncryptionAlgorithm, KeySpecs.EncryptionAlgorithmNames)
            .GrantTokens(request.GrantTokens)
            .Throw();
        var algorithm = request.EncryptionAlgorithm ?? KeySpecs.Symmetric;
        var (key, material, plaintext) = Open(
            keys,
            request.CiphertextBlob!,
            algorithm,
            request.EncryptionContext,
            request.KeyId,
            caller,
            "Decrypt"
        );
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(key.Arn, plaintext, algorithm, material);
    }

    /// <param name="keyId">The key that the caller expects, or null for whichever it is.</param>
    public static (KmsKey Key, string? MaterialId, byte[] Plaintext) Open(
        Keys keys,
        byte[] ciphertext,
        string algorithm,
        Dictionary<string, string>? context,
        string? keyId,
        Caller caller,
        string action
    )
    {
        var expected = keyId is null ? null : keys.ForUsers(keyId, caller, action);
        if (expected is not null)
        {
            // AWS says first that the text is of another key, whatever that key is for (recorded 13-04-2023).
            if (algorithm == KeySpecs.Symmetric && CiphertextBlob.IsOfAnother(ciphertext, expected.KeyId))
            {
                throw KmsErrors.IncorrectKey();
            }

            Keys.CheckUsage(expected, action, KeySpecs.EncryptDecrypt);
            KeySpecs.CheckAlgorithm(expected, algorithm, KeySpecs.EncryptionAlgorithms(expected));
        }

        if (algorithm != KeySpecs.Symmetric)
        {
            Encrypt.CheckNoContext(algorithm, context);
            var pair = expected ?? throw KmsErrors.Invalid($"KeyId is required with the encryption algorithm {algorithm}.");
            return (pair, null, OpenWithPair(keys, pair, algorithm, ciphertext));
        }

        var opened = keys.Decrypt(ciphertext, context, caller.Scope);
        return opened.Key.Manager == KmsKey.Customer
            ? (opened.Key, opened.Material.Id, opened.Plaintext)
            : throw KmsErrors.Denied(caller, action, opened.Key.Arn);
    }

    private static byte[] OpenWithPair(Keys keys, KmsKey key, string algorithm, byte[] ciphertext)
    {
        try
        {
            return KeyPairs.Decrypt(keys.Secret(key), algorithm, ciphertext);
        }
        catch (CryptographicException)
        {
            throw KmsErrors.InvalidCiphertext();
        }
    }
}
