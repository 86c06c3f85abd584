using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Disa.Operations;

/// <summary>
/// The key of a line that names none: the same for the same line of the same file, so that a file that is sent again, after an
/// interruption or by mistake, meets its own items instead of putting new ones.
/// </summary>
internal static class LineKey
{
    private const int Digits128 = 16;

    /// <param name="type">S, N or B.</param>
    /// <param name="attribute">The key's name: both values of a composite key come from the same line.</param>
    /// <param name="file">The file's name, without its directory.</param>
    /// <param name="line">The line as it stands there.</param>
    /// <param name="occurrence">1 for the first line of that text, 2 for the second: a file may say the same twice.</param>
    public static AttributeValue Of(string type, string attribute, string file, string line, int occurrence)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in (string[])[attribute, file, line, occurrence.ToString(CultureInfo.InvariantCulture)])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        var digest = hash.GetHashAndReset().AsSpan(0, Digits128);
        return type switch
        {
            // 120 bits are at most 37 digits; a number has 38.
            "N" => new AttributeValue
            {
                N = new BigInteger(digest[..15], isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
            },
            "B" => new AttributeValue { B = new MemoryStream(digest.ToArray()) },
            _ => new AttributeValue { S = new Guid(digest, bigEndian: true).ToString() },
        };
    }
}
