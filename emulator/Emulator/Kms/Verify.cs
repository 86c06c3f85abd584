using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record VerifyRequest(
    string? KeyId,
    byte[]? Message,
    string? MessageType,
    byte[]? Signature,
    string? SigningAlgorithm,
    IReadOnlyList<string>? GrantTokens,
    bool? DryRun
) : IKeyRequest;

internal sealed record VerifyResponse(string KeyId, bool SignatureValid, string SigningAlgorithm);

/// <summary>Checks a signature; one that is not the key's is an error, not an answer.</summary>
internal sealed class Verify(Keys keys)
{
    public VerifyResponse Run(VerifyRequest request, Caller caller)
    {
        Sign.Check(request.KeyId, request.Message, request.MessageType, request.SigningAlgorithm)
            .Required("signature", request.Signature)
            .Blob("signature", request.Signature, 1, 6144)
            .GrantTokens(request.GrantTokens)
            .Throw();
        var key = keys.ForUsers(request.KeyId, caller, "Verify", KeySpecs.SignVerify);
        var algorithm = request.SigningAlgorithm!;
        var digest = Sign.Digest(key, request.Message!, request.MessageType, algorithm);
        return !KeyPairs.Verify(Keys.PublicKey(key), algorithm, digest, request.Signature!) ? throw KmsErrors.InvalidSignature()
            : request.DryRun == true ? throw KmsErrors.DryRun()
            : new(key.Arn, true, algorithm);
    }
}
