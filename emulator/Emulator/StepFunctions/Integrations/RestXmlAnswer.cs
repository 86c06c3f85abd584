using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Disa.Asl.Data;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>What a REST-XML operation answers, as workflows see it: headers, document and bytes as members of one object.</summary>
internal static class RestXmlAnswer
{
    /// <exception cref="AwsException">The status is that of no success, such as 304.</exception>
    public static JsonElement Of(string operation, RestAnswer answer)
    {
        if (answer.Status >= 300)
        {
            throw new AwsException(answer.Status.ToString(CultureInfo.InvariantCulture), "null", answer.Status);
        }

        var members = ShapeModel.S3.Answer(operation);
        var root = members.Any(IsInDocument) && !answer.Payload.IsEmpty ? Document(answer.Payload) : null;
        return Json.Write(w =>
        {
            w.WriteStartObject();
            foreach (var member in members.OrderBy(member => member.Name, StringComparer.Ordinal))
            {
                Write(w, member, answer, root);
            }

            w.WriteEndObject();
        });
    }

    private static bool IsInDocument(ShapeMember member) =>
        member.Place == ShapePlace.Element || member is { Place: ShapePlace.Payload, Type.Kind: "shape" };

    private static XElement Document(ReadOnlyMemory<byte> payload)
    {
        using var stream = new MemoryStream(payload.ToArray());
        return XElement.Load(stream);
    }

    private static void Write(Utf8JsonWriter writer, ShapeMember member, RestAnswer answer, XElement? root)
    {
        switch (member.Place)
        {
            case ShapePlace.Header when Header(answer, member.Wire) is { } header:
                writer.WritePropertyName(member.Name);
                Scalar(writer, member.Type, header);
                break;
            case ShapePlace.Headers:
                writer.WriteStartObject(member.Name);
                foreach (var (name, value) in answer.Headers.Where(h => h.Name.StartsWith(member.Wire, StringComparison.OrdinalIgnoreCase)))
                {
                    writer.WriteString(name[member.Wire.Length..], value);
                }

                writer.WriteEndObject();
                break;
            case ShapePlace.Payload when member.Type.Kind == "shape" && root is not null:
                writer.WritePropertyName(member.Name);
                Structure(writer, member.Type.Shape!, root);
                break;
            case ShapePlace.Payload when member.Type.Kind != "shape":
                writer.WriteString(member.Name, Encoding.UTF8.GetString(answer.Payload.Span));
                break;
            // The one answer whose only member is its document's own text.
            case ShapePlace.Element when root is not null && root.Name.LocalName == member.Wire && !root.HasElements:
                writer.WriteString(member.Name, root.Value);
                break;
            case ShapePlace.Element when root is not null:
                Element(writer, member, root);
                break;
        }
    }

    private static void Structure(Utf8JsonWriter writer, string shape, XElement element)
    {
        writer.WriteStartObject();
        foreach (var member in ShapeModel.S3.Members(shape).OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            Element(writer, member, element);
        }

        writer.WriteEndObject();
    }

    private static void Element(Utf8JsonWriter writer, ShapeMember member, XElement parent)
    {
        if (member.Place == ShapePlace.Attribute)
        {
            if (parent.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == member.Wire) is { } attribute)
            {
                writer.WriteString(member.Name, attribute.Value);
            }

            return;
        }

        var found = Children(parent, member.Wire);
        if (found.Count == 0)
        {
            return;
        }

        writer.WritePropertyName(member.Name);
        if (member.Type.Kind != "list")
        {
            Value(writer, member.Type, found[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var item in member.Type.ItemName is { } itemName ? Children(found[0], itemName) : found)
        {
            Value(writer, member.Type.Item!, item);
        }

        writer.WriteEndArray();
    }

    private static List<XElement> Children(XElement parent, string name) =>
        [.. parent.Elements().Where(child => child.Name.LocalName == name)];

    private static void Value(Utf8JsonWriter writer, ShapeType type, XElement element)
    {
        if (type.Kind == "shape")
        {
            Structure(writer, type.Shape!, element);
        }
        else
        {
            Scalar(writer, type, element.Value);
        }
    }

    private static void Scalar(Utf8JsonWriter writer, ShapeType type, string text)
    {
        switch (type.Kind)
        {
            case "number" when long.TryParse(text, CultureInfo.InvariantCulture, out var number):
                writer.WriteNumberValue(number);
                break;
            case "boolean":
                writer.WriteBooleanValue(text == "true");
                break;
            case "time" or "date" when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time):
                writer.WriteStringValue(SdkShape.Time(time));
                break;
            default:
                writer.WriteStringValue(text);
                break;
        }
    }

    private static string? Header(RestAnswer answer, string name) =>
        answer
            .Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value)
            .FirstOrDefault()
        ?? (
            name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? answer.Payload.Length.ToString(CultureInfo.InvariantCulture)
            : name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? answer.ContentType
            : null
        );
}
