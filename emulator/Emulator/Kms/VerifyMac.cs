using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record VerifyMacRequest(
    byte[]? Message,
    string? KeyId,
    string? MacAlgorithm,
    byte[]? Mac,
    IReadOnlyList<string>? GrantTokens,
    bool? DryRun
) : IKeyRequest;

internal sealed record VerifyMacResponse(string KeyId, bool MacValid, string MacAlgorithm);

/// <summary>Checks an HMAC; one that is not the key's is an error, not an answer.</summary>
internal sealed class VerifyMac(Keys keys)
{
    public VerifyMacResponse Run(VerifyMacRequest request, Caller caller)
    {
        GenerateMac
            .Check(request.Message, request.KeyId, request.MacAlgorithm)
            .Required("mac", request.Mac)
            .Blob("mac", request.Mac, 1, 6144)
            .GrantTokens(request.GrantTokens)
            .Throw();
        var key = GenerateMac.KeyFor(keys, request.KeyId, request.MacAlgorithm!, caller, "VerifyMac");
        var mac = Macs.Compute(request.MacAlgorithm!, keys.Secret(key), request.Message!);
        return !CryptographicOperations.FixedTimeEquals(mac, request.Mac) ? throw KmsErrors.InvalidMac()
            : request.DryRun == true ? throw KmsErrors.DryRun()
            : new(key.Arn, true, request.MacAlgorithm!);
    }
}
