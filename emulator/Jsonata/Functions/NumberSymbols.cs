using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>The characters of a decimal picture; the options of <c>$formatNumber</c> replace them.</summary>
internal sealed class NumberSymbols(ObjectValue? options)
{
    public string DecimalSeparator { get; } = Of(options, "decimal-separator", ".");

    public string GroupingSeparator { get; } = Of(options, "grouping-separator", ",");

    public string ExponentSeparator { get; } = Of(options, "exponent-separator", "e");

    public string MinusSign { get; } = Of(options, "minus-sign", "-");

    public string Percent { get; } = Of(options, "percent", "%");

    public string PerMille { get; } = Of(options, "per-mille", "‰");

    public string ZeroDigit { get; } = Of(options, "zero-digit", "0");

    public string Digit { get; } = Of(options, "digit", "#");

    public string PatternSeparator { get; } = Of(options, "pattern-separator", ";");

    public bool IsDecimalDigit(char symbol) => symbol >= ZeroDigit[0] && symbol <= ZeroDigit[0] + 9;

    public bool IsActive(char symbol) =>
        IsDecimalDigit(symbol)
        || $"{symbol}" is var text
            && (
                text == DecimalSeparator
                || text == ExponentSeparator
                || text == GroupingSeparator
                || text == Digit
                || text == PatternSeparator
            );

    /// <summary>Digits and point as these symbols have them.</summary>
    public string Localized(string text) =>
        string.Concat(
            text.Select(symbol =>
                symbol == '.' ? DecimalSeparator
                : char.IsAsciiDigit(symbol) ? ((char)(ZeroDigit[0] + symbol - '0')).ToString()
                : symbol.ToString()
            )
        );

    private static string Of(ObjectValue? options, string name, string otherwise) =>
        options?[name] is StringValue { Value.Length: > 0 } symbol ? symbol.Value : otherwise;
}
