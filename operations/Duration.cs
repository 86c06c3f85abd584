using System.Globalization;

namespace Disa.Operations;

/// <summary>Spans of time as people type them: <c>+90s</c>, <c>15m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
internal static class Duration
{
    /// <exception cref="UsageException">The text is not a duration, or not a positive one.</exception>
    public static TimeSpan Parse(string text)
    {
        var rest = text.AsSpan().Trim().TrimStart('+');
        var total = TimeSpan.Zero;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                throw Misuse(text);
            }

            total += rest[digits] switch
            {
                's' => TimeSpan.FromSeconds(number),
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                'd' => TimeSpan.FromDays(number),
                _ => throw Misuse(text),
            };
            rest = rest[(digits + 1)..];
        }

        return total > TimeSpan.Zero && total <= TimeSpan.FromDays(366) ? total : throw Misuse(text);
    }

    private static UsageException Misuse(string text) => new($"'{text}' is not a duration (90s, 15m, 1h, 2d; at most a year).");
}
