using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Disa.Asl;
using Disa.Asl.Data;

namespace Disa.Emulator.StepFunctions;

/// <summary>History events as GetExecutionHistory answers them.</summary>
internal static class HistoryJson
{
    /// <summary>Members that carry execution data, and are left out where that is not wanted.</summary>
    private static readonly string[] Data =
    [
        "input",
        "inputDetails",
        "output",
        "outputDetails",
        "parameters",
        "assignedVariables",
        "assignedVariablesDetails",
    ];

    public static byte[] Write(HistoryEvent happened)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("timestamp", happened.Timestamp.ToUnixTimeMilliseconds() / 1000m);
            writer.WriteString("type", happened.Type);
            writer.WriteNumber("id", happened.Id);
            writer.WriteNumber("previousEventId", happened.PreviousEventId);
            if (happened.DetailsName is not null)
            {
                writer.WritePropertyName(happened.DetailsName);
                happened.Details.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static JsonElement WithoutData(JsonElement happened) =>
        Json.Write(w =>
        {
            w.WriteStartObject();
            foreach (var member in happened.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Object)
                {
                    member.WriteTo(w);
                    continue;
                }

                w.WriteStartObject(member.Name);
                foreach (var detail in member.Value.EnumerateObject().Where(detail => !Data.Contains(detail.Name)))
                {
                    detail.WriteTo(w);
                }

                w.WriteEndObject();
            }

            w.WriteEndObject();
        });
}
