using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Disa.Emulator.Rooms;

/// <summary>
/// Texts that a caller is given to bring back, such as shard iterators: whoever has one can read it, and nobody but this emulator
/// can make one. They outlive a restart where the root key does.
/// </summary>
/// <param name="key">The secret that they are signed with.</param>
internal sealed class Tokens(byte[] key)
{
    /// <summary>Bytes of the signature, which go before the content.</summary>
    private const int SignatureSize = 16;

    /// <param name="kind">What the token is for: one of another kind is not taken for it.</param>
    /// <param name="content">What it says.</param>
    public string Make(string kind, string content)
    {
        var size = Encoding.UTF8.GetByteCount(content);
        var bytes = new byte[SignatureSize + size];
        Encoding.UTF8.GetBytes(content, bytes.AsSpan(SignatureSize));
        Sign(kind, bytes.AsSpan(SignatureSize), bytes.AsSpan(0, SignatureSize));
        return Convert.ToBase64String(bytes);
    }

    /// <summary>What a token says; null for one that this emulator did not make for this.</summary>
    public string? Read(string kind, string token)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(token.Length) + 2];
        if (
            !Convert.TryFromBase64String(token, bytes, out var length)
            || length < SignatureSize
            || !IsAsWritten(token, bytes.AsSpan(0, length))
        )
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[SignatureSize];
        var content = bytes.AsSpan(SignatureSize, length - SignatureSize);
        Sign(kind, content, expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes.AsSpan(0, SignatureSize)) ? Encoding.UTF8.GetString(content) : null;
    }

    /// <summary>Base64 has several texts for the same bytes (spaces, bits behind the last one); a token has one.</summary>
    private static bool IsAsWritten(string token, ReadOnlySpan<byte> bytes)
    {
        Span<char> last = stackalloc char[4];
        var rest = (bytes.Length - 1) % 3 + 1;
        return token.Length == (bytes.Length + 2) / 3 * 4
            && Convert.TryToBase64Chars(bytes[^rest..], last, out _)
            && token.AsSpan(token.Length - 4).SequenceEqual(last);
    }

    private void Sign(string kind, ReadOnlySpan<byte> content, Span<byte> signature)
    {
        var size = Encoding.UTF8.GetByteCount(kind);
        var signed = new byte[size + 1 + content.Length];
        Encoding.UTF8.GetBytes(kind, signed);
        content.CopyTo(signed.AsSpan(size + 1));
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, signed, whole);
        whole[..SignatureSize].CopyTo(signature);
    }
}
