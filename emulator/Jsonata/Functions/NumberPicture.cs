using System.Globalization;
using System.Text;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary><c>$formatNumber</c>: a number by an XPath decimal picture.</summary>
/// <remarks>https://www.w3.org/TR/xpath-functions-31/#func-format-number</remarks>
internal static class NumberPicture
{
    public static Value? Format(Call call, Value?[] arguments)
    {
        if (arguments.Number(0) is not { } number)
        {
            return null;
        }

        var symbols = new NumberSymbols(arguments.At(2) as ObjectValue);
        var pictures = (arguments.Text(1) ?? "").Split(symbols.PatternSeparator);
        if (pictures.Length > 2)
        {
            throw new JsonataException("D3080");
        }

        var parts = pictures.Select(picture => NumberSubPicture.Parse(picture, symbols)).ToList();
        foreach (var part in parts)
        {
            part.Check();
        }

        var isNegative = !(number >= 0);
        var chosen = isNegative && parts.Count == 2 ? parts[1] : parts[0];
        var prefix = isNegative && parts.Count == 1 ? symbols.MinusSign + chosen.Prefix : chosen.Prefix;
        return new StringValue(prefix + Text(number, chosen, symbols) + chosen.Suffix);
    }

    private static string Text(double number, NumberSubPicture picture, NumberSymbols symbols)
    {
        number *=
            picture.Source.Contains(symbols.Percent, StringComparison.Ordinal) ? 100
            : picture.Source.Contains(symbols.PerMille, StringComparison.Ordinal) ? 1000
            : 1;
        var (mantissa, exponent) = picture.MinimumExponentSize == 0 ? (number, 0) : Scaled(number, picture.ScalingFactor);
        var rounded = Arithmetic.Rounded(mantissa, picture.MaximumFractionalSize);
        var text = Grouped(Padded(Fixed(rounded, picture.MaximumFractionalSize), picture), picture, symbols);
        text = symbols.Localized(text);
        if (picture.MinimumExponentSize > 0)
        {
            var digits = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture).PadLeft(picture.MinimumExponentSize, '0');
            text += symbols.ExponentSeparator + (exponent < 0 ? symbols.MinusSign : "") + symbols.Localized(digits);
        }

        return text;
    }

    private static (double Mantissa, int Exponent) Scaled(double number, int factor)
    {
        var most = Math.Pow(10, factor);
        var least = Math.Pow(10, factor - 1);
        var exponent = 0;
        while (number != 0 && double.IsFinite(number) && Math.Abs(number) < least)
        {
            number *= 10;
            exponent--;
        }

        while (double.IsFinite(number) && Math.Abs(number) > most)
        {
            number /= 10;
            exponent++;
        }

        return (number, exponent);
    }

    private static string Fixed(double number, int places) =>
        Math.Abs(number).ToString($"F{Math.Min(places, 100)}", CultureInfo.InvariantCulture);

    /// <summary>As few digits as there may be, with a point.</summary>
    private static string Padded(string text, NumberSubPicture picture)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = (point < 0 ? text : text[..point]).TrimStart('0').PadLeft(picture.MinimumIntegerSize, '0');
        var fraction = (point < 0 ? "" : text[(point + 1)..]).TrimEnd('0').PadRight(picture.MinimumFractionalSize, '0');
        return $"{whole}.{fraction}";
    }

    private static string Grouped(string text, NumberSubPicture picture, NumberSymbols symbols)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = new StringBuilder(text[..point]);
        if (picture.RegularGrouping > 0)
        {
            for (var at = point - picture.RegularGrouping; at > 0; at -= picture.RegularGrouping)
            {
                whole.Insert(at, symbols.GroupingSeparator);
            }
        }
        else
        {
            // From the right, so that what is inserted does not move what is still to come.
            foreach (var position in picture.IntegerGroups.Where(position => position < point).Order())
            {
                whole.Insert(point - position, symbols.GroupingSeparator);
            }
        }

        var fraction = new StringBuilder(text[(point + 1)..]);
        foreach (var position in picture.FractionalGroups.Where(position => position <= fraction.Length))
        {
            fraction.Insert(position, symbols.GroupingSeparator);
        }

        return fraction.Length == 0 || !picture.Source.Contains(symbols.DecimalSeparator, StringComparison.Ordinal)
            ? whole.ToString()
            : $"{whole}.{fraction}";
    }
}
