using System.Globalization;
using System.Text.Json;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>What a service's API model lets a member be: one of some texts, or within a range that counts a number or a text's characters.</summary>
internal sealed record ShapeLimit(long? Least, long? Most, IReadOnlyList<string>? Values)
{
    /// <param name="text">A|B|C, or LEAST..MOST of which either may be missing.</param>
    public static ShapeLimit Parse(string text)
    {
        if (text.Split("..") is not [var least, var most])
        {
            return new ShapeLimit(null, null, text.Split('|'));
        }

        return new ShapeLimit(Number(least), Number(most), null);
    }

    /// <summary>What is wrong with a value of the right type; null where nothing is.</summary>
    /// <remarks>Words recorded on AWS: localstack/localstack, test_state/test_field_validation_mode.snapshot.json; those for a text that is too long are not.</remarks>
    public string? Fault(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.GetDouble() < Least ? "is less than the minimum value"
                : value.GetDouble() > Most ? "exceeds the maximum value"
                : null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var text = value.GetString()!;
        return Values?.Contains(text) == false ? "is not an expected value"
            : text.Length < Least ? "is smaller than the minimum length"
            : text.Length > Most ? "exceeds the maximum length"
            : null;
    }

    private static long? Number(string text) => text.Length == 0 ? null : long.Parse(text, CultureInfo.InvariantCulture);
}
