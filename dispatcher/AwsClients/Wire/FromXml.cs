using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;

namespace Disa.AwsClients.Wire;

/// <summary>XML of the Query protocol to objects, led by the same source-generated description that JSON is read with.</summary>
internal static class FromXml
{
    /// <summary>The result lies in an element called …Result; an operation without output has none.</summary>
    internal static T Read<T>(XElement root, JsonTypeInfo<T> type)
        where T : new()
    {
        var result = root.Elements().FirstOrDefault(child => child.Name.LocalName.EndsWith("Result", StringComparison.Ordinal));
        if (result is null)
        {
            return new T();
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(result, type, writer);
        }

        return JsonSerializer.Deserialize(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), type) ?? new T();
    }

    private static void Write(XElement element, JsonTypeInfo type, Utf8JsonWriter writer)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                writer.WriteStartObject();
                foreach (var child in element.Elements())
                {
                    if (type.Properties.FirstOrDefault(property => property.Name == child.Name.LocalName) is { } member)
                    {
                        writer.WritePropertyName(member.Name);
                        Write(child, type.Options.GetTypeInfo(member.PropertyType), writer);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonTypeInfoKind.Enumerable:
                writer.WriteStartArray();
                foreach (var child in element.Elements())
                {
                    Write(child, type.Options.GetTypeInfo(type.ElementType!), writer);
                }

                writer.WriteEndArray();
                break;
            case JsonTypeInfoKind.Dictionary:
                writer.WriteStartObject();
                foreach (var entry in element.Elements())
                {
                    var parts = entry.Elements().ToList();
                    writer.WritePropertyName(parts[0].Value);
                    Write(parts[1], type.Options.GetTypeInfo(type.ElementType!), writer);
                }

                writer.WriteEndObject();
                break;
            default:
                WriteLeaf(element.Value, Nullable.GetUnderlyingType(type.Type) ?? type.Type, writer);
                break;
        }
    }

    private static void WriteLeaf(string text, Type type, Utf8JsonWriter writer)
    {
        if (type == typeof(bool))
        {
            writer.WriteBooleanValue(text == "true");
        }
        else if (type == typeof(int) || type == typeof(long) || type == typeof(double))
        {
            writer.WriteRawValue(text.Trim());
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }
}
