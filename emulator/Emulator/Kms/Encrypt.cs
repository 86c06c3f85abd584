using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record EncryptRequest(
    string? KeyId,
    byte[]? Plaintext,
    Dictionary<string, string>? EncryptionContext,
    IReadOnlyList<string>? GrantTokens,
    string? EncryptionAlgorithm,
    bool? DryRun
);

internal sealed record EncryptResponse(byte[] CiphertextBlob, string KeyId, string EncryptionAlgorithm);

/// <summary>Encrypts up to 4096 bytes directly under a key.</summary>
internal sealed class Encrypt(Keys keys)
{
    public const string Algorithm = "SYMMETRIC_DEFAULT";
    private const int Most = 4096;

    public EncryptResponse Run(EncryptRequest request, Caller caller)
    {
        var plaintext = KmsErrors.Required(request.Plaintext, "plaintext");
        if (plaintext.Length is 0 or > Most)
        {
            throw KmsErrors.Invalid(
                "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length "
                    + (plaintext.Length == 0 ? "greater than or equal to 1" : $"less than or equal to {Most}")
            );
        }

        CheckAlgorithm(request.EncryptionAlgorithm);
        var key = keys.ForUsers(request.KeyId, caller, "Encrypt");
        var ciphertext = keys.Encrypt(key, plaintext, request.EncryptionContext);
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(ciphertext, key.Arn, Algorithm);
    }

    /// <summary>Symmetric keys know one algorithm.</summary>
    public static void CheckAlgorithm(string? algorithm)
    {
        if (algorithm is not (null or Algorithm))
        {
            throw new AwsException(
                "InvalidKeyUsageException",
                $"The key spec {Algorithm} does not support the encryption algorithm {algorithm}."
            );
        }
    }
}
