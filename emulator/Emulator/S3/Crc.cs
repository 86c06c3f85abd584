using System.Buffers.Binary;

namespace Disa.Emulator.S3;

/// <summary>The cyclic redundancy checks that S3 knows, eight bytes at a step: CRC-32, CRC-32C and CRC-64/NVME, all bit-reflected.</summary>
internal sealed class Crc
{
    public static readonly Crc Crc32 = new(0xEDB88320, 32);
    public static readonly Crc Crc32C = new(0x82F63B78, 32);
    public static readonly Crc Crc64Nvme = new(0x9A6C9329AC4BC9B5, 64);

    private readonly ulong[][] tables = new ulong[8][];
    private readonly ulong ones;
    private readonly int bits;

    private Crc(ulong polynomial, int bits)
    {
        this.bits = bits;
        ones = bits == 64 ? ulong.MaxValue : uint.MaxValue;
        for (var t = 0; t < 8; t++)
        {
            tables[t] = new ulong[256];
        }

        for (var i = 0; i < 256; i++)
        {
            var crc = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ polynomial : crc >> 1;
            }

            tables[0][i] = crc;
        }

        for (var i = 0; i < 256; i++)
        {
            for (var t = 1; t < 8; t++)
            {
                var before = tables[t - 1][i];
                tables[t][i] = tables[0][before & 0xff] ^ (before >> 8);
            }
        }
    }

    /// <summary>The state before the first byte.</summary>
    public ulong Start => ones;

    public ulong Append(ulong state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            var x = state ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            state =
                tables[7][x & 0xff]
                ^ tables[6][(x >> 8) & 0xff]
                ^ tables[5][(x >> 16) & 0xff]
                ^ tables[4][(x >> 24) & 0xff]
                ^ tables[3][(x >> 32) & 0xff]
                ^ tables[2][(x >> 40) & 0xff]
                ^ tables[1][(x >> 48) & 0xff]
                ^ tables[0][x >> 56];
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            state = tables[0][(state ^ b) & 0xff] ^ (state >> 8);
        }

        return state;
    }

    /// <summary>The check's bytes, most significant first.</summary>
    public byte[] End(ulong state)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, state ^ ones);
        return bits == 64 ? bytes : bytes[4..];
    }
}
