using System.Globalization;

namespace Disa.Emulator.CloudWatch;

/// <summary>One period of an alarm's metric.</summary>
/// <param name="Start">Where the period starts.</param>
/// <param name="Value">The statistic's value, null without one.</param>
/// <param name="SampleCount">How many samples it was drawn from.</param>
internal readonly record struct AlarmPoint(DateTimeOffset Start, double? Value, double SampleCount);

/// <summary>How CloudWatch writes numbers and times in its reasons and messages.</summary>
internal static class AlarmText
{
    /// <summary>As Java writes a double: <c>1.0</c>, <c>21.5</c>, <c>1.0E7</c>.</summary>
    public static string Number(double value)
    {
        var size = Math.Abs(value);
        if (value == 0 || size is >= 1e-3 and < 1e7)
        {
            var text = value.ToString("0.0################", CultureInfo.InvariantCulture);
            var exact = value.ToString("R", CultureInfo.InvariantCulture);
            return exact.Contains('E', StringComparison.Ordinal) ? text
                : exact.Contains('.', StringComparison.Ordinal) ? exact
                : exact + ".0";
        }

        var scientific = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(
            scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture
        );
        var digits = (value / Math.Pow(10, exponent)).ToString("R", CultureInfo.InvariantCulture);
        return $"{(digits.Contains('.', StringComparison.Ordinal) ? digits : digits + ".0")}E{exponent.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Such as <c>2026-11-23T06:30:00.000+0000</c>.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>1.0 (23/11/26 06:30:00)</c>.</summary>
    public static string Point(AlarmPoint point) =>
        $"{Number(point.Value!.Value)} ({point.Start.UtcDateTime.ToString("dd/MM/yy HH:mm:ss", CultureInfo.InvariantCulture)})";
}
