using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GenerateMacRequest(
    byte[]? Message,
    string? KeyId,
    string? MacAlgorithm,
    IReadOnlyList<string>? GrantTokens,
    bool? DryRun
) : IKeyRequest;

internal sealed record GenerateMacResponse(byte[] Mac, string MacAlgorithm, string KeyId);

/// <summary>The HMAC of a message under a key.</summary>
internal sealed class GenerateMac(Keys keys)
{
    public GenerateMacResponse Run(GenerateMacRequest request, Caller caller)
    {
        Check(request.Message, request.KeyId, request.MacAlgorithm).GrantTokens(request.GrantTokens).Throw();
        var key = KeyFor(keys, request.KeyId, request.MacAlgorithm!, caller, "GenerateMac");
        var mac = Macs.Compute(request.MacAlgorithm!, keys.Secret(key), request.Message!);
        return request.DryRun == true ? throw KmsErrors.DryRun() : new(mac, request.MacAlgorithm!, key.Arn);
    }

    /// <summary>What GenerateMac and VerifyMac have in common.</summary>
    public static Checks Check(byte[]? message, string? keyId, string? algorithm) =>
        new Checks()
            .Required("message", message)
            .Blob("message", message, 1, 4096)
            .Key(keyId)
            .Required("macAlgorithm", algorithm)
            .OneOf("macAlgorithm", algorithm, KeySpecs.MacAlgorithmNames);

    public static KmsKey KeyFor(Keys keys, string? keyId, string algorithm, Caller caller, string operation)
    {
        var key = keys.ForUsers(keyId, caller, operation, KeySpecs.GenerateVerifyMac);
        KeySpecs.CheckAlgorithm(key, algorithm, KeySpecs.MacAlgorithms(key));
        return key;
    }
}
