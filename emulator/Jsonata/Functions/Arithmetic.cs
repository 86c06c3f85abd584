using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Disa.Jsonata.Evaluation;
using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>Functions on numbers.</summary>
internal static partial class Arithmetic
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    public static Value? Number(Call call, Value?[] arguments) =>
        arguments.At(0) switch
        {
            null => null,
            NumberValue number => number,
            BooleanValue boolean => new NumberValue(boolean.Value ? 1 : 0),
            StringValue { Value: var text } when Parse(text) is { } number => new NumberValue(number),
            var other => throw new JsonataException("D3030") { Value = Texts.Json(other), Index = 1 },
        };

    public static Value? Floor(Call call, Value?[] arguments) => Of(arguments, Math.Floor);

    public static Value? Ceil(Call call, Value?[] arguments) => Of(arguments, Math.Ceiling);

    public static Value? Abs(Call call, Value?[] arguments) => Of(arguments, Math.Abs);

    public static Value? Round(Call call, Value?[] arguments) => Of(arguments, number => Rounded(number, (int)(arguments.Number(1) ?? 0)));

    public static Value? Sqrt(Call call, Value?[] arguments) =>
        Of(
            arguments,
            number => number < 0 ? throw new JsonataException("D3060") { Value = Numbers.ToText(number), Index = 1 } : Math.Sqrt(number)
        );

    public static Value? Power(Call call, Value?[] arguments) =>
        Of(
            arguments,
            number =>
            {
                var exponent = arguments.Number(1) ?? double.NaN;
                var result = Math.Pow(number, exponent);
                return double.IsFinite(result)
                    ? result
                    : throw new JsonataException("D3061")
                    {
                        Value = Numbers.ToText(number),
                        Value2 = Numbers.ToText(exponent),
                        Index = 1,
                    };
            }
        );

    public static Value? FormatBase(Call call, Value?[] arguments)
    {
        if (arguments.Number(0) is not { } number)
        {
            return null;
        }

        var radix = Rounded(arguments.Number(1) ?? 10, 0);
        if (radix is < 2 or > 36)
        {
            throw new JsonataException("D3100") { Value = Numbers.ToText(radix) };
        }

        var rest = new BigInteger(Math.Abs(Rounded(number, 0)));
        var text = rest.IsZero ? "0" : "";
        while (!rest.IsZero)
        {
            text = Digits[(int)(rest % (int)radix)] + text;
            rest /= (int)radix;
        }

        return new StringValue(number < 0 && text != "0" ? $"-{text}" : text);
    }

    /// <summary>Halves go to the even neighbour.</summary>
    public static double Rounded(double number, int places)
    {
        var shifted = places == 0 ? number : Numbers.Shift(number, places);
        var result = Numbers.RoundHalfUp(shifted);
        if (Math.Abs(result - shifted) == 0.5 && Math.Abs(result % 2) == 1)
        {
            result--;
        }

        return (places == 0 ? result : Numbers.Shift(result, -places)) + 0.0; // never a negative zero
    }

    private static NumberValue? Of(Value?[] arguments, Func<double, double> function) =>
        arguments.Number(0) is { } number ? new NumberValue(function(number)) : null;

    private static double? Parse(string text)
    {
        if (Decimal().IsMatch(text))
        {
            var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return double.IsFinite(number) ? number : null;
        }

        if (!Prefixed().IsMatch(text))
        {
            return null;
        }

        var radix = char.ToLowerInvariant(text[1]) switch
        {
            'x' => 16,
            'o' => 8,
            _ => 2,
        };
        return text.Skip(2).Aggregate(0.0, (number, digit) => number * radix + Digits.IndexOf(char.ToLowerInvariant(digit)));
    }

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefixed();
}
