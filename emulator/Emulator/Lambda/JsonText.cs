using System.Buffers;
using System.Text;
using System.Text.Json;
using Disa.Jsonata;

namespace Disa.Emulator.Lambda;

/// <summary>JSON texts that the room writes itself: events and records of failures.</summary>
internal static class JsonText
{
    public static string Write(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Bytes(write).Span);

    public static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>A function's answer as a value; as a text where it is no JSON.</summary>
    public static void WriteValue(Utf8JsonWriter writer, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonInput.Document(json);
            document.RootElement.WriteTo(writer);
        }
        catch (JsonException)
        {
            writer.WriteStringValue(Encoding.UTF8.GetString(json.Span));
        }
    }
}
