using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Asl.Data;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>The form in which workflows see answers: members in PascalCase, times as text, and how the call went.</summary>
internal static class SdkShape
{
    /// <summary>Follows the answer's type, so that only members are renamed and not the keys of maps or free JSON.</summary>
    public static JsonElement Dress(JsonElement answer, JsonTypeInfo shape) => Json.Write(w => Write(w, answer, shape));

    public static JsonElement WithMetadata(JsonElement answer, string requestId) =>
        Json.Write(w =>
        {
            w.WriteStartObject();
            foreach (var member in answer.EnumerateObject())
            {
                member.WriteTo(w);
            }

            WriteMetadata(w, requestId, 200);
            w.WriteEndObject();
        });

    public static void WriteMetadata(Utf8JsonWriter writer, string requestId, int status)
    {
        writer.WriteStartObject("SdkHttpMetadata");
        writer.WriteStartObject("AllHttpHeaders");
        writer.WriteStartArray("x-amzn-RequestId");
        writer.WriteStringValue(requestId);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject("HttpHeaders");
        writer.WriteString("x-amzn-RequestId", requestId);
        writer.WriteEndObject();
        writer.WriteNumber("HttpStatusCode", status);
        writer.WriteEndObject();
        writer.WriteStartObject("SdkResponseMetadata");
        writer.WriteString("RequestId", requestId);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, JsonTypeInfo shape)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when shape.Kind == JsonTypeInfoKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(Pascal(member.Name));
                    WriteMember(writer, member.Value, shape.Properties.FirstOrDefault(p => p.Name == member.Name)?.PropertyType, shape);
                }

                writer.WriteEndObject();
                break;

            case JsonValueKind.Object when shape.Kind == JsonTypeInfoKind.Dictionary:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    WriteMember(writer, member.Value, shape.ElementType, shape);
                }

                writer.WriteEndObject();
                break;

            case JsonValueKind.Array when shape.Kind == JsonTypeInfoKind.Enumerable:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteMember(writer, item, shape.ElementType, shape);
                }

                writer.WriteEndArray();
                break;

            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteMember(Utf8JsonWriter writer, JsonElement value, Type? type, JsonTypeInfo owner)
    {
        if (type is null || type == typeof(JsonElement))
        {
            value.WriteTo(writer);
        }
        else if (value.ValueKind == JsonValueKind.Number && (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?)))
        {
            writer.WriteStringValue(
                DateTimeOffset
                    .FromUnixTimeMilliseconds((long)(value.GetDecimal() * 1000))
                    .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)
            );
        }
        else
        {
            Write(writer, value, owner.Options.GetTypeInfo(type));
        }
    }

    private static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
