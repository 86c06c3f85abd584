using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Emulator.Aws;

/// <summary>JSON of the shapes that several rooms share.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class AwsJson : JsonSerializerContext;

/// <summary>A timestamp as AWS's JSON protocols write it: seconds since 1970 with milliseconds; ISO 8601 is read too (the Query protocol's form).</summary>
public sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return OfSeconds(reader.GetDecimal());
        }

        var text = reader.GetString();
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value))
        {
            return value.ToUniversalTime();
        }

        if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var seconds))
        {
            return OfSeconds(seconds);
        }

        throw new JsonException($"'{text}' is not a timestamp.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.ToUnixTimeMilliseconds() / 1000m);

    private static DateTimeOffset OfSeconds(decimal seconds) =>
        seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? throw new JsonException($"'{seconds}' is not a timestamp.")
            : DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000m));
}

/// <summary>A boolean that CloudFormation templates and the Query protocol may write as text.</summary>
public sealed class BooleanTextConverter : JsonConverter<bool>
{
    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.String when reader.ValueTextEquals("true") => true,
            JsonTokenType.String when reader.ValueTextEquals("false") => false,
            _ => throw new JsonException("true or false is expected."),
        };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
