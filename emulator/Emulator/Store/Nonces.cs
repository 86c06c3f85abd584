using System.Security.Cryptography;

namespace Disa.Emulator.Store;

/// <summary>Random nonces for AES-GCM, drawn many at a time: the system's generator takes as long for twelve bytes as for hundreds.</summary>
internal static class Nonces
{
    private const int Drawn = 3072;

    [ThreadStatic]
    private static byte[]? bytes;

    [ThreadStatic]
    private static int used;

    /// <summary>Fills a nonce with bytes that were never given out before.</summary>
    public static void Fill(Span<byte> nonce)
    {
        if (bytes is null || used + nonce.Length > bytes.Length)
        {
            bytes ??= new byte[Drawn];
            RandomNumberGenerator.Fill(bytes);
            used = 0;
        }

        bytes.AsSpan(used, nonce.Length).CopyTo(nonce);
        used += nonce.Length;
    }
}
