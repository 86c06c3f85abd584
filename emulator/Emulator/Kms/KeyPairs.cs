using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

/// <summary>What key pairs compute: private halves as PKCS #8, public ones as X.509's SubjectPublicKeyInfo, both DER.</summary>
internal static class KeyPairs
{
    /// <exception cref="AwsException">NotImplemented: this machine's cryptography does not know the curve.</exception>
    public static (byte[] PrivateKey, byte[] PublicKey) Generate(string spec)
    {
        try
        {
            using var pair = KeySpecs.IsRsa(spec) ? (AsymmetricAlgorithm)RSA.Create(Modulus(spec)) : ECDsa.Create(Curve(spec));
            return (pair.ExportPkcs8PrivateKey(), pair.ExportSubjectPublicKeyInfo());
        }
        catch (Exception failure) when (failure is PlatformNotSupportedException or CryptographicException)
        {
            throw AwsException.NotImplemented($"key pairs of {spec} on this machine");
        }
    }

    /// <summary>The public half of an imported private key; null where it is none of the spec.</summary>
    public static byte[]? PublicKeyOf(string spec, byte[] privateKey)
    {
        try
        {
            using var pair = KeySpecs.IsRsa(spec) ? (AsymmetricAlgorithm)RSA.Create() : ECDsa.Create();
            pair.ImportPkcs8PrivateKey(privateKey, out var read);
            var publicKey = pair.ExportSubjectPublicKeyInfo();
            return read == privateKey.Length && pair.KeySize == Modulus(spec) && IsOn(spec, publicKey) ? publicKey : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static byte[] Digest(string signingAlgorithm, byte[] message) =>
        CryptographicOperations.HashData(HashOf(signingAlgorithm), message);

    /// <summary>In bytes.</summary>
    public static int DigestSize(string signingAlgorithm) => int.Parse(signingAlgorithm[^3..], null) / 8;

    public static byte[] Sign(byte[] privateKey, string algorithm, byte[] digest)
    {
        if (IsEcdsa(algorithm))
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportPkcs8PrivateKey(privateKey, out _);
            return ecdsa.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence);
        }

        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(privateKey, out _);
        return rsa.SignHash(digest, HashOf(algorithm), SignaturePadding(algorithm));
    }

    public static bool Verify(byte[] publicKey, string algorithm, byte[] digest, byte[] signature)
    {
        try
        {
            if (IsEcdsa(algorithm))
            {
                using var ecdsa = ECDsa.Create();
                ecdsa.ImportSubjectPublicKeyInfo(publicKey, out _);
                return ecdsa.VerifyHash(digest, signature, DSASignatureFormat.Rfc3279DerSequence);
            }

            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
            return rsa.VerifyHash(digest, signature, HashOf(algorithm), SignaturePadding(algorithm));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>How much fits OAEP's padding (RFC 8017, 7.1.1), in bytes.</summary>
    public static int LargestPlaintext(string spec, string algorithm) => (Modulus(spec) / 8) - (2 * (IsSha1(algorithm) ? 20 : 32)) - 2;

    public static byte[] Encrypt(byte[] publicKey, string algorithm, byte[] plaintext)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        return rsa.Encrypt(plaintext, Oaep(algorithm));
    }

    /// <exception cref="CryptographicException">Not encrypted with this key and algorithm.</exception>
    public static byte[] Decrypt(byte[] privateKey, string algorithm, byte[] ciphertext)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(privateKey, out _);
        return rsa.Decrypt(ciphertext, Oaep(algorithm));
    }

    /// <summary>The x coordinate that both peers compute; null where the peer's key is none of the curve.</summary>
    public static byte[]? Agree(string spec, byte[] privateKey, byte[] peersPublicKey)
    {
        try
        {
            using var peer = ECDiffieHellman.Create();
            peer.ImportSubjectPublicKeyInfo(peersPublicKey, out var read);
            if (read != peersPublicKey.Length || !IsOn(spec, peer.ExportSubjectPublicKeyInfo()))
            {
                return null;
            }

            using var own = ECDiffieHellman.Create();
            own.ImportPkcs8PrivateKey(privateKey, out _);
            using var publicKey = peer.PublicKey;
            return own.DeriveRawSecretAgreement(publicKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Bits of the modulus, or of the curve's field.</summary>
    public static int Modulus(string spec) =>
        spec switch
        {
            "RSA_2048" => 2048,
            "RSA_3072" => 3072,
            "RSA_4096" => 4096,
            "ECC_NIST_P384" => 384,
            "ECC_NIST_P521" => 521,
            _ => 256,
        };

    private static ECCurve Curve(string spec) => ECCurve.CreateFromValue(CurveId(spec));

    private static string CurveId(string spec) =>
        spec switch
        {
            "ECC_NIST_P256" => "1.2.840.10045.3.1.7",
            "ECC_NIST_P384" => "1.3.132.0.34",
            "ECC_NIST_P521" => "1.3.132.0.35",
            _ => "1.3.132.0.10",
        };

    /// <summary>Whether an EC public key names the spec's curve; RSA keys have none.</summary>
    private static bool IsOn(string spec, byte[] publicKey)
    {
        if (KeySpecs.IsRsa(spec))
        {
            return true;
        }

        var algorithm = new System.Formats.Asn1.AsnReader(publicKey, System.Formats.Asn1.AsnEncodingRules.DER)
            .ReadSequence()
            .ReadSequence();
        algorithm.ReadObjectIdentifier();
        return algorithm.PeekTag() == System.Formats.Asn1.Asn1Tag.ObjectIdentifier && algorithm.ReadObjectIdentifier() == CurveId(spec);
    }

    private static bool IsEcdsa(string algorithm) => algorithm.StartsWith("ECDSA_", StringComparison.Ordinal);

    private static bool IsSha1(string algorithm) => algorithm.EndsWith("SHA_1", StringComparison.Ordinal);

    private static HashAlgorithmName HashOf(string algorithm) =>
        algorithm[^3..] switch
        {
            "384" => HashAlgorithmName.SHA384,
            "512" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };

    private static RSASignaturePadding SignaturePadding(string algorithm) =>
        algorithm.StartsWith("RSASSA_PSS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    private static RSAEncryptionPadding Oaep(string algorithm) =>
        IsSha1(algorithm) ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.OaepSHA256;
}
