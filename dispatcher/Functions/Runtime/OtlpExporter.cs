using System.Globalization;
using System.Text.Json;

namespace Disa.Functions;

/// <summary>Sends spans by OTLP over HTTP, as JSON.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/otlp/#otlphttp, https://opentelemetry.io/docs/specs/otel/protocol/exporter/</remarks>
public sealed class OtlpExporter
{
    /// <summary>The invocation waits for it, and the workflow for the invocation.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(2);

    private readonly HttpClient client;
    private readonly Uri address;
    private readonly IReadOnlyList<(string Name, string Value)> resource;

    /// <param name="client">Carries its headers.</param>
    /// <param name="endpoint">As <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> has it: without <c>/v1/traces</c>.</param>
    /// <param name="service">The value of <c>service.name</c>.</param>
    /// <param name="resource">Further attributes of the resource.</param>
    public OtlpExporter(HttpClient client, Uri endpoint, string service, IReadOnlyList<(string Name, string Value)> resource)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        (this.client, Service, this.resource) = (client, service, resource);
        address = new Uri(endpoint.ToString().TrimEnd('/') + "/v1/traces");
    }

    /// <summary>The value of <c>service.name</c>.</summary>
    public string Service { get; }

    /// <summary>Null where no endpoint is set.</summary>
    public static OtlpExporter? OfEnvironment()
    {
        if (!Uri.TryCreate(Settings.Text("OTEL_EXPORTER_OTLP_ENDPOINT", ""), UriKind.Absolute, out var endpoint))
        {
            return null;
        }

        var client = new HttpClient { Timeout = LongestCall };
        foreach (var header in Settings.Text("OTEL_EXPORTER_OTLP_HEADERS", "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (header.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value])
            {
                client.DefaultRequestHeaders.TryAddWithoutValidation(name, Uri.UnescapeDataString(value));
            }
        }

        var function = Settings.Text("AWS_LAMBDA_FUNCTION_NAME", "disa");
        return new(
            client,
            endpoint,
            Settings.Text("OTEL_SERVICE_NAME", function),
            [("cloud.provider", "aws"), ("cloud.region", Settings.Text("AWS_REGION", "")), ("faas.name", function)]
        );
    }

    /// <returns>Why they were not taken; null where they were. Telemetry that is lost fails nothing.</returns>
    public async Task<string?> ExportAsync(IReadOnlyList<Span> spans, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(Write(spans));
        content.Headers.ContentType = new("application/json");
        try
        {
            using var answer = await client.PostAsync(address, content, cancellation).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return e.Message;
        }
    }

    private byte[] Write(IReadOnlyList<Span> spans)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("resourceSpans");
            writer.WriteStartObject();
            writer.WriteStartObject("resource");
            Attributes(writer, [new("service.name", Service), .. resource.Select(one => KeyValuePair.Create(one.Name, (object)one.Value))]);
            writer.WriteEndObject();
            writer.WriteStartArray("scopeSpans");
            writer.WriteStartObject();
            writer.WriteStartObject("scope");
            writer.WriteString("name", "Disa");
            writer.WriteEndObject();
            writer.WriteStartArray("spans");
            foreach (var span in spans)
            {
                Write(writer, span);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Span span)
    {
        writer.WriteStartObject();
        writer.WriteString("traceId", span.TraceId);
        writer.WriteString("spanId", span.SpanId);
        if (span.ParentId is not null)
        {
            writer.WriteString("parentSpanId", span.ParentId);
        }

        writer.WriteString("name", span.Name);
        writer.WriteNumber("kind", span.Kind);
        writer.WriteString("startTimeUnixNano", Nanoseconds(span.Start));
        writer.WriteString("endTimeUnixNano", Nanoseconds(span.End));
        Attributes(writer, span.Attributes);
        if (span.Link is var (trace, linked))
        {
            writer.WriteStartArray("links");
            writer.WriteStartObject();
            writer.WriteString("traceId", trace);
            writer.WriteString("spanId", linked);
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        if (span.Error is not null)
        {
            const int failed = 2;
            writer.WriteStartObject("status");
            writer.WriteNumber("code", failed);
            writer.WriteString("message", span.Error);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void Attributes(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<string, object>> attributes)
    {
        writer.WriteStartArray("attributes");
        foreach (var (name, value) in attributes)
        {
            writer.WriteStartObject();
            writer.WriteString("key", name);
            writer.WriteStartObject("value");
            if (value is int number)
            {
                writer.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                writer.WriteString("stringValue", (string)value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>64 bits are strings in JSON, as protobuf maps them.</summary>
    private static string Nanoseconds(DateTimeOffset time) =>
        ((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);
}
