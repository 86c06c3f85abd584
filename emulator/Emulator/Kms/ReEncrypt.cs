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
    string? SourceKeyMaterialId,
    string? DestinationKeyMaterialId
);

/// <summary>Opens a ciphertext and seals it under another key or context; the plaintext stays inside.</summary>
internal sealed class ReEncrypt(Keys keys)
{
    public ReEncryptResponse Run(ReEncryptRequest request, Caller caller)
    {
        Check(request);
        var from = request.SourceEncryptionAlgorithm ?? KeySpecs.Symmetric;
        var to = request.DestinationEncryptionAlgorithm ?? KeySpecs.Symmetric;
        var (source, material, plaintext) = Decrypt.Open(
            keys,
            request.CiphertextBlob!,
            from,
            request.SourceEncryptionContext,
            request.SourceKeyId,
            caller,
            "ReEncryptFrom"
        );
        var destination = keys.ForUsers(request.DestinationKeyId, caller, "ReEncryptTo", KeySpecs.EncryptDecrypt);
        var ciphertext = Encrypt.Seal(keys, destination, to, plaintext, request.DestinationEncryptionContext);
        return request.DryRun == true
            ? throw KmsErrors.DryRun()
            : new(ciphertext, source.Arn, destination.Arn, from, to, material, destination.CurrentKeyMaterialId);
    }

    private static void Check(ReEncryptRequest request) =>
        new Checks()
            .Required("ciphertextBlob", request.CiphertextBlob)
            .Blob("ciphertextBlob", request.CiphertextBlob, 1, 6144)
            .Text("sourceKeyId", request.SourceKeyId, 1, 2048)
            .Key(request.DestinationKeyId, "destinationKeyId")
            .OneOf("sourceEncryptionAlgorithm", request.SourceEncryptionAlgorithm, KeySpecs.EncryptionAlgorithmNames)
            .OneOf("destinationEncryptionAlgorithm", request.DestinationEncryptionAlgorithm, KeySpecs.EncryptionAlgorithmNames)
            .GrantTokens(request.GrantTokens)
            .Throw();
}
