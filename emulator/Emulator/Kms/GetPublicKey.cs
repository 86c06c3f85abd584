using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GetPublicKeyRequest(string? KeyId, IReadOnlyList<string>? GrantTokens) : IKeyRequest;

internal sealed record GetPublicKeyResponse(
    string KeyId,
    byte[] PublicKey,
    string CustomerMasterKeySpec,
    string KeySpec,
    string KeyUsage,
    IReadOnlyList<string>? EncryptionAlgorithms,
    IReadOnlyList<string>? SigningAlgorithms,
    IReadOnlyList<string>? KeyAgreementAlgorithms
);

/// <summary>The public half of a key pair.</summary>
internal sealed class GetPublicKey(Keys keys)
{
    public GetPublicKeyResponse Run(GetPublicKeyRequest request, Caller caller)
    {
        new Checks().Key(request.KeyId).GrantTokens(request.GrantTokens).Throw();
        var key = keys.ForUsers(request.KeyId, caller, "GetPublicKey");
        return KeySpecs.IsAsymmetric(key.KeySpec)
            ? new(
                key.Arn,
                Keys.PublicKey(key),
                key.KeySpec,
                key.KeySpec,
                key.KeyUsage,
                KeySpecs.EncryptionAlgorithms(key),
                KeySpecs.SigningAlgorithms(key),
                KeySpecs.KeyAgreementAlgorithms(key)
            )
            : throw KmsErrors.Unsupported();
    }
}
