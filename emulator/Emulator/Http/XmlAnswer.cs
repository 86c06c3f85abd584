using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Xml;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>Writes an answer's record as the Query protocol's XML: lists as <c>member</c>, maps as <c>entry</c>, times in ISO 8601.</summary>
internal static class XmlAnswer
{
    public static void WriteMembers(XmlWriter xml, JsonElement json, JsonTypeInfo type, AwsService service, string operation)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            var property = type.Properties.First(property => property.Name == member.Name);
            var memberType = type.Options.GetTypeInfo(property.PropertyType);
            var flattened =
                service
                    .Flattened.FirstOrDefault(pair =>
                        pair.Value == member.Name && pair.Key.StartsWith(operation + ".", StringComparison.Ordinal)
                    )
                    .Key?[(operation.Length + 1)..]
                ?? service
                    .Flattened.FirstOrDefault(pair => pair.Value == member.Name && !pair.Key.Contains('.', StringComparison.Ordinal))
                    .Key;
            if (flattened is not null && memberType.Kind is (JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary))
            {
                WriteItems(xml, member.Value, memberType, flattened, flattened == "Tag" ? "Key" : "Name", "Value", service, operation);
                continue;
            }

            xml.WriteStartElement(member.Name);
            WriteValue(xml, member.Value, memberType, service, operation);
            xml.WriteEndElement();
        }
    }

    private static void WriteValue(XmlWriter xml, JsonElement json, JsonTypeInfo type, AwsService service, string operation)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object when type.Kind == JsonTypeInfoKind.Dictionary:
                WriteItems(xml, json, type, "entry", "key", "value", service, operation);
                break;
            case JsonValueKind.Object:
                WriteMembers(xml, json, type, service, operation);
                break;
            case JsonValueKind.Array:
                WriteItems(xml, json, type, "member", "", "", service, operation);
                break;
            case JsonValueKind.Number when (Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(DateTimeOffset):
                var time = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(json.GetDecimal() * 1000m));
                xml.WriteString(
                    time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture)
                );
                break;
            case JsonValueKind.String:
                xml.WriteString(XmlText.Valid(json.GetString()!));
                break;
            default:
                xml.WriteString(json.GetRawText());
                break;
        }
    }

    private static void WriteItems(
        XmlWriter xml,
        JsonElement json,
        JsonTypeInfo type,
        string item,
        string key,
        string value,
        AwsService service,
        string operation
    )
    {
        var elementType = type.Options.GetTypeInfo(type.ElementType!);
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in json.EnumerateArray())
            {
                xml.WriteStartElement(item);
                WriteValue(xml, element, elementType, service, operation);
                xml.WriteEndElement();
            }
        }
        else
        {
            foreach (var entry in json.EnumerateObject())
            {
                xml.WriteStartElement(item);
                xml.WriteElementString(key, XmlText.Valid(entry.Name));
                xml.WriteStartElement(value);
                WriteValue(xml, entry.Value, elementType, service, operation);
                xml.WriteEndElement();
                xml.WriteEndElement();
            }
        }
    }
}
