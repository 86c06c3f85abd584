using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Disa.Asl.Data;

/// <summary>Making and measuring free JSON.</summary>
public static class Json
{
    /// <summary>The largest input, output or result: 262,144 bytes of UTF-8 (Step Functions quotas).</summary>
    public const int PayloadLimit = 262_144;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement EmptyObject { get; } = JsonElement.Parse("{}");

    public static JsonElement Null { get; } = JsonElement.Parse("null");

    public static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            write(writer);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    public static JsonElement Of(string value) => Write(w => w.WriteStringValue(value));

    public static JsonElement Of(long value) => Write(w => w.WriteNumberValue(value));

    public static JsonElement Of(bool value) => Write(w => w.WriteBooleanValue(value));

    public static JsonElement Array(IEnumerable<JsonElement> items) => Write(w =>
    {
        w.WriteStartArray();
        foreach (var item in items)
        {
            item.WriteTo(w);
        }

        w.WriteEndArray();
    });

    /// <summary>Without white space between tokens.</summary>
    public static string Compact(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Size in bytes of UTF-8.</summary>
    public static int Size(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;

    public static bool IsDefined(this JsonElement value) => value.ValueKind != JsonValueKind.Undefined;

    /// <summary>The object with one member set, in its place or at the end.</summary>
    public static JsonElement With(JsonElement target, string name, JsonElement value) => Write(w =>
    {
        var found = false;
        w.WriteStartObject();
        if (target.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in target.EnumerateObject())
            {
                w.WritePropertyName(property.Name);
                if (property.NameEquals(name))
                {
                    found = true;
                    value.WriteTo(w);
                }
                else
                {
                    property.Value.WriteTo(w);
                }
            }
        }

        if (!found)
        {
            w.WritePropertyName(name);
            value.WriteTo(w);
        }

        w.WriteEndObject();
    });
}
