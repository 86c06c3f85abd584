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

    /// <summary>The largest value that an expression may make on its way to a payload, in bytes: four payloads. The rest is cut short.</summary>
    public const int ValueLimit = 4 * PayloadLimit;

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

        return Parse(buffer.WrittenSpan);
    }

    /// <summary>What a workflow makes of its data, whose size nobody has looked at yet.</summary>
    /// <exception cref="WorkflowException">It is larger than <see cref="ValueLimit"/>, or nested too deeply.</exception>
    public static JsonElement WriteBounded(Action<Utf8JsonWriter> write)
    {
        var buffer = new BoundedBuffer(ValueLimit);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            try
            {
                write(writer);
                writer.Flush();
            }
            catch (WorkflowException)
            {
                writer.Reset(); // nothing is left for the end of the block to write
                throw;
            }
        }

        return Parse(buffer.Written);
    }

    private static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            throw new WorkflowException(WorkflowError.DataLimitExceeded, "The value is nested too deeply.");
        }
    }

    public static JsonElement Of(string value) => Write(w => w.WriteStringValue(value));

    public static JsonElement Of(long value) => Write(w => w.WriteNumberValue(value));

    public static JsonElement Of(bool value) => Write(w => w.WriteBooleanValue(value));

    public static JsonElement Array(IEnumerable<JsonElement> items) =>
        WriteBounded(w =>
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

    /// <summary>As states have their data, without white space; what has none is taken as it is.</summary>
    public static JsonElement Canonical(JsonElement value) =>
        value.GetRawText().AsSpan().IndexOfAny(" \t\r\n") < 0 ? value : JsonElement.Parse(Compact(value));

    /// <summary>The members of the first, with the second's values where it has them, and then the second's others.</summary>
    public static JsonElement Merged(JsonElement first, JsonElement second) =>
        WriteBounded(w =>
        {
            var others = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var member in second.EnumerateObject())
            {
                others[member.Name] = member.Value;
            }

            w.WriteStartObject();
            foreach (var member in first.EnumerateObject())
            {
                w.WritePropertyName(member.Name);
                (others.TryGetValue(member.Name, out var other) ? other : member.Value).WriteTo(w);
            }

            var known = first.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var (name, value) in others.Where(member => !known.Contains(member.Key)))
            {
                w.WritePropertyName(name);
                value.WriteTo(w);
            }

            w.WriteEndObject();
        });

    /// <summary>Size in bytes of UTF-8.</summary>
    public static int Size(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;

    public static bool IsDefined(this JsonElement value) => value.ValueKind != JsonValueKind.Undefined;

    /// <summary>The object with one member set, in its place or at the end.</summary>
    public static JsonElement With(JsonElement target, string name, JsonElement value) =>
        WriteBounded(w =>
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
