using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary><c>$formatInteger</c> and <c>$parseInteger</c>.</summary>
internal static class IntegerFunctions
{
    public static Value? FormatInteger(Call call, Value?[] arguments) =>
        arguments.Number(0) is { } number
            ? new StringValue(IntegerPicture.Parse(arguments.Text(1) ?? "").Format(Math.Floor(number)))
            : null;

    public static Value? ParseInteger(Call call, Value?[] arguments) =>
        arguments.Text(0) is { } text ? new NumberValue(IntegerPicture.Parse(arguments.Text(1) ?? "").Read(text)) : null;
}
