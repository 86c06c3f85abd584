using System.Security.Cryptography;
using System.Text.Json;
using static Disa.Emulator.Tests.Kms.KmsCalls;

namespace Disa.Emulator.Tests.Kms;

/// <summary>Keys with a public half.</summary>
/// <remarks>"Asymmetric keys in AWS KMS" and "Key spec reference" of the KMS developer guide; API reference of Sign, Verify and GetPublicKey.</remarks>
public sealed class AsymmetricKeyTests
{
    [Theory]
    [InlineData("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_256")]
    [InlineData("RSA_2048", "RSASSA_PSS_SHA_512")]
    [InlineData("RSA_3072", "RSASSA_PSS_SHA_384")]
    [InlineData("RSA_3072", "RSASSA_PKCS1_V1_5_SHA_384")]
    [InlineData("RSA_2048", "RSASSA_PKCS1_V1_5_SHA_512")]
    [InlineData("RSA_2048", "RSASSA_PSS_SHA_256")]
    [InlineData("ECC_NIST_P256", "ECDSA_SHA_256")]
    [InlineData("ECC_NIST_P384", "ECDSA_SHA_384")]
    [InlineData("ECC_NIST_P521", "ECDSA_SHA_512")]
    [InlineData("ECC_SECG_P256K1", "ECDSA_SHA_256")]
    public async Task What_a_key_signs_its_public_key_verifies_everywhere(string spec, string algorithm)
    {
        await using var cloud = await TestCloud.Start();
        var key = await cloud.Key(Spec(spec, "SIGN_VERIFY"));
        var (id, arn) = (key.Text("KeyId"), key.Text("Arn"));
        var message = "a message"u8.ToArray();
        var hash = algorithm[^3..];
        var digest = CryptographicOperations.HashData(new HashAlgorithmName("SHA" + hash), message);
        string Said(byte[] bytes, string type) =>
            $"\"KeyId\":\"{id}\",\"Message\":\"{Convert.ToBase64String(bytes)}\",\"MessageType\":\"{type}\",\"SigningAlgorithm\":\"{algorithm}\"";

        var signed = await cloud.Kms("Sign", $"{{{Said(message, "RAW")}}}");
        var ofDigest = await cloud.Kms("Sign", $"{{{Said(digest, "DIGEST")}}}");
        var told = await cloud.Kms("GetPublicKey", $$"""{"KeyId":"{{id}}"}""");
        var verified = await cloud.Kms("Verify", $"{{{Said(message, "RAW")},\"Signature\":\"{ofDigest.Text("Signature")}\"}}");

        Assert.Equal(arn, signed.Text("KeyId"));
        Assert.Equal(algorithm, signed.Text("SigningAlgorithm"));
        Assert.True(Verifies(told.Bytes("PublicKey"), algorithm, digest, signed.Bytes("Signature")));
        Assert.True(verified.GetProperty("SignatureValid").GetBoolean());
        Assert.Equal(arn, verified.Text("KeyId"));
        Assert.Equal(
            "KMSInvalidSignatureException: ",
            await cloud.KmsError("Verify", $"{{{Said("another"u8.ToArray(), "RAW")},\"Signature\":\"{signed.Text("Signature")}\"}}")
        );
        Assert.Equal(
            "KMSInvalidSignatureException: ",
            await cloud.KmsError("Verify", $"{{{Said(message, "RAW")},\"Signature\":\"bm9uZQ==\"}}")
        );
    }

    [Theory]
    [InlineData("RSA_2048", "ENCRYPT_DECRYPT", "EncryptionAlgorithms", "RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256")]
    [InlineData(
        "RSA_2048",
        "SIGN_VERIFY",
        "SigningAlgorithms",
        "RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512"
    )]
    [InlineData("ECC_NIST_P384", "SIGN_VERIFY", "SigningAlgorithms", "ECDSA_SHA_384")]
    [InlineData("ECC_SECG_P256K1", "SIGN_VERIFY", "SigningAlgorithms", "ECDSA_SHA_256")]
    [InlineData("ECC_NIST_P521", "KEY_AGREEMENT", "KeyAgreementAlgorithms", "ECDH")]
    public async Task A_key_tells_what_it_can(string spec, string usage, string member, string algorithms)
    {
        await using var cloud = await TestCloud.Start();
        var created = await cloud.Key(Spec(spec, usage));
        var described = await cloud.Describe(created.Text("KeyId"));
        var told = await cloud.Kms("GetPublicKey", $$"""{"KeyId":"{{created.Text("KeyId")}}"}""");

        Assert.Equal(JsonText(created), JsonText(described));
        foreach (var answer in (JsonElement[])[described, told])
        {
            Assert.Equal(spec, answer.Text("KeySpec"));
            Assert.Equal(spec, answer.Text("CustomerMasterKeySpec"));
            Assert.Equal(usage, answer.Text("KeyUsage"));
            Assert.Equal(algorithms, string.Join(' ', answer.GetProperty(member).EnumerateArray().Select(one => one.GetString())));
            Assert.Single(answer.EnumerateObject(), one => one.Name.EndsWith("Algorithms", StringComparison.Ordinal));
        }

        // "This value is present for symmetric encryption keys": KeyMetadata of the API reference.
        Assert.False(described.TryGetProperty("CurrentKeyMaterialId", out _));
    }

