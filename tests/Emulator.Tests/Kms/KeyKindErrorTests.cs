using static Disa.Emulator.Tests.Kms.KmsCalls;

namespace Disa.Emulator.Tests.Kms;

/// <summary>What a key of one kind refuses that another can.</summary>
/// <remarks>
/// API reference of each operation, "Key states of AWS KMS keys", and AWS's answers as people reported them: <c>key usage is … which is not
/// valid for …</c>, <c>Algorithm … is incompatible with key spec …</c>, <c>Digest is invalid length for algorithm …</c>.
/// </remarks>
public sealed class KeyKindErrorTests
{
    private const string Sign = "\"KeySpec\":\"ECC_NIST_P256\",\"KeyUsage\":\"SIGN_VERIFY\"";
    private const string RsaSign = "\"KeySpec\":\"RSA_2048\",\"KeyUsage\":\"SIGN_VERIFY\"";
    private const string Rsa = "\"KeySpec\":\"RSA_2048\",\"KeyUsage\":\"ENCRYPT_DECRYPT\"";
    private const string Agree = "\"KeySpec\":\"ECC_NIST_P256\",\"KeyUsage\":\"KEY_AGREEMENT\"";
    private const string Mac = "\"KeySpec\":\"HMAC_256\",\"KeyUsage\":\"GENERATE_VERIFY_MAC\"";

