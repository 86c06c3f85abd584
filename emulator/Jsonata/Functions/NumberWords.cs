using System.Text.RegularExpressions;

namespace Disa.Jsonata.Functions;

/// <summary>Numbers in English words.</summary>
internal static partial class NumberWords
{
    private static readonly string[] Few =
    [
        "Zero",
        "One",
        "Two",
        "Three",
        "Four",
        "Five",
        "Six",
        "Seven",
        "Eight",
        "Nine",
        "Ten",
        "Eleven",
        "Twelve",
        "Thirteen",
        "Fourteen",
        "Fifteen",
        "Sixteen",
        "Seventeen",
        "Eighteen",
        "Nineteen",
    ];

    private static readonly string[] Ordinals =
    [
        "Zeroth",
        "First",
        "Second",
        "Third",
        "Fourth",
        "Fifth",
        "Sixth",
        "Seventh",
        "Eighth",
        "Ninth",
        "Tenth",
        "Eleventh",
        "Twelfth",
        "Thirteenth",
        "Fourteenth",
        "Fifteenth",
        "Sixteenth",
        "Seventeenth",
        "Eighteenth",
        "Nineteenth",
    ];

    private static readonly string[] Decades = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];
    private static readonly string[] Magnitudes = ["Thousand", "Million", "Billion", "Trillion"];
    private static readonly Dictionary<string, double> Values = AllValues();

    /// <summary>A regular expression for such words, longest first.</summary>
    public static string Pattern { get; } = $"(?:{string.Join('|', Values.Keys.OrderByDescending(word => word.Length))}|and|[\\-, ])+";

    public static string Of(double number, bool isOrdinal) => Words(number, follows: false, isOrdinal);

    /// <param name="text">In small letters.</param>
    /// <returns>NaN where a word is unknown.</returns>
    public static double Read(string text)
    {
        var parts = new Stack<double>([0]);
        foreach (var word in Between().Split(text))
        {
            var value = Values.GetValueOrDefault(word, double.NaN);
            if (value < 100)
            {
                var top = parts.Pop();
                if (top >= 1000)
                {
                    parts.Push(top);
                    top = 0;
                }

                parts.Push(top + value);
            }
            else
            {
                parts.Push(parts.Pop() * value);
            }
        }

        return parts.Sum();
    }

    private static string Words(double number, bool follows, bool isOrdinal)
    {
        if (number < 20)
        {
            return (follows ? " and " : "") + (isOrdinal ? Ordinals : Few)[(int)number];
        }

        if (number < 100)
        {
            var decade = Decades[(int)(number / 10) - 2];
            var ending =
                number % 10 > 0 ? $"{decade}-{Words(number % 10, false, isOrdinal)}"
                : isOrdinal ? $"{decade[..^1]}ieth"
                : decade;
            return (follows ? " and " : "") + ending;
        }

        var (factor, name) = Magnitude(number);
        var head = (follows ? ", " : "") + Words(Math.Floor(number / factor), false, false) + name;
        var rest = number - Math.Floor(number / factor) * factor;
        return rest > 0 ? head + Words(rest, true, isOrdinal)
            : isOrdinal ? head + "th"
            : head;
    }

    private static (double Factor, string Name) Magnitude(double number)
    {
        if (number < 1000)
        {
            return (100, " Hundred");
        }

        var magnitude = Math.Min((int)Math.Floor(Math.Log10(number) / 3), Magnitudes.Length);
        return (Math.Pow(10, magnitude * 3), $" {Magnitudes[magnitude - 1]}");
    }

    private static Dictionary<string, double> AllValues()
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal) { ["hundred"] = 100, ["hundredth"] = 100 };
        for (var i = 0; i < Few.Length; i++)
        {
            values[Few[i].ToLowerInvariant()] = i;
            values[Ordinals[i].ToLowerInvariant()] = i;
        }

        for (var i = 0; i < Decades.Length; i++)
        {
            var word = Decades[i].ToLowerInvariant();
            values[word] = (i + 2) * 10;
            values[$"{word[..^1]}ieth"] = (i + 2) * 10;
        }

        for (var i = 0; i < Magnitudes.Length; i++)
        {
            var word = Magnitudes[i].ToLowerInvariant();
            values[word] = Math.Pow(10, (i + 1) * 3);
            values[$"{word}th"] = Math.Pow(10, (i + 1) * 3);
        }

        return values;
    }

    [GeneratedRegex(@",\s|\sand\s|[\s\\\-]", RegexOptions.CultureInvariant)]
    private static partial Regex Between();
}
