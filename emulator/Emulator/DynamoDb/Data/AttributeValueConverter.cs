using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Emulator.DynamoDb;

/// <summary>Reads and writes <c>{"S": "text"}</c>; what AWS refuses in validation becomes the value's <see cref="AttributeValue.Problem"/>.</summary>
internal sealed class AttributeValueConverter : JsonConverter<AttributeValue>
{
    private const string Invalid = "One or more parameter values were invalid: ";

    public override AttributeValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReadValue(ref reader);

    public override void Write(Utf8JsonWriter writer, AttributeValue value, JsonSerializerOptions options) => WriteValue(writer, value);

    public static AttributeValue ReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Errors.Serialization("Unexpected field type");
        }

        AttributeValue? found = null;
        string? problem = null;
        var several = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var type = TypeOf(ref reader);
            reader.Read();
            if (type == 0 || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
                continue;
            }

            several |= found is not null;
            found = ReadTyped(ref reader, type);
            problem ??= found.Problem;
        }

        if (found is null)
        {
            return AttributeValue.Bad(
                AttributeType.NULL,
                "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
            );
        }

        problem ??= several
            ? "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
            : null;
        return problem is null || found.Problem is not null ? found : AttributeValue.Bad(found.Type, problem);
    }

    public static void WriteValue(Utf8JsonWriter writer, AttributeValue value)
    {
        writer.WriteStartObject();
        switch (value.Type)
        {
            case AttributeType.S:
                writer.WriteString("S"u8, value.S);
                break;
            case AttributeType.N:
                writer.WriteString("N"u8, value.N.ToString());
                break;
            case AttributeType.B:
                writer.WriteBase64String("B"u8, value.B);
                break;
            case AttributeType.BOOL:
                writer.WriteBoolean("BOOL"u8, value.Bool);
                break;
            case AttributeType.NULL:
                writer.WriteBoolean("NULL"u8, true);
                break;
            case AttributeType.M:
                writer.WritePropertyName("M"u8);
                ItemConverter.WriteItem(writer, value.M);
                break;
            case AttributeType.L:
                writer.WriteStartArray("L"u8);
                foreach (var element in value.Elements)
                {
                    WriteValue(writer, element);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartArray(value.Type.ToString());
                foreach (var member in value.Elements)
                {
                    switch (member.Type)
                    {
                        case AttributeType.S:
                            writer.WriteStringValue(member.S);
                            break;
                        case AttributeType.N:
                            writer.WriteStringValue(member.N.ToString());
                            break;
                        default:
                            writer.WriteBase64StringValue(member.B);
                            break;
                    }
                }

                writer.WriteEndArray();
                break;
        }

        writer.WriteEndObject();
    }

    private static AttributeType TypeOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("S"u8) ? AttributeType.S
        : reader.ValueTextEquals("N"u8) ? AttributeType.N
        : reader.ValueTextEquals("B"u8) ? AttributeType.B
        : reader.ValueTextEquals("M"u8) ? AttributeType.M
        : reader.ValueTextEquals("L"u8) ? AttributeType.L
        : reader.ValueTextEquals("BOOL"u8) ? AttributeType.BOOL
        : reader.ValueTextEquals("NULL"u8) ? AttributeType.NULL
        : reader.ValueTextEquals("SS"u8) ? AttributeType.SS
        : reader.ValueTextEquals("NS"u8) ? AttributeType.NS
        : reader.ValueTextEquals("BS"u8) ? AttributeType.BS
        : 0;

    private static AttributeValue ReadTyped(ref Utf8JsonReader reader, AttributeType type)
    {
        switch (type)
        {
            case AttributeType.S:
                return AttributeValue.Of(Text(ref reader));
            case AttributeType.N:
                return Number.Parse(Text(ref reader), out var number) is { } problem
                    ? AttributeValue.Bad(type, problem)
                    : AttributeValue.Of(number);
            case AttributeType.B:
                return AttributeValue.Of(Bytes(ref reader));
            case AttributeType.BOOL:
                return AttributeValue.Of(Flag(ref reader));
            case AttributeType.NULL:
                return Flag(ref reader)
                    ? AttributeValue.Null
                    : AttributeValue.Bad(type, Invalid + "Null attribute value types must have the value of true");
            case AttributeType.M:
                return AttributeValue.Of(ItemConverter.ReadItem(ref reader));
            case AttributeType.L:
                return AttributeValue.List(Elements(ref reader, AttributeType.L));
            default:
                return Set(ref reader, type);
        }
    }

    private static AttributeValue Set(ref Utf8JsonReader reader, AttributeType type)
    {
        var memberType = type switch
        {
            AttributeType.SS => AttributeType.S,
            AttributeType.NS => AttributeType.N,
            _ => AttributeType.B,
        };
        var members = Elements(ref reader, memberType);
        var problem = members.Select(member => member.Problem).FirstOrDefault(found => found is not null);
        if (problem is null && members.Length == 0)
        {
            problem =
                Invalid
                + type switch
                {
                    AttributeType.SS => "An string set  may not be empty",
                    AttributeType.NS => "An number set  may not be empty",
                    _ => "Binary sets should not be empty",
                };
        }

        if (problem is null && members.Distinct().Count() != members.Length)
        {
            problem = type switch
            {
                AttributeType.NS => "Input collection contains duplicates",
                AttributeType.SS =>
                    $"{Invalid}Input collection [{string.Join(", ", members.Select(member => member.S))}] contains duplicates.",
                _ =>
                    $"{Invalid}Input collection [{string.Join(", ", members.Select(member => Convert.ToBase64String(member.B)))}]of type BS contains duplicates.",
            };
        }

        return problem is null ? AttributeValue.Set(type, members) : AttributeValue.Bad(type, problem);
    }

    /// <summary>A list's elements, or a set's members of one type.</summary>
    private static AttributeValue[] Elements(ref Utf8JsonReader reader, AttributeType type)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Errors.Serialization("Unexpected field type");
        }

        var elements = new List<AttributeValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            elements.Add(type == AttributeType.L ? ReadValue(ref reader) : ReadTyped(ref reader, type));
        }

        return [.. elements];
    }

    private static string Text(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String
            ? reader.GetString()!
            : throw Errors.Serialization($"{Kind(reader.TokenType)} cannot be converted to String");

    private static bool Flag(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.GetBoolean()
            : throw Errors.Serialization($"{Kind(reader.TokenType)} cannot be converted to Boolean");

    private static byte[] Bytes(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? throw Errors.Serialization($"{Kind(reader.TokenType)} cannot be converted to ByteBuffer")
        : reader.TryGetBytesFromBase64(out var bytes) ? bytes
        : throw Errors.Serialization("Invalid Base64 input");

    private static string Kind(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.Number => "NUMBER_VALUE",
            JsonTokenType.True => "TRUE_VALUE",
            JsonTokenType.False => "FALSE_VALUE",
            JsonTokenType.String => "STRING_VALUE",
            JsonTokenType.StartArray => "START_ARRAY",
            _ => "START_OBJECT",
        };
}

/// <summary>Reads and writes attributes by name.</summary>
internal sealed class ItemConverter : JsonConverter<Item>
{
    public override Item Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadItem(ref reader);

    public override void Write(Utf8JsonWriter writer, Item value, JsonSerializerOptions options) => WriteItem(writer, value);

    public static Item ReadItem(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Errors.Serialization("Unexpected field type");
        }

        var item = new Item();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            item[name] = AttributeValueConverter.ReadValue(ref reader);
        }

        return item;
    }

    public static void WriteItem(Utf8JsonWriter writer, Item item)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in item)
        {
            writer.WritePropertyName(name);
            AttributeValueConverter.WriteValue(writer, value);
        }

        writer.WriteEndObject();
    }
}
