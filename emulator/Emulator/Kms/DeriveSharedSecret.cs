using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record DeriveSharedSecretRequest(
    string? KeyId,
    string? KeyAgreementAlgorithm,
    byte[]? PublicKey,
    IReadOnlyList<string>? GrantTokens,
    bool? DryRun
) : IKeyRequest;

internal sealed record DeriveSharedSecretResponse(string KeyId, byte[] SharedSecret, string KeyAgreementAlgorithm, string KeyOrigin);

/// <summary>The secret that a key's private half and a peer's public one have in common (elliptic-curve Diffie-Hellman).</summary>
internal sealed class DeriveSharedSecret(Keys keys)
{
    public DeriveSharedSecretResponse Run(DeriveSharedSecretRequest request, Caller caller)
    {
        new Checks()
            .Key(request.KeyId)
            .Required("keyAgreementAlgorithm", request.KeyAgreementAlgorithm)
            .OneOf("keyAgreementAlgorithm", request.KeyAgreementAlgorithm, "ECDH")
            .Required("publicKey", request.PublicKey)
            .Blob("publicKey", request.PublicKey, 1, 8192)
            .GrantTokens(request.GrantTokens)
            .Throw();
        var key = keys.ForUsers(request.KeyId, caller, "DeriveSharedSecret", KeySpecs.KeyAgreement);
        var secret =
            KeyPairs.Agree(key.KeySpec, keys.Secret(key), request.PublicKey!)
            ?? throw KmsErrors.Invalid($"The public key is not a valid public key for key spec {key.KeySpec}.");
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(key.Arn, secret, request.KeyAgreementAlgorithm!, key.Origin);
    }
}
