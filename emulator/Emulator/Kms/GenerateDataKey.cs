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
) : IKeyRequest;

internal sealed record GenerateDataKeyResponse(byte[] CiphertextBlob, byte[]? Plaintext, string KeyId, string? KeyMaterialId);

/// <summary>A new data key, in the clear and wrapped, or wrapped only.</summary>
internal sealed class GenerateDataKey(Keys keys)
{
    private static readonly string[] Specs = ["AES_256", "AES_128"];

    public GenerateDataKeyResponse Run(GenerateDataKeyRequest request, Caller caller) => Make(request, caller, "GenerateDataKey");

    public GenerateDataKeyResponse RunWithoutPlaintext(GenerateDataKeyRequest request, Caller caller) =>
        Make(request, caller, "GenerateDataKeyWithoutPlaintext") with
        {
            Plaintext = null,
        };

    private GenerateDataKeyResponse Make(GenerateDataKeyRequest request, Caller caller, string operation)
    {
        new Checks()
            .Key(request.KeyId)
            .Range("numberOfBytes", request.NumberOfBytes, 1, 1024)
            .OneOf("keySpec", request.KeySpec, Specs)
            .GrantTokens(request.GrantTokens)
            .Throw();
        var plaintext = RandomNumberGenerator.GetBytes(Size(request));
        var key = Keys.Symmetric(keys.ForUsers(request.KeyId, caller, operation, KeySpecs.EncryptDecrypt));
        var ciphertext = keys.Encrypt(key, plaintext, request.EncryptionContext);
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(ciphertext, plaintext, key.Arn, key.CurrentKeyMaterialId);
    }

    private static int Size(GenerateDataKeyRequest request) =>
        (request.KeySpec, request.NumberOfBytes) switch
        {
            (null, null) or (not null, not null) => throw KmsErrors.Invalid("Please specify either number of bytes or key spec."),
            ("AES_128", _) => 16,
            (null, { } bytes) => bytes,
            _ => 32,
        };
}