    [Theory]
    [InlineData(
        "",
        "Sign",
        """{"KeyId":"ID","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_256"}""",
        "InvalidKeyUsageException: ARN key usage is ENCRYPT_DECRYPT which is not valid for Sign."
    )]
    [InlineData(
        Rsa,
        "Verify",
        """{"KeyId":"ID","Message":"eA==","Signature":"eA==","SigningAlgorithm":"RSASSA_PSS_SHA_256"}""",
        "InvalidKeyUsageException: ARN key usage is ENCRYPT_DECRYPT which is not valid for Verify."
    )]
    [InlineData(
        Sign,
        "Encrypt",
        """{"KeyId":"ID","Plaintext":"eA=="}""",
        "InvalidKeyUsageException: ARN key usage is SIGN_VERIFY which is not valid for Encrypt."
    )]
    [InlineData(
        Mac,
        "Encrypt",
        """{"KeyId":"ID","Plaintext":"eA=="}""",
        "InvalidKeyUsageException: ARN key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt."
    )]
    [InlineData(
        Sign,
        "GenerateDataKey",
        """{"KeyId":"ID","KeySpec":"AES_256"}""",
        "InvalidKeyUsageException: ARN key usage is SIGN_VERIFY which is not valid for GenerateDataKey."
    )]
    [InlineData(
        Agree,
        "Sign",
        """{"KeyId":"ID","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_256"}""",
        "InvalidKeyUsageException: ARN key usage is KEY_AGREEMENT which is not valid for Sign."
    )]
    [InlineData(
        Sign,
        "DeriveSharedSecret",
        """{"KeyId":"ID","KeyAgreementAlgorithm":"ECDH","PublicKey":"eA=="}""",
        "InvalidKeyUsageException: ARN key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret."
    )]
    [InlineData(
        "",
        "GenerateMac",
        """{"KeyId":"ID","Message":"eA==","MacAlgorithm":"HMAC_SHA_256"}""",
        "InvalidKeyUsageException: ARN key usage is ENCRYPT_DECRYPT which is not valid for GenerateMac."
    )]
    [InlineData(
        Sign,
        "Sign",
        """{"KeyId":"ID","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_384"}""",
        "InvalidKeyUsageException: Algorithm ECDSA_SHA_384 is incompatible with key spec ECC_NIST_P256."
    )]
    [InlineData(
        Rsa,
        "Encrypt",
        """{"KeyId":"ID","Plaintext":"eA=="}""",
        "InvalidKeyUsageException: Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048."
    )]
    [InlineData(
        "",
        "Encrypt",
        """{"KeyId":"ID","Plaintext":"eA==","EncryptionAlgorithm":"RSAES_OAEP_SHA_256"}""",
        "InvalidKeyUsageException: Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT."
    )]
    [InlineData(
        Mac,
        "GenerateMac",
        """{"KeyId":"ID","Message":"eA==","MacAlgorithm":"HMAC_SHA_512"}""",
        "InvalidKeyUsageException: Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256."
    )]
    [InlineData(
        RsaSign,
        "Sign",
        """{"KeyId":"ID","Message":"eA==","MessageType":"DIGEST","SigningAlgorithm":"RSASSA_PSS_SHA_256"}""",
        "ValidationException: Digest is invalid length for algorithm RSASSA_PSS_SHA_256."
    )]
    [InlineData(
        Sign,
        "Sign",
        """{"KeyId":"ID","Message":"eA==","MessageType":"EXTERNAL_MU","SigningAlgorithm":"ECDSA_SHA_256"}""",
        "ValidationException: Message type EXTERNAL_MU is incompatible with key spec ECC_NIST_P256."
    )]
    [InlineData(
        Sign,
        "Sign",
        """{"KeyId":"ID","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_256","DryRun":true}""",
        "DryRunOperationException: The request would have succeeded, but the DryRun option is set."
    )]
    [InlineData("", "GetPublicKey", """{"KeyId":"ID"}""", "UnsupportedOperationException: ")]
    [InlineData(Sign, "EnableKeyRotation", """{"KeyId":"ID"}""", "UnsupportedOperationException: ")]
    [InlineData(Mac, "DisableKeyRotation", """{"KeyId":"ID"}""", "UnsupportedOperationException: ")]
    [InlineData(Rsa, "RotateKeyOnDemand", """{"KeyId":"ID"}""", "UnsupportedOperationException: ")]
    [InlineData(
        "",
        "Sign",
        "{}",
        "ValidationException: 3 validation errors detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null; "
            + "Value null at 'message' failed to satisfy constraint: Member must not be null; "
            + "Value null at 'signingAlgorithm' failed to satisfy constraint: Member must not be null"
    )]
    [InlineData(
        "",
        "GenerateMac",
        """{"KeyId":"ID","Message":"","MacAlgorithm":"HMAC_SHA_256"}""",
        "ValidationException: 1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length greater than or equal to 1"
    )]
    [InlineData(
        "",
        "DeriveSharedSecret",
        """{"KeyId":"ID","KeyAgreementAlgorithm":"DH","PublicKey":"eA=="}""",
        "ValidationException: 1 validation error detected: Value 'DH' at 'keyAgreementAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [ECDH]"
    )]
    [InlineData(
        "",
        "Encrypt",
        "{}",
        "ValidationException: 2 validation errors detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null; "
            + "Value null at 'plaintext' failed to satisfy constraint: Member must not be null"
    )]
    public async Task A_refusal_is_in_KMSs_words(string members, string operation, string body, string expected)
    {
        await using var cloud = await TestCloud.Start();
        var key = await cloud.Key(members);

        var error = await cloud.KmsError(operation, body.Replace("ID", key.Text("KeyId"), StringComparison.Ordinal));

        Assert.Equal(expected.Replace("ARN", key.Text("Arn"), StringComparison.Ordinal), error);
    }

