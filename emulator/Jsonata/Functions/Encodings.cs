using System.Text;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Base64, and the escapes of URLs.</summary>
internal static class Encodings
{
    private const string Reserved = ";/?:@&=+$,#";
    private const string Unreserved = "-_.!~*'()";

    /// <summary>Of a text's lowest bytes, as the reference has it.</summary>
    public static Value? Base64Encode(Call call, Value?[] arguments) =>
        arguments.Text(0) is { } text ? new StringValue(Convert.ToBase64String(text.Select(unit => (byte)unit).ToArray())) : null;

    public static Value? Base64Decode(Call call, Value?[] arguments) =>
        arguments.Text(0) is { } text ? new StringValue(Encoding.Latin1.GetString(Decoded(text))) : null;

    public static Value? EncodeUrlComponent(Call call, Value?[] arguments) => Encode(arguments, "encodeUrlComponent", Unreserved);

    public static Value? EncodeUrl(Call call, Value?[] arguments) => Encode(arguments, "encodeUrl", Unreserved + Reserved);

    public static Value? DecodeUrlComponent(Call call, Value?[] arguments) => Decode(arguments, "decodeUrlComponent", "");

    public static Value? DecodeUrl(Call call, Value?[] arguments) => Decode(arguments, "decodeUrl", Reserved);

    /// <summary>What is no Base64 is passed over.</summary>
    private static byte[] Decoded(string text)
    {
        var clean = new string([
            .. text.TakeWhile(unit => unit != '=')
                .Select(unit =>
                    unit == '-' ? '+'
                    : unit == '_' ? '/'
                    : unit
                )
                .Where(unit => char.IsAsciiLetterOrDigit(unit) || unit is '+' or '/'),
        ]);
        clean = clean.Length % 4 == 1 ? clean[..^1] : clean;
        return Convert.FromBase64String(clean.PadRight((clean.Length + 3) / 4 * 4, '='));
    }

    private static StringValue? Encode(Value?[] arguments, string function, string kept)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var encoded = new StringBuilder();
        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < text.Length; )
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune))
            {
                throw Malformed(function, text);
            }

            i += rune.Utf16SequenceLength;
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || kept.Contains((char)rune.Value, StringComparison.Ordinal)))
            {
                encoded.Append((char)rune.Value);
                continue;
            }

            foreach (var part in bytes[..rune.EncodeToUtf8(bytes)])
            {
                encoded.Append('%').Append(part.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return new StringValue(encoded.ToString());
    }

    private static StringValue? Decode(Value?[] arguments, string function, string kept)
    {
        if (arguments.Text(0) is not { } text)
        {
            return null;
        }

        var decoded = new StringBuilder();
        for (var i = 0; i < text.Length; )
        {
            if (text[i] != '%')
            {
                decoded.Append(text[i++]);
                continue;
            }

            var bytes = new List<byte>();
            for (var j = i; j < text.Length && text[j] == '%'; j += 3)
            {
                bytes.Add(Escape(text, j) ?? throw Malformed(function, text));
            }

            if (Rune.DecodeFromUtf8([.. bytes], out var rune, out var length) != System.Buffers.OperationStatus.Done)
            {
                throw Malformed(function, text);
            }

            decoded.Append(kept.Contains(rune.ToString(), StringComparison.Ordinal) ? text.Substring(i, 3 * length) : rune.ToString());
            i += 3 * length;
        }

        return new StringValue(decoded.ToString());
    }

    private static byte? Escape(string text, int at) =>
        at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2])
            ? Convert.FromHexString(text.AsSpan(at + 1, 2))[0]
            : null;

    private static JsonataException Malformed(string function, string text) =>
        new("D3140") { Token = function, Value = Texts.Json(new StringValue(text)) };
}
