using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Disa.Jsonata;

/// <summary>Reads JSON from outside. Half a surrogate pair, escaped, as JavaScript writes half an emoji, is read as U+FFFD.</summary>
/// <remarks>
/// The grammar of RFC 8259 allows such escapes. System.Text.Json accepts the document, and throws InvalidOperationException when the
/// string is read.
/// </remarks>
public static class JsonInput
{
    private const int Escape = 6; // characters of \uD83D
    private const string Replacement = "\\ufffd";

    /// <exception cref="JsonException">It is not valid JSON.</exception>
    public static JsonElement Parse(string text, JsonDocumentOptions options = default) => JsonElement.Parse(Whole(text), options);

    /// <exception cref="JsonException">It is not valid JSON.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> utf8, JsonDocumentOptions options = default) =>
        MayHoldSurrogates(utf8) ? Parse(Encoding.UTF8.GetString(utf8), options) : JsonElement.Parse(utf8, options);

    /// <exception cref="JsonException">It is not valid JSON.</exception>
    public static JsonDocument Document(string text, JsonDocumentOptions options = default) => JsonDocument.Parse(Whole(text), options);

    /// <exception cref="JsonException">It is not valid JSON.</exception>
    public static JsonDocument Document(ReadOnlyMemory<byte> utf8, JsonDocumentOptions options = default) =>
        MayHoldSurrogates(utf8.Span) ? Document(Encoding.UTF8.GetString(utf8.Span), options) : JsonDocument.Parse(utf8, options);

    /// <summary>The JSON with U+FFFD for each half of a surrogate pair.</summary>
    public static string Whole(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? whole = null;
        var copied = 0;
        for (var at = text.IndexOf('\\'); at >= 0; at = at < text.Length ? text.IndexOf('\\', at) : -1)
        {
            var unit = Unit(text, at);
            if (unit is not { } one || !char.IsSurrogate(one))
            {
                at += 2;
            }
            else if (char.IsHighSurrogate(one) && Unit(text, at + Escape) is { } other && char.IsLowSurrogate(other))
            {
                at += 2 * Escape;
            }
            else
            {
                (whole ??= new StringBuilder(text.Length)).Append(text, copied, at - copied).Append(Replacement);
                copied = at += Escape;
            }
        }

        return whole is null ? text : whole.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>The UTF-16 code unit of the escape <c>\uXXXX</c> at this position; null if there is none.</summary>
    private static char? Unit(string text, int at) =>
        at + Escape <= text.Length
        && text[at] == '\\'
        && text[at + 1] == 'u'
        && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;

    private static bool MayHoldSurrogates(ReadOnlySpan<byte> utf8) => utf8.IndexOf("\\ud"u8) >= 0 || utf8.IndexOf("\\uD"u8) >= 0;
}
