using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Http;

/// <summary>Scalars that a wire carries as text, written as the JSON of their member's type.</summary>
internal static class Scalars
{
    public static void Write(Utf8JsonWriter writer, Type type, string value, string member)
    {
        if (type == typeof(int) || type == typeof(long))
        {
            writer.WriteNumberValue(
                long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : throw Malformed(value, member)
            );
        }
        else if (type == typeof(double) || type == typeof(decimal))
        {
            writer.WriteNumberValue(
                double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
                    ? number
                    : throw Malformed(value, member)
            );
        }
        else if (type == typeof(bool))
        {
            writer.WriteBooleanValue(
                value.ToLowerInvariant() switch
                {
                    "true" => true,
                    "false" => false,
                    _ => throw Malformed(value, member),
                }
            );
        }
        else
        {
            writer.WriteStringValue(value);
        }
    }

    private static AwsException Malformed(string value, string member) =>
        new("MalformedInput", $"'{value}' is not a valid value for {member}.");
}
