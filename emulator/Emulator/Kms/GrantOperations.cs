using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Kms;

/// <summary>What grants can allow, and for which keys.</summary>
/// <remarks>"Grant operations", https://docs.aws.amazon.com/kms/latest/developerguide/grants.html</remarks>
internal static class GrantOperations
{
    public static readonly IReadOnlyList<string> All =
    [
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
        "Sign",
        "Verify",
        "GetPublicKey",
        "CreateGrant",
        "RetireGrant",
        "DescribeKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateMac",
        "VerifyMac",
        "DeriveSharedSecret",
    ];

    /// <exception cref="AwsException">ValidationException: the grant is none that the key can keep.</exception>
    public static void Check(KmsKey key, IReadOnlyList<string> operations, GrantConstraints? constraints)
    {
        if (operations.FirstOrDefault(operation => !IsFor(key, operation)) is { } wrong)
        {
            throw KmsErrors.Invalid($"Operation {wrong} is not supported for key {key.Arn} with key usage {key.KeyUsage}.");
        }

        if (constraints is not null && !key.IsSymmetric)
        {
            throw KmsErrors.Invalid($"Grant constraints are not supported for key {key.Arn} with key spec {key.KeySpec}.");
        }
    }

    private static bool IsFor(KmsKey key, string operation) =>
        operation switch
        {
            "CreateGrant" or "RetireGrant" or "DescribeKey" => true,
            "GetPublicKey" => KeySpecs.IsAsymmetric(key.KeySpec),
            "Sign" or "Verify" => key.KeyUsage == KeySpecs.SignVerify,
            "GenerateMac" or "VerifyMac" => key.KeyUsage == KeySpecs.GenerateVerifyMac,
            "DeriveSharedSecret" => key.KeyUsage == KeySpecs.KeyAgreement,
            "Encrypt" or "Decrypt" or "ReEncryptFrom" or "ReEncryptTo" => key.KeyUsage == KeySpecs.EncryptDecrypt,
            _ => key.IsSymmetric,
        };
}
