using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Disa.Emulator.Patterns;

/// <summary>The operator <c>cidr</c>: an address within a block.</summary>
internal static class CidrMatcher
{
    public static Func<JsonElement, bool> Of(JsonElement operand)
    {
        if (operand.ValueKind != JsonValueKind.String)
        {
            // A slip of AWS's own (recorded).
            throw EventPatternException.At(operand, "prefix match pattern must be a string");
        }

        var text = operand.GetString()!;
        if (text.Split('/') is not [var host, var bits])
        {
            throw new EventPatternException("Malformed CIDR, one '/' required");
        }

        if (!int.TryParse(bits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var length))
        {
            throw new EventPatternException("Malformed CIDR, mask bits must be an integer");
        }

        if (length < 0)
        {
            throw new EventPatternException("Malformed CIDR, mask bits must not be negative");
        }

        if (!IPAddress.TryParse(host, out var address))
        {
            throw new EventPatternException($"Nonstandard IP address: {host}");
        }

        if (length > address.GetAddressBytes().Length * 8)
        {
            throw new EventPatternException(
                address.GetAddressBytes().Length == 4 ? "IPv4 mask bits must be < 32" : "IPv6 mask bits must be < 128"
            );
        }

        var wanted = address.GetAddressBytes();
        return value =>
        {
            if (value.ValueKind != JsonValueKind.String || !IPAddress.TryParse(value.GetString(), out var candidate))
            {
                return false;
            }

            var bytes = candidate.GetAddressBytes();
            return bytes.Length == wanted.Length
                && Enumerable.Range(0, length).All(bit => ((bytes[bit / 8] ^ wanted[bit / 8]) & (0x80 >> (bit % 8))) == 0);
        };
    }
}
