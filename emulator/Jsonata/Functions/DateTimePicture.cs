using System.Globalization;
using System.Text.RegularExpressions;

namespace Disa.Jsonata.Functions;

/// <summary>A picture of a date and time, taken apart into texts and markers such as <c>[Y0001]</c>.</summary>
/// <remarks>https://www.w3.org/TR/xpath-functions-31/#date-picture-string</remarks>
internal static partial class DateTimePicture
{
    public static readonly IReadOnlyList<PicturePart> Iso8601 = Parse("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]");

    public static IReadOnlyList<PicturePart> Parse(string picture)
    {
        var parts = new List<PicturePart>();
        var start = 0;
        for (var at = 0; at < picture.Length; at++)
        {
            if (picture[at] != '[')
            {
                continue;
            }

            AddText(parts, picture[start..at]);
            if (at + 1 < picture.Length && picture[at + 1] == '[')
            {
                parts.Add(new PicturePart("["));
                at++;
                start = at + 1;
                continue;
            }

            var end = picture.IndexOf(']', at);
            if (end < 0)
            {
                throw new JsonataException("D3135");
            }

            parts.Add(PicturePart.Marker(Space().Replace(picture[(at + 1)..end], "")));
            at = end;
            start = end + 1;
        }

        AddText(parts, picture[start..]);
        return parts;
    }

    private static void AddText(List<PicturePart> parts, string text)
    {
        if (text.Length > 0)
        {
            parts.Add(new PicturePart(text.Replace("]]", "]", StringComparison.Ordinal)));
        }
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Space();
}

internal enum NameCase
{
    None,
    Lower,
    Upper,
    Title,
}

/// <param name="Text">A text that stands for itself; of a marker empty.</param>
internal sealed record PicturePart(string Text)
{
    private const string Defaults = "Y1 M1 D1 d1 Fn W1 w1 X1 x1 H1 h1 Pn m01 s01 f1 Z01:01 z01:01 Cn En";
    private static readonly Dictionary<char, string> Presentations = Defaults.Split(' ').ToDictionary(part => part[0], part => part[1..]);

    /// <summary>The letter of a marker; <c>\0</c> of a text.</summary>
    public char Component { get; private init; }

    public int? MinimumWidth { get; private init; }

    public int? MaximumWidth { get; private init; }

    public NameCase Names { get; private init; }

    public IntegerPicture? Integer { get; private init; }

    /// <summary>Of a year: how many of its last digits are written.</summary>
    public int? Digits { get; private init; }

    /// <summary>Whether an offset of zero is written as Z.</summary>
    public bool IsTraditional { get; private init; }

    public static PicturePart Marker(string marker)
    {
        var component = marker.Length > 0 ? marker[0] : '\0';
        var comma = marker.LastIndexOf(',');
        var (least, most) = comma < 0 ? (null, null) : Widths(marker[(comma + 1)..]);
        var modifiers = marker.Length == 0 ? "" : marker[1..(comma < 1 ? marker.Length : comma)];
        var second = modifiers.Length > 1 && "atco".Contains(modifiers[^1], StringComparison.Ordinal) ? modifiers[^1] : '\0';
        var first =
            modifiers.Length == 0 ? Presentations.GetValueOrDefault(component)
            : second == '\0' ? modifiers
            : modifiers[..^1];
        if (first is null)
        {
            throw new JsonataException("D3132") { Value = $"\"{(component == '\0' ? "" : component)}\"" };
        }

        var names =
            first[0] == 'n' ? NameCase.Lower
            : first.StartsWith("Nn", StringComparison.Ordinal) ? NameCase.Title
            : first[0] == 'N' ? NameCase.Upper
            : NameCase.None;
        var integer = IntegerOf(component, names, first, second, least);
        return new PicturePart("")
        {
            Component = component,
            MinimumWidth = least,
            MaximumWidth = most,
            Names = names,
            Integer = integer,
            Digits = component == 'Y' && integer is not null ? YearDigits(integer, most) : null,
            IsTraditional = second == 't',
        };
    }

    private static IntegerPicture? IntegerOf(char component, NameCase names, string first, char second, int? least)
    {
        if (component is 'Z' or 'z')
        {
            return IntegerPicture.Parse(first);
        }

        if (names != NameCase.None || !"YMDdFWwXxHhmsf".Contains(component, StringComparison.Ordinal))
        {
            return null;
        }

        var picture = IntegerPicture.Parse(second == '\0' ? first : $"{first};{second}");
        picture.MandatoryDigits = Math.Max(picture.MandatoryDigits, least ?? 0);
        return picture;
    }

    private static int? YearDigits(IntegerPicture integer, int? most)
    {
        if (most is { } width)
        {
            integer.MandatoryDigits = width;
            return width;
        }

        return integer.MandatoryDigits + integer.OptionalDigits is >= 2 and var digits ? digits : null;
    }

    private static (int? Least, int? Most) Widths(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? (Width(text), null) : (Width(text[..dash]), Width(text[(dash + 1)..]));
    }

    private static int? Width(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var width) ? Math.Min(width, 100) : null;
}
