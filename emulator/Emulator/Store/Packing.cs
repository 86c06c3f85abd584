using System.Buffers.Binary;
using System.IO.Compression;

namespace Disa.Emulator.Store;

/// <summary>Makes long JSON short before it is written: what says the same over and over takes a tenth of its pages in log and file.</summary>
internal static class Packing
{
    /// <summary>Below this there is little to win.</summary>
    private const int Worthwhile = 512;

    /// <summary>No JSON begins so; the length of what was packed follows, and then Brotli's bytes.</summary>
    private const byte Mark = 0xB1;

    private const int HeadSize = 5;

    public static byte[] Pack(byte[] json)
    {
        if (json.Length < Worthwhile)
        {
            return json;
        }

        var packed = new byte[HeadSize + BrotliEncoder.GetMaxCompressedLength(json.Length)];
        packed[0] = Mark;
        BinaryPrimitives.WriteInt32LittleEndian(packed.AsSpan(1), json.Length);
        return BrotliEncoder.TryCompress(json, packed.AsSpan(HeadSize), out var written, quality: 1, window: 18)
            ? packed[..(HeadSize + written)]
            : json;
    }

    /// <summary>What <see cref="Pack"/> was given; also of what an older version wrote as it was.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static byte[] Unpack(byte[] bytes)
    {
        if (bytes is not [Mark, ..])
        {
            return bytes;
        }

        var length = bytes.Length < HeadSize ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(1));
        if (length < 0)
        {
            throw new InvalidDataException("Packed bytes are damaged.");
        }

        var json = new byte[length];
        return BrotliDecoder.TryDecompress(bytes.AsSpan(HeadSize), json, out var written) && written == json.Length
            ? json
            : throw new InvalidDataException("Packed bytes are damaged.");
    }
}
