using System.Globalization;

namespace Disa.Emulator.Logs;

/// <summary>Behind which event a page ended, in the order of time.</summary>
internal readonly record struct EventPosition(long Time, long Id)
{
    /// <summary>Of a text that <see cref="ToString"/> made.</summary>
    public static EventPosition Parse(string text) =>
        text.Split(' ') is [var time, var id]
            ? new(long.Parse(time, CultureInfo.InvariantCulture), long.Parse(id, CultureInfo.InvariantCulture))
            : throw new FormatException($"'{text}' is not a position.");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time} {Id}");
}
