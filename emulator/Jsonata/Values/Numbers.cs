using System.Globalization;
using System.Text;

namespace Disa.Jsonata.Values;

/// <summary>Numbers as texts, as JavaScript writes them.</summary>
internal static class Numbers
{
    public static string ToText(double number)
    {
        if (number == 0)
        {
            return "0";
        }

        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "NaN"
                : number > 0 ? "Infinity"
                : "-Infinity";
        }

        if (Math.Abs(number) < 1e15 && number == Math.Floor(number))
        {
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        }

        var (digits, point) = Digits(Math.Abs(number));
        var text = new StringBuilder();
        if (number < 0)
        {
            text.Append('-');
        }

        if (point > 21 || point < -5)
        {
            text.Append(digits[0]);
            if (digits.Length > 1)
            {
                text.Append('.').Append(digits, 1, digits.Length - 1);
            }

            var exponent = point - 1;
            return text.Append('e').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent)).ToString();
        }

        if (point <= 0)
        {
            return text.Append("0.").Append('0', -point).Append(digits).ToString();
        }

        if (digits.Length <= point)
        {
            return text.Append(digits).Append('0', point - digits.Length).ToString();
        }

        return text.Append(digits, 0, point).Append('.').Append(digits, point, digits.Length - point).ToString();
    }

    /// <summary>As the input has it where it is from there; what JSON has no number for is null.</summary>
    public static string ToJsonText(NumberValue number) => number.Text ?? (double.IsFinite(number.Value) ? ToText(number.Value) : "null");

    /// <summary>As AWS writes numbers: whole ones of 64 bits as they are, others as Java's Double.toString, infinite ones as texts.</summary>
    public static string ToJavaText(NumberValue number)
    {
        if (
            number.Text is not null
            && long.TryParse(number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exact)
        )
        {
            return exact.ToString(CultureInfo.InvariantCulture);
        }

        if (number.Value == Math.Floor(number.Value) && Math.Abs(number.Value) < long.MaxValue)
        {
            return ((long)number.Value).ToString(CultureInfo.InvariantCulture);
        }

        return double.IsFinite(number.Value) ? JavaText(number.Value) : $"\"{ToText(number.Value)}\"";
    }

    private static string JavaText(double number)
    {
        var (digits, point) = Digits(Math.Abs(number));
        var sign = number < 0 ? "-" : "";
        if (point is > 7 or < -2)
        {
            return $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{(point - 1).ToString(CultureInfo.InvariantCulture)}";
        }

        return point <= 0 ? $"{sign}0.{new string('0', -point)}{digits}"
            : digits.Length <= point ? $"{sign}{digits.PadRight(point, '0')}.0"
            : $"{sign}{digits[..point]}.{digits[point..]}";
    }

    /// <summary>Fifteen significant digits, and no more than that: what <c>$string</c> shows of a fraction.</summary>
    public static double ToPrecision15(double number) =>
        number == Math.Floor(number)
            ? number
            : double.Parse(number.ToString("E14", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The number times a power of ten, rounded once: through its text, as the reference does it.</summary>
    public static double Shift(double number, int places)
    {
        var text = ToText(number);
        var e = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var shifted = $"{(e < 0 ? text : text[..e])}e{exponent + (long)places}";
        return double.TryParse(shifted, NumberStyles.Float, CultureInfo.InvariantCulture, out var result) ? result : double.NaN;
    }

    /// <summary>JavaScript's Math.round: halves go up.</summary>
    public static double RoundHalfUp(double number) => Math.Floor(number) is var floor && number - floor >= 0.5 ? floor + 1 : floor;

    /// <summary>The shortest digits that stand for the number, and where its point is.</summary>
    private static (string Digits, int Point) Digits(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = e < 0 ? 0 : int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var point = (dot < 0 ? mantissa.Length : dot) + exponent;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        digits = digits[leading..].TrimEnd('0');
        return (digits, point - leading);
    }
}
