using System.Globalization;
using System.Text;

namespace Disa.Cli.Output;

/// <summary>
/// Text from outside as it may be shown: what a terminal would obey, or what would make text read otherwise than it is written, becomes
/// visible. That is every control character (C0, DEL and C1), line and paragraph separators, and format characters such as bidirectional
/// overrides and tags; the two joiners that emoji and some scripts are written with stay.
/// </summary>
internal static class Shown
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>On one line: line breaks and tabs become visible too.</summary>
    public static string Line(string? text) => Show(text, isBlock: false);

    /// <summary>Over several lines: line breaks stay, tabs become spaces.</summary>
    public static string Block(string? text) => Show(text?.ReplaceLineEndings("\n"), isBlock: true);

    /// <summary>JSON whose strings hold nothing that a terminal obeys; it is the same JSON, written with more escapes.</summary>
    public static string Json(string json)
    {
        if (!NeedsChange(json))
        {
            return json;
        }

        var shown = new StringBuilder(json.Length + 16);
        foreach (var rune in json.EnumerateRunes())
        {
            if (IsHarmless(rune) || rune.Value is '\n' or '\r' or '\t')
            {
                shown.Append(rune.ToString());
                continue;
            }

            // Structure is ASCII: what is found here is inside a string.
            foreach (var unit in rune.ToString())
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }

        return shown.ToString();
    }

    private static string Show(string? text, bool isBlock)
    {
        if (string.IsNullOrEmpty(text) || !NeedsChange(text))
        {
            return text ?? "";
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' when isBlock => shown.Append('\n'),
                '\t' when isBlock => shown.Append("    "),
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                _ when IsHarmless(rune) => shown.Append(rune.ToString()),
                <= 0xFFFF => shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => shown.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return shown.ToString();
    }

    private static bool NeedsChange(string text)
    {
        foreach (var unit in text)
        {
            if (unit is < ' ' or > '~')
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsHarmless(Rune rune) =>
        Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate =>
                false,
            UnicodeCategory.Format => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner,
            _ => true,
        };
}
