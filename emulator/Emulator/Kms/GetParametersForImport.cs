using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GetParametersForImportRequest(string? KeyId, string? WrappingAlgorithm, string? WrappingKeySpec) : IKeyRequest;

internal sealed record GetParametersForImportResponse(string KeyId, byte[] ImportToken, byte[] PublicKey, DateTimeOffset ParametersValidTo);

/// <summary>A public key to wrap material with, and the token that goes with it; good for 24 hours.</summary>
internal sealed class GetParametersForImport(Keys keys)
{
    private static readonly TimeSpan Validity = TimeSpan.FromHours(24);

    private static readonly string[] Algorithms =
    [
        "RSAES_PKCS1_V1_5",
        "RSAES_OAEP_SHA_1",
        "RSAES_OAEP_SHA_256",
        "RSA_AES_KEY_WRAP_SHA_1",
        "RSA_AES_KEY_WRAP_SHA_256",
        "SM2PKE",
    ];

    private static readonly string[] Specs = ["RSA_2048", "RSA_3072", "RSA_4096", "SM2"];

    public GetParametersForImportResponse Run(GetParametersForImportRequest request, Caller caller)
    {
        Check(request);
        var key = Keys.NotPendingDeletion(Keys.Importing(keys.CustomersByIdOrArn(request.KeyId, caller, "GetParametersForImport")));
        CheckDone(request);
        using var pair = RSA.Create(KeyPairs.Modulus(request.WrappingKeySpec!));
        var validTo = keys.Clock.GetUtcNow() + Validity;
        var token = new ImportToken(key.KeyId, request.WrappingAlgorithm!, validTo, pair.ExportPkcs8PrivateKey());
        return new(key.Arn, keys.ImportTokens.Seal(token), pair.ExportSubjectPublicKeyInfo(), validTo);
    }

    private static void Check(GetParametersForImportRequest request) =>
        new Checks()
            .Key(request.KeyId)
            .Required("wrappingAlgorithm", request.WrappingAlgorithm)
            .OneOf("wrappingAlgorithm", request.WrappingAlgorithm, Algorithms)
            .Required("wrappingKeySpec", request.WrappingKeySpec)
            .OneOf("wrappingKeySpec", request.WrappingKeySpec, Specs)
            .Throw();

    /// <remarks>"As of October 10, 2023, AWS KMS does not support the RSAES_PKCS1_V1_5 wrapping algorithm."</remarks>
    private static void CheckDone(GetParametersForImportRequest request)
    {
        if (request.WrappingAlgorithm == "RSAES_PKCS1_V1_5")
        {
            throw KmsErrors.Unsupported("The RSAES_PKCS1_V1_5 wrapping algorithm is not supported.");
        }

        if (request.WrappingAlgorithm == "SM2PKE" || request.WrappingKeySpec == "SM2")
        {
            throw AwsException.NotImplemented("wrapping key material with SM2");
        }
    }
}
