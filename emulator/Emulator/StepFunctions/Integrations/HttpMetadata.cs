using System.Globalization;
using System.Text;
using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Emulator.StepFunctions.Integrations;

/// <summary>How a call of an optimised integration went, as its result tells it: the service's headers, twice, and the request's id.</summary>
/// <remarks>
/// Which headers each service sends, in which order and spelling, was recorded on AWS: localstack/localstack,
/// tests/aws/services/stepfunctions/v2/services, <c>test_*_task_service.snapshot.json</c>.
/// </remarks>
internal sealed record HttpMetadata(string RequestId, DateTimeOffset Date, int Status = 200)
{
    private const string Json10 = "application/x-amz-json-1.0";

    /// <summary>In their order on the wire.</summary>
    private IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <param name="payload">How many bytes the function answered.</param>
    public static HttpMetadata OfFunction(string requestId, DateTimeOffset date, int status, string version, int payload)
    {
        var metadata = new HttpMetadata(requestId, date, status);
        return metadata with
        {
            Headers =
            [
                ("X-Amz-Executed-Version", version),
                ("x-amzn-Remapped-Content-Length", "0"),
                ("Connection", "keep-alive"),
                metadata.Id,
                Length(payload),
                metadata.Sent,
                ("X-Amzn-Trace-Id", Trace(requestId)),
                ("Content-Type", "application/json"),
            ],
        };
    }

    /// <summary>Null where the integration's result has none.</summary>
    /// <param name="answer">As on the service's wire.</param>
    public static HttpMetadata? Of(IntegrationStyle style, string requestId, DateTimeOffset date, JsonElement answer)
    {
        if (style == IntegrationStyle.Events)
        {
            return null;
        }

        var metadata = new HttpMetadata(requestId, date);
        var text = Encoding.UTF8.GetBytes(Json.Compact(answer));
        // Step Functions writes times as Java does: 1.796067164984E9.
        var length = text.Length + (style == IntegrationStyle.StepFunctions ? 2 : 0);
        return metadata with
        {
            Headers =
                style == IntegrationStyle.DynamoDb
                    ?
                    [
                        ("Server", "Server"),
                        ("Connection", "keep-alive"),
                        metadata.Id,
                        ("x-amz-crc32", Crc32(text).ToString(CultureInfo.InvariantCulture)),
                        Length(text.Length),
                        metadata.Sent,
                        ("Content-Type", Json10),
                    ]
                : style == IntegrationStyle.Sns
                    ? [metadata.Id, Length(Xml("Publish", answer, requestId).Length), metadata.Sent, ("Content-Type", "text/xml")]
                : [metadata.Id, ("connection", "keep-alive"), Length(length), metadata.Sent, ("Content-Type", Json10)],
        };
    }

    /// <summary>The answer with its metadata, in the order of names that results have.</summary>
    public JsonElement With(JsonElement answer) =>
        Json.Write(w =>
        {
            w.WriteStartObject();
            var members = answer.EnumerateObject().ToLookup(member => string.CompareOrdinal(member.Name, "Sdk") < 0);
            Write(w, members[true]);
            Write(w);
            Write(w, members[false]);
            w.WriteEndObject();
        });

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("SdkHttpMetadata");
        writer.WriteStartObject("AllHttpHeaders");
        foreach (var (name, value) in Headers)
        {
            writer.WriteStartArray(name);
            writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("HttpHeaders");
        foreach (var (name, value) in Headers.OrderBy(header => header.Name, StringComparer.OrdinalIgnoreCase))
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteNumber("HttpStatusCode", Status);
        writer.WriteEndObject();
        writer.WriteStartObject("SdkResponseMetadata");
        writer.WriteString("RequestId", RequestId);
        writer.WriteEndObject();
    }

    private (string Name, string Value) Id => ("x-amzn-RequestId", RequestId);

    private (string Name, string Value) Sent => ("Date", Date.ToString("R", CultureInfo.InvariantCulture));

    private static (string Name, string Value) Length(int bytes) => ("Content-Length", bytes.ToString(CultureInfo.InvariantCulture));

    private static void Write(Utf8JsonWriter writer, IEnumerable<JsonProperty> members)
    {
        foreach (var member in members.OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            member.WriteTo(writer);
        }
    }

    /// <summary>The answer as services of the query protocol write it, two spaces a level.</summary>
    private static string Xml(string operation, JsonElement answer, string requestId)
    {
        var text = new StringBuilder($"<{operation}Response xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\n  <{operation}Result>\n");
        foreach (var member in answer.EnumerateObject())
        {
            text.Append(CultureInfo.InvariantCulture, $"    <{member.Name}>{member.Value}</{member.Name}>\n");
        }

        return text.Append(
                CultureInfo.InvariantCulture,
                $"  </{operation}Result>\n  <ResponseMetadata>\n    <RequestId>{requestId}</RequestId>\n  </ResponseMetadata>\n</{operation}Response>\n"
            )
            .ToString();
    }

    /// <summary>The same for the same request.</summary>
    private static string Trace(string requestId)
    {
        var digits = requestId.Replace("-", "", StringComparison.Ordinal).PadRight(32, '0');
        return $"root=1-{digits[..8]}-{digits[8..32]};parent={digits[16..32]};sampled=0";
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
