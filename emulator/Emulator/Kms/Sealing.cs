using System.Security.Cryptography;
using Disa.Emulator.Store;

namespace Disa.Emulator.Kms;

/// <summary>AES-256-GCM with the nonce in front and the tag behind.</summary>
internal static class Sealing
{
    public const int NonceSize = 12;
    public const int TagSize = 16;

    public static byte[] Seal(AesGcm gcm, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        var sealedBytes = new byte[NonceSize + plaintext.Length + TagSize];
        SealInto(gcm, plaintext, associated, sealedBytes);
        return sealedBytes;
    }

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        using var gcm = new AesGcm(key, TagSize);
        return Seal(gcm, plaintext, associated);
    }

    public static void SealInto(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> target)
    {
        using var gcm = new AesGcm(key, TagSize);
        SealInto(gcm, plaintext, associated, target);
    }

    private static void SealInto(AesGcm gcm, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated, Span<byte> target)
    {
        var nonce = target[..NonceSize];
        Nonces.Fill(nonce);
        gcm.Encrypt(nonce, plaintext, target.Slice(NonceSize, plaintext.Length), target[^TagSize..], associated);
    }

    /// <exception cref="CryptographicException">Not sealed with this key and these associated bytes.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        using var gcm = new AesGcm(key, TagSize);
        return Open(gcm, sealedBytes, associated);
    }

    /// <exception cref="CryptographicException">Not sealed with this key and these associated bytes.</exception>
    public static byte[] Open(AesGcm gcm, ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> associated)
    {
        if (sealedBytes.Length < NonceSize + TagSize)
        {
            throw new CryptographicException("Too short to be sealed.");
        }

        var plaintext = new byte[sealedBytes.Length - NonceSize - TagSize];
        gcm.Decrypt(sealedBytes[..NonceSize], sealedBytes[NonceSize..^TagSize], sealedBytes[^TagSize..], plaintext, associated);
        return plaintext;
    }
}
