namespace Disa.Emulator.Kms;

/// <summary>What keys of each spec can be used for, and with which algorithms.</summary>
/// <remarks>https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html</remarks>
internal static class KeySpecs
{
    public const string Symmetric = "SYMMETRIC_DEFAULT";
    public const string EncryptDecrypt = "ENCRYPT_DECRYPT";
    public const string SignVerify = "SIGN_VERIFY";
    public const string GenerateVerifyMac = "GENERATE_VERIFY_MAC";
    public const string KeyAgreement = "KEY_AGREEMENT";

    /// <summary>In the order of AWS's own message.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "RSA_2048",
        "ECC_NIST_P384",
        "ECC_NIST_P256",
        "ECC_NIST_P521",
        "HMAC_384",
        "RSA_3072",
        "ECC_SECG_P256K1",
        "RSA_4096",
        Symmetric,
        "HMAC_256",
        "HMAC_224",
        "HMAC_512",
    ];

    /// <summary>Those that AWS has and .NET cannot do on every machine.</summary>
    public static readonly IReadOnlyList<string> Undone = ["SM2", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "ECC_NIST_EDWARDS25519"];

    public static readonly IReadOnlyList<string> AllUsages = [EncryptDecrypt, SignVerify, GenerateVerifyMac, KeyAgreement];

    public static readonly IReadOnlyList<string> EncryptionAlgorithmNames = [Symmetric, "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE"];

    public static readonly IReadOnlyList<string> SigningAlgorithmNames =
    [
        "RSASSA_PSS_SHA_256",
        "RSASSA_PSS_SHA_384",
        "RSASSA_PSS_SHA_512",
        "RSASSA_PKCS1_V1_5_SHA_256",
        "RSASSA_PKCS1_V1_5_SHA_384",
        "RSASSA_PKCS1_V1_5_SHA_512",
        "ECDSA_SHA_256",
        "ECDSA_SHA_384",
        "ECDSA_SHA_512",
        "SM2DSA",
        "ML_DSA_SHAKE_256",
        "ED25519_SHA_512",
        "ED25519_PH_SHA_512",
    ];

    public static readonly IReadOnlyList<string> MacAlgorithmNames = ["HMAC_SHA_384", "HMAC_SHA_256", "HMAC_SHA_224", "HMAC_SHA_512"];

    /// <summary>Of data key pairs.</summary>
    public static readonly IReadOnlyList<string> PairSpecs = [.. All.Where(IsAsymmetric)];

    private static readonly IReadOnlyList<string> Ecdh = ["ECDH"];
    private static readonly IReadOnlyList<string> OaepAlgorithms = ["RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256"];
    private static readonly IReadOnlyList<string> SymmetricAlgorithms = [Symmetric];
    private static readonly IReadOnlyList<string> RsaSigning =
    [
        "RSASSA_PKCS1_V1_5_SHA_256",
        "RSASSA_PKCS1_V1_5_SHA_384",
        "RSASSA_PKCS1_V1_5_SHA_512",
        "RSASSA_PSS_SHA_256",
        "RSASSA_PSS_SHA_384",
        "RSASSA_PSS_SHA_512",
    ];

    /// <summary>Null of a spec that is refused by its name, not as a wrong value.</summary>
    public static string? Done(string? spec) => Undone.Contains(spec) ? null : spec;

    public static bool IsRsa(string spec) => spec.StartsWith("RSA_", StringComparison.Ordinal);

    public static bool IsMac(string spec) => spec.StartsWith("HMAC_", StringComparison.Ordinal);

    /// <summary>Whether keys of it have a public half.</summary>
    public static bool IsAsymmetric(string spec) => spec != Symmetric && !IsMac(spec);

    public static IReadOnlyList<string> Usages(string spec) =>
        spec switch
        {
            Symmetric => [EncryptDecrypt],
            "ECC_SECG_P256K1" => [SignVerify],
            _ when IsMac(spec) => [GenerateVerifyMac],
            _ when IsRsa(spec) => [EncryptDecrypt, SignVerify],
            _ => [SignVerify, KeyAgreement],
        };

    public static IReadOnlyList<string>? EncryptionAlgorithms(KmsKey key) =>
        key.KeyUsage != EncryptDecrypt ? null
        : key.IsSymmetric ? SymmetricAlgorithms
        : OaepAlgorithms;

    public static IReadOnlyList<string>? SigningAlgorithms(KmsKey key) =>
        key.KeyUsage != SignVerify
            ? null
            : key.KeySpec switch
            {
                "ECC_NIST_P384" => ["ECDSA_SHA_384"],
                "ECC_NIST_P521" => ["ECDSA_SHA_512"],
                _ when IsRsa(key.KeySpec) => RsaSigning,
                _ => ["ECDSA_SHA_256"],
            };

    public static IReadOnlyList<string>? KeyAgreementAlgorithms(KmsKey key) => key.KeyUsage == KeyAgreement ? Ecdh : null;

    public static IReadOnlyList<string>? MacAlgorithms(KmsKey key) =>
        key.KeyUsage == GenerateVerifyMac ? [$"HMAC_SHA_{key.KeySpec["HMAC_".Length..]}"] : null;

    /// <exception cref="Aws.AwsException">InvalidKeyUsageException.</exception>
    public static void CheckAlgorithm(KmsKey key, string algorithm, IReadOnlyList<string>? supported)
    {
        if (supported?.Contains(algorithm) != true)
        {
            throw KmsErrors.IncompatibleAlgorithm(algorithm, key.KeySpec);
        }
    }
}
