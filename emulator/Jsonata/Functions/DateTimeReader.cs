using System.Globalization;
using System.Text.RegularExpressions;

namespace Disa.Jsonata.Functions;

/// <summary>Reads a moment by a picture; what is missing before its largest part is today's, what is missing after its smallest is zero.</summary>
internal static class DateTimeReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <returns>Null where the text does not fit, or the picture has no markers.</returns>
    public static double? Read(string text, string picture, Instant now)
    {
        var parts = DateTimePicture.Parse(picture);
        var patterns = parts.Select((part, i) => Pattern(part, i + 1 < parts.Count && parts[i + 1].Integer is not null)).ToList();
        var components = new Dictionary<char, double>();
        try
        {
            var match = Regex.Match(
                text,
                $"^{string.Concat(patterns.Select(pattern => $"({pattern})"))}\\z",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
                Limit
            );
            if (!match.Success)
            {
                return null;
            }

            for (var i = 0; i < parts.Count; i++)
            {
                if (parts[i].Component != '\0')
                {
                    components[parts[i].Component] = Value(parts[i], match.Groups[i + 1].Value);
                }
            }
        }
        catch (RegexMatchTimeoutException)
        {
            throw Budget.TooLong();
        }

        return components.Count == 0 ? null : Moment(components, now);
    }

    /// <param name="isAdjacent">Whether another number follows without anything between.</param>
    private static string Pattern(PicturePart part, bool isAdjacent)
    {
        switch (part.Component)
        {
            case '\0':
                return Regex.Escape(part.Text);
            case 'Z' or 'z':
                var separator = part.Integer!.RegularSeparator;
                return (part.Component == 'z' ? "GMT" : "") + "[-+][0-9]+" + (separator is null ? "" : $"{Regex.Escape(separator)}[0-9]+");
            case 'M' or 'x' or 'F' or 'P' when part.Integer is null:
                return "[a-zA-Z]+";
        }

        if (part.Integer is null)
        {
            throw new JsonataException("D3133") { Value = $"\"{part.Component}\"" };
        }

        part.Integer.DigitsToRead = isAdjacent ? part.Integer.MandatoryDigits : null;
        return part.Integer.Pattern();
    }

    private static double Value(PicturePart part, string text) =>
        part.Component switch
        {
            'Z' or 'z' => Zone(part, part.Component == 'z' ? text[3..] : text),
            'P' when part.Integer is null => text.Equals("pm", StringComparison.OrdinalIgnoreCase) ? 1 : 0,
            'M' or 'x' or 'F' when part.Integer is null => Name(part, text),
            'f' => Math.Floor(double.Parse($"0.{text}", CultureInfo.InvariantCulture) * 1000),
            _ => part.Integer!.Read(text),
        };

    private static double Name(PicturePart part, string text)
    {
        var names = part.Component == 'F' ? DateTimeComponents.Days : DateTimeComponents.Months;
        var index = Array.FindIndex(
            names,
            name => (part.MaximumWidth is > 0 and var width && name.Length > width ? name[..width] : name) == text
        );
        return index < 0 ? double.NaN : index + 1;
    }

    /// <summary>In minutes.</summary>
    private static double Zone(PicturePart part, string text)
    {
        var sign = text[0] == '-' ? -1 : 1;
        var digits = text[1..];
        if (part.Integer!.RegularSeparator is { } separator)
        {
            var at = digits.IndexOf(separator, StringComparison.Ordinal);
            return sign * (Number(digits[..at]) * 60 + Number(digits[(at + separator.Length)..]));
        }

        return sign * (digits.Length <= 2 ? Number(digits) * 60 : Number(digits[..2]) * 60 + Number(digits[2..]));
    }

    private static double Number(string digits) => double.Parse(digits, CultureInfo.InvariantCulture);

    private static double? Moment(Dictionary<char, double> components, Instant now)
    {
        bool Has(string any) => any.Any(components.ContainsKey);

        // The day is given by the week-numbering year, by the day of the year, or by month and day.
        if (components.Values.Any(double.IsNaN) || (Has("Xxw") && !Has("YMDd")) || (Has("XWxw") && Has("F") && !Has("MDd")))
        {
            return components.Values.Any(double.IsNaN) ? null : throw new JsonataException("D3136");
        }

        var isDayOfYear = Has("d") && !Has("MD");
        var isHalfDay = Has("Ph") && !Has("H");
        Complete(components, (isDayOfYear ? "Yd" : "YMD") + (isHalfDay ? "Phmsf" : "Hmsf"), now);
        var hour = isHalfDay ? components['h'] % 12 + 12 * components['P'] : components['H'];
        var (month, day) = isDayOfYear
            ? (1, components['d'])
            : (Math.Max(components['M'], 1), Math.Max(components['D'], isDayOfYear ? 1 : 0));
        var instant = Instant.Of(components['Y'], month, day, hour, components['m'], components['s'], components['f']);
        var zone = components.TryGetValue('Z', out var offset) || components.TryGetValue('z', out offset) ? offset : 0;
        return instant.Milliseconds - zone * 60_000;
    }

    private static void Complete(Dictionary<char, double> components, string order, Instant now)
    {
        var (hasBegun, hasEnded) = (false, false);
        foreach (var component in order)
        {
            if (components.ContainsKey(component))
            {
                hasBegun = true;
                if (hasEnded)
                {
                    throw new JsonataException("D3136");
                }
            }
            else if (hasBegun)
            {
                components[component] = component is 'M' or 'D' or 'd' ? 1 : 0;
                hasEnded = true;
            }
            else
            {
                components[component] = component == 'P' ? (now.Hour >= 12 ? 1 : 0) : DateTimeComponents.Number(now, component);
            }
        }
    }
}
