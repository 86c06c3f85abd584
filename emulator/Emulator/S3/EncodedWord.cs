using System.Text;
using System.Text.RegularExpressions;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>Metadata beyond ASCII, which travels in encoded words (RFC 2047).</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata</remarks>
internal static partial class EncodedWord
{
    public static string Of(string value) =>
        value.All(char.IsAscii) ? value : $"=?UTF-8?B?{Convert.ToBase64String(HeaderText.Bytes(value))}?=";

    /// <summary>The text that a header holds, which may be encoded or not.</summary>
    public static string Text(string value) =>
        value.Contains("=?", StringComparison.Ordinal) ? Words().Replace(value, word => Decoded(word) ?? word.Value) : value;

    private static string? Decoded(Match word)
    {
        var text = word.Groups["text"].Value;
        if (word.Groups["how"].Value is "Q" or "q")
        {
            return Quoted(text);
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static string? Quoted(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                bytes.Add(text[i] == '_' ? (byte)' ' : (byte)text[i]);
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
            {
                return null;
            }

            bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
            i += 2;
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"=\?UTF-8\?(?<how>[BbQq])\?(?<text>[!->@-~]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex Words();
}