    [Theory]
    [InlineData("RSAES_OAEP_SHA_1")]
    [InlineData("RSAES_OAEP_SHA_256")]
    public async Task What_the_public_key_encrypts_the_key_decrypts(string algorithm)
    {
        await using var cloud = await TestCloud.Start();
        var id = (await cloud.Key(Spec("RSA_2048", "ENCRYPT_DECRYPT"))).Text("KeyId");
        var symmetric = (await cloud.Key()).Text("Arn");
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo((await cloud.Kms("GetPublicKey", $$"""{"KeyId":"{{id}}"}""")).Bytes("PublicKey"), out _);
        var padding = algorithm.EndsWith("_1", StringComparison.Ordinal) ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256;

        var outside = Convert.ToBase64String(rsa.Encrypt("x"u8, padding));
        var inside = await cloud.Kms("Encrypt", $$"""{"KeyId":"{{id}}","Plaintext":"eA==","EncryptionAlgorithm":"{{algorithm}}"}""");
        var moved = await cloud.Kms(
            "ReEncrypt",
            $$"""{"CiphertextBlob":"{{outside}}","SourceKeyId":"{{id}}","SourceEncryptionAlgorithm":"{{algorithm}}","DestinationKeyId":"{{symmetric}}"}"""
        );

        Assert.Equal(algorithm, inside.Text("EncryptionAlgorithm"));
        foreach (var ciphertext in (string[])[outside, inside.Text("CiphertextBlob")])
        {
            var opened = await cloud.Kms(
                "Decrypt",
                $$"""{"KeyId":"{{id}}","CiphertextBlob":"{{ciphertext}}","EncryptionAlgorithm":"{{algorithm}}"}"""
            );
            Assert.Equal("x"u8.ToArray(), opened.Bytes("Plaintext"));
            Assert.Equal(algorithm, opened.Text("EncryptionAlgorithm"));
            Assert.False(opened.TryGetProperty("KeyMaterialId", out _));
        }

        Assert.Equal(algorithm, moved.Text("SourceEncryptionAlgorithm"));
        Assert.Equal("SYMMETRIC_DEFAULT", moved.Text("DestinationEncryptionAlgorithm"));
        Assert.False(moved.TryGetProperty("SourceKeyMaterialId", out _));
        Assert.True(moved.TryGetProperty("DestinationKeyMaterialId", out _));
        Assert.Equal(
            "x"u8.ToArray(),
            (await cloud.Kms("Decrypt", $$"""{"CiphertextBlob":"{{moved.Text("CiphertextBlob")}}"}""")).Bytes("Plaintext")
        );
        Assert.Equal(
            "InvalidCiphertextException: ",
            await cloud.KmsError("Decrypt", $$"""{"KeyId":"{{id}}","CiphertextBlob":"eA==","EncryptionAlgorithm":"{{algorithm}}"}""")
        );
    }

