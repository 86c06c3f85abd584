using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ReEncryptRequest(
    byte[]? CiphertextBlob,
    Dictionary<string, string>? SourceEncryptionContext,
    string? SourceKeyId,
    string? DestinationKeyId,
    Dictionary<string, string>? DestinationEncryptionContext,
    string? SourceEncryptionAlgorithm,
    string? DestinationEncryptionAlgorithm,
    IReadOnlyList<string>? GrantTokens,
    bool? DryRun
);

internal sealed record ReEncryptResponse(
    byte[] CiphertextBlob,
    string SourceKeyId,
    string KeyId,
    string SourceEncryptionAlgorithm,
    string DestinationEncryptionAlgorithm,
    string SourceKeyMaterialId,
    string DestinationKeyMaterialId
);

/// <summary>Opens a ciphertext and seals it under another key or context; the plaintext stays inside.</summary>
internal sealed class ReEncrypt(Keys keys)
{
    public ReEncryptResponse Run(ReEncryptRequest request, Caller caller)
    {
        Encrypt.CheckAlgorithm(request.SourceEncryptionAlgorithm);
        Encrypt.CheckAlgorithm(request.DestinationEncryptionAlgorithm);
        var (source, material, plaintext) = Decrypt.Open(
            keys,
            request.CiphertextBlob,
            request.SourceEncryptionContext,
            request.SourceKeyId,
            caller,
            "ReEncryptFrom"
        );
        var destination = keys.ForUsers(KmsErrors.Required(request.DestinationKeyId, "destinationKeyId"), caller, "ReEncryptTo");
        var ciphertext = keys.Encrypt(destination, plaintext, request.DestinationEncryptionContext);
        return request.DryRun == true
            ? throw KmsErrors.DryRun()
            : new(ciphertext, source.Arn, destination.Arn, Encrypt.Algorithm, Encrypt.Algorithm, material.Id, destination.Materials[^1].Id);
    }
}
