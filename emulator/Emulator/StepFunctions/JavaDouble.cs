using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Emulator.StepFunctions;

/// <summary>Writes a number of the model's type Float as Java does: with a fraction, even of a whole one (<c>1.0</c>).</summary>
internal sealed class JavaDouble : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsInteger(value))
        {
            writer.WriteRawValue(value.ToString("0.0", CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNumberValue(value);
        }
    }
}
