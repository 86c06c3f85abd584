using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Asl.Data;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>The form in which workflows see answers: members in PascalCase, times as text.</summary>
internal static class SdkShape
{
    /// <summary>Follows the answer's type, so that only members are renamed and not the keys of maps or free JSON.</summary>
    /// <param name="name">How a member's name is spelled: <see cref="ShapeMember.Pascal"/>, or <see cref="Capital"/> by the optimised integrations.</param>
    public static JsonElement Dress(JsonElement answer, JsonTypeInfo shape, Func<string, string> name) =>
        Json.Write(w => Write(w, answer, shape, name));

    /// <summary>As the older SDK has it, behind the optimised integrations: <c>MD5OfMessageBody</c> stays so.</summary>
    public static string Capital(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>The reverse for parameters: members under the names that the service's wire has.</summary>
    public static JsonElement Undress(JsonElement parameters, JsonTypeInfo shape) =>
        Json.Write(w => Undress(w, parameters, shape.Type, shape));

    private static void Write(Utf8JsonWriter writer, JsonElement value, JsonTypeInfo shape, Func<string, string> name)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when shape.Kind == JsonTypeInfoKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(name(member.Name));
                    var type = shape.Properties.FirstOrDefault(p => p.Name == member.Name)?.PropertyType;
                    WriteMember(writer, member.Value, type, shape, name);
                }

                writer.WriteEndObject();
                break;

            case JsonValueKind.Object when shape.Kind == JsonTypeInfoKind.Dictionary:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    WriteMember(writer, member.Value, shape.ElementType, shape, name);
                }

                writer.WriteEndObject();
                break;

            case JsonValueKind.Array when shape.Kind == JsonTypeInfoKind.Enumerable:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    WriteMember(writer, item, shape.ElementType, shape, name);
                }

                writer.WriteEndArray();
                break;

            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static void WriteMember(Utf8JsonWriter writer, JsonElement value, Type? type, JsonTypeInfo owner, Func<string, string> name)
    {
        if (type is null || type == typeof(JsonElement))
        {
            value.WriteTo(writer);
        }
        else if (value.ValueKind == JsonValueKind.Number && (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?)))
        {
            writer.WriteStringValue(Time(DateTimeOffset.FromUnixTimeMilliseconds((long)(value.GetDecimal() * 1000))));
        }
        else
        {
            Write(writer, value, owner.Options.GetTypeInfo(type), name);
        }
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    private static void Undress(Utf8JsonWriter writer, JsonElement value, Type? type, JsonTypeInfo owner)
    {
        var shape = type is null || type == typeof(JsonElement) ? null : owner.Options.GetTypeInfo(type);
        if (value.ValueKind == JsonValueKind.Object && shape?.Kind is JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary)
        {
            writer.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                var property =
                    shape.Kind == JsonTypeInfoKind.Object
                        ? shape.Properties.FirstOrDefault(known => ShapeMember.Pascal(known.Name) == member.Name)
                        : null;
                writer.WritePropertyName(property?.Name ?? member.Name);
                Undress(writer, member.Value, shape.Kind == JsonTypeInfoKind.Object ? property?.PropertyType : shape.ElementType, shape);
            }

            writer.WriteEndObject();
        }
        else if (value.ValueKind == JsonValueKind.Array && shape?.Kind == JsonTypeInfoKind.Enumerable)
        {
            writer.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                Undress(writer, item, shape.ElementType, shape);
            }

            writer.WriteEndArray();
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
