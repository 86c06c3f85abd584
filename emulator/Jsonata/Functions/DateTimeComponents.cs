using System.Globalization;

namespace Disa.Jsonata.Functions;

/// <summary>The parts of a moment, and how a picture's marker writes one.</summary>
internal static class DateTimeComponents
{
    public static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    public static readonly string[] Months =
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];

    /// <param name="offset">As <c>hhmm</c>.</param>
    public static string Text(Instant instant, PicturePart part, int offset)
    {
        switch (part.Component)
        {
            case 'Z' or 'z':
                return Zone(part, offset);
            case 'P':
                var half = instant.Hour >= 12 ? "pm" : "am";
                return part.Names == NameCase.Upper ? half.ToUpperInvariant() : half;
            case 'C' or 'E':
                return "ISO";
        }

        var number = Number(instant, part.Component);
        if (part.Names != NameCase.None)
        {
            return Name(part, number);
        }

        if (part.Digits is { } digits)
        {
            number %= Math.Pow(10, digits);
        }

        return part.Integer!.Format(number);
    }

    public static double Number(Instant instant, char component) =>
        component switch
        {
            'Y' => instant.Year,
            'M' => instant.Month,
            'D' => instant.Day,
            'd' => instant.DayOfYear,
            'F' => instant.Weekday,
            'W' => Week(
                instant,
                Instant.FirstWeek(instant.Year, 1),
                Instant.FirstWeek(instant.Year + 1, 1),
                Instant.FirstWeek(instant.Year - 1, 1),
                52
            ),
            'w' => Week(
                instant,
                Instant.FirstWeek(instant.Year, instant.Month),
                Instant.FirstWeek(instant.Year, instant.Month + 1),
                Instant.FirstWeek(instant.Year, instant.Month - 1),
                4
            ),
            'X' => instant.Year + Outside(instant, Instant.FirstWeek(instant.Year, 1), Instant.FirstWeek(instant.Year + 1, 1)),
            'x' => (
                instant.Month
                + Outside(instant, Instant.FirstWeek(instant.Year, instant.Month), Instant.FirstWeek(instant.Year, instant.Month + 1))
                + 11
            ) % 12
                + 1,
            'H' => instant.Hour,
            'h' => (instant.Hour + 11) % 12 + 1,
            'm' => instant.Minute,
            's' => instant.Second,
            _ => instant.Millisecond,
        };

    /// <summary>The week from the Monday of the first; at the ends it may be one of the next year or month, or of the one before.</summary>
    private static double Week(Instant instant, long first, long next, long previous, int many)
    {
        var today = instant.StartOfDay;
        var week = Weeks(first, today);
        if (week > many && today >= next)
        {
            return 1;
        }

        return Math.Floor(week < 1 ? Weeks(previous, today) : week);
    }

    private static double Weeks(long start, long end) => (double)(end - start) / (7 * Instant.DayLength) + 1;

    private static int Outside(Instant instant, long start, long end) =>
        instant.Milliseconds < start ? -1
        : instant.Milliseconds >= end ? 1
        : 0;

    private static string Name(PicturePart part, double number)
    {
        var name = part.Component switch
        {
            'M' or 'x' => Months[(int)number - 1],
            'F' => Days[(int)number - 1],
            _ => throw new JsonataException("D3133") { Value = $"\"{part.Component}\"" },
        };
        name = part.Names switch
        {
            NameCase.Upper => name.ToUpperInvariant(),
            NameCase.Lower => name.ToLowerInvariant(),
            _ => name,
        };
        return part.MaximumWidth is { } width && name.Length > width ? name[..width] : name;
    }

    private static string Zone(PicturePart part, int offset)
    {
        if (offset == 0 && part.IsTraditional)
        {
            return "Z";
        }

        var integer = part.Integer!;
        var text = integer.RegularSeparator is not null
            ? integer.Format(offset)
            : integer.MandatoryDigits switch
            {
                1 or 2 => integer.Format(offset / 100) + (offset % 100 == 0 ? "" : $":{Minutes(offset)}"),
                3 or 4 => integer.Format(offset),
                _ => throw new JsonataException("D3134") { Value = integer.MandatoryDigits.ToString(CultureInfo.InvariantCulture) },
            };
        text = offset >= 0 ? $"+{text}" : text;
        return part.Component == 'z' ? $"GMT{text}" : text;
    }

    private static string Minutes(int offset) => Math.Abs(offset % 100).ToString("00", CultureInfo.InvariantCulture);
}
