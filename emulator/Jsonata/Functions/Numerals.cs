using System.Text;

namespace Disa.Jsonata.Functions;

/// <summary>Roman numerals, and the letters of spreadsheet columns.</summary>
internal static class Numerals
{
    private static readonly (int Value, string Text)[] Parts =
    [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];

    public static string Roman(double value)
    {
        if (value > 10_000_000)
        {
            throw new JsonataException("U1001") { Text = "The number is too large for Roman numerals" };
        }

        var text = new StringBuilder();
        foreach (var (part, numeral) in Parts)
        {
            for (; value >= part; value -= part)
            {
                text.Append(numeral);
            }
        }

        return text.ToString();
    }

    /// <param name="roman">In capitals.</param>
    public static double OfRoman(string roman)
    {
        var (total, most) = (0.0, 1.0);
        foreach (var digit in roman.Reverse())
        {
            var value = digit switch
            {
                'M' => 1000,
                'D' => 500,
                'C' => 100,
                'L' => 50,
                'X' => 10,
                'V' => 5,
                'I' => 1,
                _ => double.NaN,
            };
            total += value < most ? -value : value;
            most = Math.Max(most, value);
        }

        return total;
    }

    public static string Letters(double value, char first)
    {
        var letters = "";
        for (; value > 0; value = Math.Floor((value - 1) / 26))
        {
            letters = (char)(first + (value - 1) % 26) + letters;
        }

        return letters;
    }

    public static double OfLetters(string letters, char first) =>
        letters.Aggregate(0.0, (value, letter) => value * 26 + (letter - first + 1));
}
