using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Disa.Emulator.Kms;

/// <summary>
/// What Encrypt answers: a header that names account, key and material, then the sealed bytes; header and encryption context
/// are authenticated with them. As on AWS, the ciphertext itself says which key opens it.
/// </summary>
/// <param name="KeyId">A UUID, or <c>mrk-</c> and its digits: multi-Region keys have the same one in each Region.</param>
internal readonly record struct CiphertextBlob(long Account, string KeyId, int Material, ReadOnlyMemory<byte> Sealed)
{
    private const byte Format = 0xD1;
    private const byte MultiRegionFormat = 0xD2;
    private const string MultiRegionPrefix = "mrk-";
    private const int HeaderSize = 1 + 8 + 16 + 4;

    /// <exception cref="Aws.AwsException">InvalidCiphertextException: no ciphertext of this KMS.</exception>
    public static CiphertextBlob Parse(ReadOnlyMemory<byte> blob)
    {
        var span = blob.Span;
        if (!HasHeader(span))
        {
            throw KmsErrors.InvalidCiphertext();
        }

        var id = new Guid(span.Slice(9, 16), bigEndian: true);
        return new(
            BinaryPrimitives.ReadInt64BigEndian(span[1..]),
            span[0] == MultiRegionFormat ? MultiRegionPrefix + id.ToString("N") : id.ToString(),
            BinaryPrimitives.ReadInt32BigEndian(span[25..]),
            blob[HeaderSize..]
        );
    }

    /// <summary>Names a key, and not this one.</summary>
    public static bool IsOfAnother(ReadOnlyMemory<byte> blob, string keyId) => HasHeader(blob.Span) && Parse(blob).KeyId != keyId;

    private static bool HasHeader(ReadOnlySpan<byte> blob) =>
        blob.Length >= HeaderSize + Sealing.NonceSize + Sealing.TagSize && blob[0] is (Format or MultiRegionFormat);

    public static byte[] Seal(
        ReadOnlySpan<byte> material,
        string account,
        string keyId,
        int index,
        ReadOnlySpan<byte> plaintext,
        IReadOnlyDictionary<string, string>? context
    )
    {
        var blob = new byte[HeaderSize + Sealing.NonceSize + plaintext.Length + Sealing.TagSize];
        WriteHeader(blob, long.Parse(account, System.Globalization.CultureInfo.InvariantCulture), keyId, index);
        Sealing.SealInto(material, plaintext, Associated(blob.AsSpan(0, HeaderSize), context), blob.AsSpan(HeaderSize));
        return blob;
    }

    /// <exception cref="Aws.AwsException">InvalidCiphertextException: corrupted, or another encryption context.</exception>
    public byte[] Open(ReadOnlySpan<byte> material, IReadOnlyDictionary<string, string>? context)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        WriteHeader(header, Account, KeyId, Material);
        try
        {
            return Sealing.Open(material, Sealed.Span, Associated(header, context));
        }
        catch (CryptographicException)
        {
            throw KmsErrors.InvalidCiphertext();
        }
    }

    private static void WriteHeader(Span<byte> target, long account, string keyId, int index)
    {
        var isMultiRegion = keyId.StartsWith(MultiRegionPrefix, StringComparison.Ordinal);
        target[0] = isMultiRegion ? MultiRegionFormat : Format;
        BinaryPrimitives.WriteInt64BigEndian(target[1..], account);
        Guid.Parse(isMultiRegion ? keyId.AsSpan(MultiRegionPrefix.Length) : keyId)
            .TryWriteBytes(target.Slice(9, 16), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(target[25..], index);
    }

    /// <summary>Pairs sorted by key, each text with its length, so that no two contexts read alike.</summary>
    private static byte[] Associated(ReadOnlySpan<byte> header, IReadOnlyDictionary<string, string>? context)
    {
        using var bytes = new MemoryStream();
        bytes.Write(header);
        foreach (var (key, value) in (context ?? new Dictionary<string, string>()).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Write(bytes, key);
            Write(bytes, value);
        }

        return bytes.ToArray();

        static void Write(MemoryStream target, string text)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            Span<byte> length = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, utf8.Length);
            target.Write(length);
            target.Write(utf8);
        }
    }
}
