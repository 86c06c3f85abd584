using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record EncryptRequest(
    string? KeyId,
    byte[]? Plaintext,
    Dictionary<string, string>? EncryptionContext,
    IReadOnlyList<string>? GrantTokens,
    string? EncryptionAlgorithm,
    bool? DryRun
) : IKeyRequest;

internal sealed record EncryptResponse(byte[] CiphertextBlob, string KeyId, string EncryptionAlgorithm);

/// <summary>Encrypts up to 4096 bytes directly under a key; under a public key what its padding leaves.</summary>
internal sealed class Encrypt(Keys keys)
{
    private const int Most = 4096;

    public EncryptResponse Run(EncryptRequest request, Caller caller)
    {
        new Checks()
            .Key(request.KeyId)
            .Required("plaintext", request.Plaintext)
            .Blob("plaintext", request.Plaintext, 1, Most)
            .OneOf("encryptionAlgorithm", request.EncryptionAlgorithm, KeySpecs.EncryptionAlgorithmNames)
            .GrantTokens(request.GrantTokens)
            .Throw();
        var key = keys.ForUsers(request.KeyId, caller, "Encrypt", KeySpecs.EncryptDecrypt);
        var algorithm = request.EncryptionAlgorithm ?? KeySpecs.Symmetric;
        var ciphertext = Seal(keys, key, algorithm, request.Plaintext!, request.EncryptionContext);
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(ciphertext, key.Arn, algorithm);
    }

    /// <exception cref="AwsException">InvalidKeyUsageException: the key does not know the algorithm. ValidationException.</exception>
    public static byte[] Seal(Keys keys, KmsKey key, string algorithm, byte[] plaintext, Dictionary<string, string>? context)
    {
        KeySpecs.CheckAlgorithm(key, algorithm, KeySpecs.EncryptionAlgorithms(key));
        if (key.IsSymmetric)
        {
            return keys.Encrypt(key, plaintext, context);
        }

        CheckNoContext(algorithm, context);
        var most = KeyPairs.LargestPlaintext(key.KeySpec, algorithm);
        return plaintext.Length <= most
            ? KeyPairs.Encrypt(Keys.PublicKey(key), algorithm, plaintext)
            : throw KmsErrors.Invalid($"Algorithm {algorithm} and key spec {key.KeySpec} cannot encrypt data larger than {most} bytes.");
    }

    /// <summary>Only the symmetric algorithm authenticates a context.</summary>
    public static void CheckNoContext(string algorithm, Dictionary<string, string>? context)
    {
        if (context is { Count: > 0 })
        {
            throw KmsErrors.Invalid($"EncryptionContext is not supported with the encryption algorithm {algorithm}.");
        }
    }
}
