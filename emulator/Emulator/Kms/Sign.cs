using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record SignRequest(
    string? KeyId,
    byte[]? Message,
    string? MessageType,
    IReadOnlyList<string>? GrantTokens,
    string? SigningAlgorithm,
    bool? DryRun
) : IKeyRequest;

internal sealed record SignResponse(string KeyId, byte[] Signature, string SigningAlgorithm);

/// <summary>Signs a message, or the digest of one, with a key's private half.</summary>
internal sealed class Sign(Keys keys)
{
    private static readonly string[] MessageTypes = ["RAW", "DIGEST", "EXTERNAL_MU"];

    public SignResponse Run(SignRequest request, Caller caller)
    {
        Check(request.KeyId, request.Message, request.MessageType, request.SigningAlgorithm).GrantTokens(request.GrantTokens).Throw();
        var key = keys.ForUsers(request.KeyId, caller, "Sign", KeySpecs.SignVerify);
        var digest = Digest(key, request.Message!, request.MessageType, request.SigningAlgorithm!);
        var signature = KeyPairs.Sign(keys.Secret(key), request.SigningAlgorithm!, digest);
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(key.Arn, signature, request.SigningAlgorithm!);
    }

    /// <summary>What Sign and Verify have in common.</summary>
    public static Checks Check(string? keyId, byte[]? message, string? messageType, string? algorithm) =>
        new Checks()
            .Key(keyId)
            .Required("message", message)
            .Blob("message", message, 1, 4096)
            .OneOf("messageType", messageType, MessageTypes)
            .Required("signingAlgorithm", algorithm)
            .OneOf("signingAlgorithm", algorithm, KeySpecs.SigningAlgorithmNames);

    /// <summary>What is signed: the algorithm, the message's type and its size must be right for the key.</summary>
    /// <exception cref="AwsException">InvalidKeyUsageException or ValidationException.</exception>
    public static byte[] Digest(KmsKey key, byte[] message, string? messageType, string algorithm)
    {
        KeySpecs.CheckAlgorithm(key, algorithm, KeySpecs.SigningAlgorithms(key));
        return messageType switch
        {
            null or "RAW" => KeyPairs.Digest(algorithm, message),
            "DIGEST" when message.Length == KeyPairs.DigestSize(algorithm) => message,
            "DIGEST" => throw KmsErrors.Invalid($"Digest is invalid length for algorithm {algorithm}."),
            _ => throw KmsErrors.Invalid($"Message type {messageType} is incompatible with key spec {key.KeySpec}."),
        };
    }
}