    [Theory]
    [InlineData(
        "\"KeySpec\":\"RSA_2048\"",
        "ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    )]
    [InlineData(
        "\"KeySpec\":\"HMAC_256\"",
        "ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys."
    )]
    [InlineData(
        "\"KeySpec\":\"ECC_NIST_P256\",\"KeyUsage\":\"ENCRYPT_DECRYPT\"",
        "ValidationException: KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ECC_NIST_P256"
    )]
    [InlineData(
        "\"KeyUsage\":\"SIGN_VERIFY\"",
        "ValidationException: KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT"
    )]
    [InlineData(
        "\"KeySpec\":\"ECC_SECG_P256K1\",\"KeyUsage\":\"KEY_AGREEMENT\"",
        "ValidationException: KeyUsage KEY_AGREEMENT is not compatible with KeySpec ECC_SECG_P256K1"
    )]
    [InlineData(
        "\"KeySpec\":\"RSA_1024\"",
        "ValidationException: 1 validation error detected: Value 'RSA_1024' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: "
            + "[RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072, ECC_SECG_P256K1, RSA_4096, SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512]"
    )]
    [InlineData(
        "\"KeySpec\":\"RSA_2048\",\"CustomerMasterKeySpec\":\"RSA_2048\",\"KeyUsage\":\"SIGN_VERIFY\"",
        "ValidationException: You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated."
    )]
    [InlineData(
        "\"KeySpec\":\"SM2\",\"KeyUsage\":\"SIGN_VERIFY\"",
        "NotImplemented: The Disa emulator does not support keys of KeySpec SM2."
    )]
    [InlineData(
        "\"KeySpec\":\"ML_DSA_44\",\"KeyUsage\":\"SIGN_VERIFY\"",
        "NotImplemented: The Disa emulator does not support keys of KeySpec ML_DSA_44."
    )]
    [InlineData(
        "\"KeySpec\":\"ECC_NIST_EDWARDS25519\",\"KeyUsage\":\"SIGN_VERIFY\"",
        "NotImplemented: The Disa emulator does not support keys of KeySpec ECC_NIST_EDWARDS25519."
    )]
    [InlineData(
        "\"Origin\":\"AWS_CLOUDHSM\",\"CustomKeyStoreId\":\"cks-1234567890abcdef0\"",
        "NotImplemented: The Disa emulator does not support keys of Origin AWS_CLOUDHSM."
    )]
    public async Task A_kind_of_key_that_there_is_not_is_not_made(string members, string expected)
    {
        await using var cloud = await TestCloud.Start();

        Assert.Equal(expected, await cloud.KmsError("CreateKey", $"{{{members}}}"));
    }

    [Fact]
    public async Task RSA_encrypts_what_fits_its_padding()
    {
        await using var cloud = await TestCloud.Start();
        var id = (await cloud.Key(Rsa)).Text("KeyId");
        string Body(int size, string algorithm, string more = "") =>
            $"{{\"KeyId\":\"{id}\",\"Plaintext\":\"{Convert.ToBase64String(new byte[size])}\",\"EncryptionAlgorithm\":\"{algorithm}\"{more}}}";

        await cloud.Kms("Encrypt", Body(190, "RSAES_OAEP_SHA_256"));
        await cloud.Kms("Encrypt", Body(214, "RSAES_OAEP_SHA_1"));

        Assert.Equal(
            "ValidationException: Algorithm RSAES_OAEP_SHA_256 and key spec RSA_2048 cannot encrypt data larger than 190 bytes.",
            await cloud.KmsError("Encrypt", Body(191, "RSAES_OAEP_SHA_256"))
        );
        Assert.StartsWith(
            "ValidationException: ",
            await cloud.KmsError("Encrypt", Body(1, "RSAES_OAEP_SHA_256", ",\"EncryptionContext\":{\"a\":\"b\"}")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_disabled_key_gives_no_public_key()
    {
        await using var cloud = await TestCloud.Start();
        var key = await cloud.Key(Sign);
        var body = $$"""{"KeyId":"{{key.Text("KeyId")}}"}""";
        await cloud.Kms("DisableKey", body);

        Assert.Equal($"DisabledException: {key.Text("Arn")} is disabled.", await cloud.KmsError("GetPublicKey", body));
        Assert.False((await cloud.Kms("GetKeyRotationStatus", body)).GetProperty("KeyRotationEnabled").GetBoolean());
        await cloud.Kms("ScheduleKeyDeletion", body);
        Assert.Equal($"KMSInvalidStateException: {key.Text("Arn")} is pending deletion.", await cloud.KmsError("GetPublicKey", body));
    }
}
