using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Disa.Emulator.CloudFormation.Templates;

/// <summary><c>Fn::Cidr</c>: cuts an address block into blocks of <c>cidrBits</c> host bits.</summary>
internal static class Cidr
{
    public static IReadOnlyList<string> Blocks(string block, string count, string cidrBits)
    {
        var slash = block.IndexOf('/', StringComparison.Ordinal);
        if (
            slash < 0
            || !IPAddress.TryParse(block[..slash], out var address)
            || !int.TryParse(block[(slash + 1)..], CultureInfo.InvariantCulture, out var mask)
        )
        {
            throw TemplateErrors.Template($"Invalid ipBlock {block} for Fn::Cidr");
        }

        var size = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        if (!int.TryParse(count, CultureInfo.InvariantCulture, out var n) || n is < 1 or > 256)
        {
            throw TemplateErrors.Template("Fn::Cidr requires count to be between 1 and 256");
        }

        if (!int.TryParse(cidrBits, CultureInfo.InvariantCulture, out var bits) || bits < 1 || bits > size - mask)
        {
            throw TemplateErrors.Template("Fn::Cidr cidrBits does not fit the ipBlock");
        }

        if (size - mask - bits < 31 && n > 1 << (size - mask - bits))
        {
            throw TemplateErrors.Template($"Fn::Cidr cannot give {n} blocks of {bits} bits from {block}");
        }

        var start = UInt128.Zero;
        foreach (var b in address.GetAddressBytes())
        {
            start = (start << 8) | b;
        }

        start = mask == 0 ? UInt128.Zero : (start >> (size - mask)) << (size - mask);
        return [.. Enumerable.Range(0, n).Select(i => $"{Address(start + ((UInt128)(uint)i << bits), size)}/{size - bits}")];
    }

    private static IPAddress Address(UInt128 value, int size)
    {
        var bytes = new byte[size / 8];
        for (var i = bytes.Length - 1; i >= 0; i--)
        {
            bytes[i] = (byte)(value & 0xFF);
            value >>= 8;
        }

        return new IPAddress(bytes);
    }
}
