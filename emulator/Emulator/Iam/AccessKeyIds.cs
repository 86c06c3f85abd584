using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Disa.Emulator.Iam;

/// <summary>Access key ids as AWS forms them: a prefix and sixteen base-32 characters, whose first bytes hold the account.</summary>
internal static class AccessKeyIds
{
    public const string OfUser = "AKIA";
    public const string OfSession = "ASIA";

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Characters = 16;
    private const int Bytes = 10;

    public static string New(string prefix, string account)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        var number = long.Parse(account, System.Globalization.CultureInfo.InvariantCulture);
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(head, (1L << 47) | (number << 7) | (uint)(bytes[5] & 0x7f));
        head[2..].CopyTo(bytes);
        var text = new StringBuilder(prefix);
        for (var i = 0; i < Characters; i++)
        {
            var bit = i * 5;
            var pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < Bytes ? bytes[bit / 8 + 1] : 0);
            text.Append(Alphabet[(pair >> (11 - bit % 8)) & 31]);
        }

        return text.ToString();
    }

    /// <summary>The account in an access key id, AWS's own included; null where there is none in it.</summary>
    public static string? Account(string accessKeyId) =>
        Read(accessKeyId, stackalloc byte[Bytes]) is { } number
            ? number.ToString("D12", System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <summary>Whether an id has the form of those that IAM and STS issue, here and on AWS.</summary>
    public static bool IsIssuedForm(string accessKeyId) =>
        accessKeyId.Length == 4 + Characters
        && (
            accessKeyId.StartsWith(OfUser, StringComparison.OrdinalIgnoreCase)
            || accessKeyId.StartsWith(OfSession, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>Unique ids of roles, users, groups and policies: a prefix and seventeen characters.</summary>
    public static string UniqueId(string prefix) => prefix + RandomNumberGenerator.GetString(Alphabet, 17);

    public static string Secret() =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 40);

    private static long? Read(string accessKeyId, Span<byte> bytes)
    {
        if (
            accessKeyId.Length != 4 + Characters
            || !(accessKeyId.StartsWith(OfUser, StringComparison.Ordinal) || accessKeyId.StartsWith(OfSession, StringComparison.Ordinal))
        )
        {
            return null;
        }

        for (var i = 0; i < Characters; i++)
        {
            var value = Alphabet.IndexOf(accessKeyId[4 + i], StringComparison.Ordinal);
            if (value < 0)
            {
                return null;
            }

            for (var b = 0; b < 5; b++)
            {
                if ((value & (16 >> b)) != 0)
                {
                    bytes[(i * 5 + b) / 8] |= (byte)(128 >> ((i * 5 + b) % 8));
                }
            }
        }

        Span<byte> head = stackalloc byte[8];
        bytes[..6].CopyTo(head[2..]);
        var account = (BinaryPrimitives.ReadInt64BigEndian(head) & 0x7fffffffff80) >> 7;
        return account < 1_000_000_000_000 ? account : null;
    }
}