    [Fact]
    public async Task Two_keys_agree_on_a_secret()
    {
        await using var cloud = await TestCloud.Start();
        var ours = (await cloud.Key(Spec("ECC_NIST_P384", "KEY_AGREEMENT"))).Text("KeyId");
        var ourPublic = (await cloud.Kms("GetPublicKey", $$"""{"KeyId":"{{ours}}"}""")).Bytes("PublicKey");
        using var peer = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        using var told = ECDiffieHellman.Create();
        told.ImportSubjectPublicKeyInfo(ourPublic, out _);
        var request =
            $"\"KeyId\":\"{ours}\",\"KeyAgreementAlgorithm\":\"ECDH\",\"PublicKey\":\"{Convert.ToBase64String(peer.PublicKey.ExportSubjectPublicKeyInfo())}\"";

        var derived = await cloud.Kms("DeriveSharedSecret", $"{{{request}}}");

        Assert.Equal(peer.DeriveRawSecretAgreement(told.PublicKey), derived.Bytes("SharedSecret"));
        Assert.Equal("AWS_KMS", derived.Text("KeyOrigin"));
        Assert.Equal("ECDH", derived.Text("KeyAgreementAlgorithm"));
        Assert.StartsWith(
            "DryRunOperationException: ",
            await cloud.KmsError("DeriveSharedSecret", $"{{{request},\"DryRun\":true}}"),
            StringComparison.Ordinal
        );
        using var other = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.StartsWith(
            "ValidationException: ",
            await cloud.KmsError(
                "DeriveSharedSecret",
                $$"""{"KeyId":"{{ours}}","KeyAgreementAlgorithm":"ECDH","PublicKey":"{{Convert.ToBase64String(other.PublicKey.ExportSubjectPublicKeyInfo())}}"}"""
            ),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("RSA_2048")]
    [InlineData("ECC_NIST_P256")]
    [InlineData("ECC_SECG_P256K1")]
    public async Task A_data_key_pair_comes_in_the_clear_and_wrapped(string spec)
    {
        await using var cloud = await TestCloud.Start();
        var key = await cloud.Key();
        var request = $"\"KeyId\":\"{key.Text("KeyId")}\",\"KeyPairSpec\":\"{spec}\",\"EncryptionContext\":{{\"a\":\"b\"}}";

        var pair = await cloud.Kms("GenerateDataKeyPair", $"{{{request}}}");
        var sealedOnly = await cloud.Kms("GenerateDataKeyPairWithoutPlaintext", $"{{{request}}}");
        var opened = await cloud.Kms(
            "Decrypt",
            $$"""{"CiphertextBlob":"{{pair.Text("PrivateKeyCiphertextBlob")}}","EncryptionContext":{"a":"b"} }"""
        );

        Assert.Equal(pair.Bytes("PrivateKeyPlaintext"), opened.Bytes("Plaintext"));
        Assert.Equal(spec, pair.Text("KeyPairSpec"));
        Assert.Equal(key.Text("Arn"), pair.Text("KeyId"));
        Assert.Equal(key.Text("CurrentKeyMaterialId"), pair.Text("KeyMaterialId"));
        Assert.False(sealedOnly.TryGetProperty("PrivateKeyPlaintext", out _));
        Assert.Equal(pair.Bytes("PublicKey"), PublicOf(spec, opened.Bytes("Plaintext")));
        Assert.StartsWith(
            "DryRunOperationException: ",
            await cloud.KmsError("GenerateDataKeyPair", $"{{{request},\"DryRun\":true}}"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_signing_key_survives_a_restart()
    {
        var directory = Directory.CreateTempSubdirectory("disa-").FullName;
        try
        {
            var options = new LocalCloudOptions { DataDirectory = directory };
            string id;
            byte[] publicKey;
            await using (var cloud = await TestCloud.Start(options))
            {
                id = (await cloud.Key(Spec("ECC_NIST_P256", "SIGN_VERIFY"))).Text("KeyId");
                publicKey = (await cloud.Kms("GetPublicKey", $$"""{"KeyId":"{{id}}"}""")).Bytes("PublicKey");
            }

            await using (var cloud = await TestCloud.Start(options))
            {
                var signed = await cloud.Kms("Sign", $$"""{"KeyId":"{{id}}","Message":"eA==","SigningAlgorithm":"ECDSA_SHA_256"}""");
                Assert.True(Verifies(publicKey, "ECDSA_SHA_256", SHA256.HashData("x"u8), signed.Bytes("Signature")));
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static bool Verifies(byte[] publicKey, string algorithm, byte[] digest, byte[] signature)
    {
        var hash = new HashAlgorithmName("SHA" + algorithm[^3..]);
        if (algorithm.StartsWith("ECDSA", StringComparison.Ordinal))
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
            return ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
        }

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return rsa.VerifyHash(
            digest,
            signature,
            hash,
            algorithm.Contains("PSS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1
        );
    }

    private static byte[] PublicOf(string spec, byte[] privateKey)
    {
        using AsymmetricAlgorithm pair = spec.StartsWith("RSA", StringComparison.Ordinal) ? RSA.Create() : ECDsa.Create();
        pair.ImportPkcs8PrivateKey(privateKey, out _);
        return pair.ExportSubjectPublicKeyInfo();
    }

    private static string JsonText(JsonElement json) => json.GetRawText();
}
