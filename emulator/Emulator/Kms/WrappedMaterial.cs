using System.Security.Cryptography;

namespace Disa.Emulator.Kms;

/// <summary>Key material on its way into KMS.</summary>
internal static class WrappedMaterial
{
    /// <exception cref="Aws.AwsException">InvalidCiphertextException: not wrapped with the token's key and algorithm.</exception>
    public static byte[] Unwrap(ImportToken token, byte[] wrapped)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportPkcs8PrivateKey(token.PrivateKey, out _);
            var padding = token.WrappingAlgorithm.EndsWith("SHA_1", StringComparison.Ordinal)
                ? RSAEncryptionPadding.OaepSHA1
                : RSAEncryptionPadding.OaepSHA256;
            return token.WrappingAlgorithm.StartsWith("RSAES_", StringComparison.Ordinal)
                ? rsa.Decrypt(wrapped, padding)
                : Unwrap(rsa, padding, wrapped);
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            throw KmsErrors.InvalidCiphertext();
        }
    }

    /// <summary>Whether it is what keys of the spec are made of: the public half where it is a pair.</summary>
    /// <remarks>"Key material requirements", https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html</remarks>
    /// <exception cref="Aws.AwsException">IncorrectKeyMaterialException.</exception>
    public static byte[]? PublicHalf(string spec, byte[] material)
    {
        if (KeySpecs.IsAsymmetric(spec))
        {
            return KeyPairs.PublicKeyOf(spec, material) ?? throw KmsErrors.IncorrectMaterial();
        }

        var (least, most) = spec switch
        {
            "HMAC_224" => (28, 64),
            "HMAC_256" => (32, 64),
            "HMAC_384" => (48, 128),
            "HMAC_512" => (64, 128),
            _ => (32, 32),
        };
        return material.Length >= least && material.Length <= most ? null : throw KmsErrors.IncorrectMaterial();
    }

    /// <summary>An AES key under RSA first, then the material under that (RFC 5649).</summary>
    private static byte[] Unwrap(RSA rsa, RSAEncryptionPadding padding, byte[] wrapped)
    {
        var size = rsa.KeySize / 8;
        if (wrapped.Length <= size)
        {
            throw new CryptographicException("Nothing follows the AES key.");
        }

        using var aes = Aes.Create();
        aes.Key = rsa.Decrypt(wrapped[..size], padding);
        return aes.DecryptKeyWrapPadded(wrapped.AsSpan(size));
    }
}
