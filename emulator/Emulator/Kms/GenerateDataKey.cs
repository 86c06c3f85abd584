using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GenerateDataKeyRequest(
    string? KeyId,
    Dictionary<string, string>? EncryptionContext,
    int? NumberOfBytes,
    string? KeySpec,
    IReadOnlyList<string>? GrantTokens,
    bool? DryRun
);

internal sealed record GenerateDataKeyResponse(byte[] CiphertextBlob, byte[]? Plaintext, string KeyId, string KeyMaterialId);

/// <summary>A new data key, in the clear and wrapped, or wrapped only.</summary>
internal sealed class GenerateDataKey(Keys keys)
{
    public GenerateDataKeyResponse Run(GenerateDataKeyRequest request, Caller caller)
    {
        var plaintext = RandomNumberGenerator.GetBytes(Size(request));
        var key = keys.ForUsers(request.KeyId, caller, "GenerateDataKey");
        var ciphertext = keys.Encrypt(key, plaintext, request.EncryptionContext);
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(ciphertext, plaintext, key.Arn, key.Materials[^1].Id);
    }

    public GenerateDataKeyResponse RunWithoutPlaintext(GenerateDataKeyRequest request, Caller caller) =>
        Run(request, caller) with
        {
            Plaintext = null,
        };

    private static int Size(GenerateDataKeyRequest request) =>
        (request.KeySpec, request.NumberOfBytes) switch
        {
            (null, null) => throw KmsErrors.Invalid("Please specify either number of bytes or key spec."),
            (not null, not null) => throw KmsErrors.Invalid("Please specify either number of bytes or key spec."),
            ("AES_256", _) => 32,
            ("AES_128", _) => 16,
            ({ } other, _) => throw KmsErrors.Constraint(other, "keySpec", "Member must satisfy enum value set: [AES_256, AES_128]"),
            (_, { } bytes) => GenerateRandom.Checked(bytes),
        };
}
