using System.Buffers;
using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>Smithy RPC v2 CBOR: the operation in the path, members in CBOR both ways (https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html).</summary>
internal sealed class CborWire : Wire
{
    /// <summary>As deep as JSON is read.</summary>
    private const int NestingLimit = 64;

    private const string MediaType = "application/cbor";
    private static readonly (string, string)[] ProtocolHeader = [("smithy-protocol", "rpc-v2-cbor")];

    public override (Operation Operation, object Request) Decode(AwsService service, WireRequest request)
    {
        var operation = service.Find(request.Path[(request.Path.LastIndexOf('/') + 1)..]);
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var writer = new Utf8JsonWriter(buffer);
            if (request.Body.IsEmpty)
            {
                writer.WriteStartObject();
                writer.WriteEndObject();
            }
            else
            {
                ToJson(new CborReader(request.Body, CborConformanceMode.Lax), writer, 1);
            }
        }
        catch (Exception malformed)
            when (malformed
                    is CborContentException
                        or InvalidOperationException
                        or ArgumentException
                        or OverflowException
                        or FormatException
            )
        {
            throw new AwsException("SerializationException", "The request is not well-formed CBOR.");
        }

        return (operation, RequestJson.Read(buffer.WrittenSpan, service.SigningName, operation));
    }

    public override WireResponse Encode(AwsService service, Operation operation, object response, string requestId)
    {
        if (operation.Response is not { } type)
        {
            return new(200, null, default) { Headers = ProtocolHeader };
        }

        var writer = new CborWriter();
        ToCbor(JsonSerializer.SerializeToElement(response, type), type, writer);
        return new(200, MediaType, writer.Encode()) { Headers = ProtocolHeader };
    }

    public override WireResponse EncodeError(AwsService? service, AwsException error, string requestId)
    {
        var writer = new CborWriter();
        writer.WriteStartMap(error.Message.Length > 0 ? 2 : 1);
        writer.WriteTextString("__type");
        writer.WriteTextString(service?.ErrorTypePrefix + error.Code);
        if (error.Message.Length > 0)
        {
            writer.WriteTextString("message");
            writer.WriteTextString(error.Message);
        }

        writer.WriteEndMap();
        return new(error.StatusCode, MediaType, writer.Encode())
        {
            Headers = (error.QueryCode ?? (service?.IsQueryCompatible == true ? error.Code : null)) is { } query
                ? [.. ProtocolHeader, ("x-amzn-query-error", $"{query};{(error.StatusCode < 500 ? "Sender" : "Receiver")}")]
                : ProtocolHeader,
        };
    }

    private static void ToJson(CborReader reader, Utf8JsonWriter writer, int depth)
    {
        if (depth > NestingLimit)
        {
            throw new CborContentException($"It is nested more than {NestingLimit} levels deep.");
        }

        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                reader.ReadStartMap();
                writer.WriteStartObject();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    writer.WritePropertyName(reader.ReadTextString());
                    ToJson(reader, writer, depth + 1);
                }

                reader.ReadEndMap();
                writer.WriteEndObject();
                break;
            case CborReaderState.StartArray:
                reader.ReadStartArray();
                writer.WriteStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    ToJson(reader, writer, depth + 1);
                }

                reader.ReadEndArray();
                writer.WriteEndArray();
                break;
            case CborReaderState.Tag:
                // Tag 1 is the only one the protocol uses: seconds since 1970, as in JSON.
                reader.ReadTag();
                ToJson(reader, writer, depth + 1);
                break;
            case CborReaderState.UnsignedInteger:
                writer.WriteNumberValue(reader.ReadUInt64());
                break;
            case CborReaderState.NegativeInteger:
                writer.WriteNumberValue(reader.ReadInt64());
                break;
            case CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat or CborReaderState.DoublePrecisionFloat:
                var number = reader.ReadDouble();
                if (double.IsFinite(number))
                {
                    writer.WriteNumberValue(number);
                }
                else
                {
                    // JSON has no such numbers: as AWS's JSON protocols write them.
                    writer.WriteStringValue(
                        double.IsNaN(number) ? "NaN"
                        : number > 0 ? "Infinity"
                        : "-Infinity"
                    );
                }

                break;
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                writer.WriteStringValue(reader.ReadTextString());
                break;
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString:
                writer.WriteBase64StringValue(reader.ReadByteString());
                break;
            case CborReaderState.Boolean:
                writer.WriteBooleanValue(reader.ReadBoolean());
                break;
            default:
                reader.ReadNull();
                writer.WriteNullValue();
                break;
        }
    }

    private static void ToCbor(JsonElement json, JsonTypeInfo type, CborWriter writer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartMap(json.EnumerateObject().Count(member => member.Value.ValueKind != JsonValueKind.Null));
                foreach (var member in json.EnumerateObject())
                {
                    if (member.Value.ValueKind == JsonValueKind.Null)
                    {
                        continue;
                    }

                    writer.WriteTextString(member.Name);
                    var memberType =
                        type.Kind == JsonTypeInfoKind.Dictionary
                            ? type.ElementType!
                            : type.Properties.First(property => property.Name == member.Name).PropertyType;
                    ToCbor(member.Value, type.Options.GetTypeInfo(memberType), writer);
                }

                writer.WriteEndMap();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray(json.GetArrayLength());
                foreach (var element in json.EnumerateArray())
                {
                    ToCbor(element, type.Options.GetTypeInfo(type.ElementType!), writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                WriteNumber(json, Nullable.GetUnderlyingType(type.Type) ?? type.Type, writer);
                break;
            case JsonValueKind.String when type.Type == typeof(byte[]):
                writer.WriteByteString(json.GetBytesFromBase64());
                break;
            case JsonValueKind.String:
                writer.WriteTextString(json.GetString()!);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean(json.GetBoolean());
                break;
            default:
                writer.WriteNull();
                break;
        }
    }

    private static void WriteNumber(JsonElement json, Type type, CborWriter writer)
    {
        if (type == typeof(DateTimeOffset))
        {
            writer.WriteTag(CborTag.UnixTimeSeconds);
            writer.WriteDouble(json.GetDouble());
        }
        else if (type == typeof(double) || !json.TryGetInt64(out var integer))
        {
            writer.WriteDouble(json.GetDouble());
        }
        else
        {
            writer.WriteInt64(integer);
        }
    }
}
