using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Disa.Functions;

/// <summary>Structured log lines, one JSON object each: the id of the message where there is one, never its text.</summary>
public sealed class Log(TextWriter output, TimeProvider time)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="level">info, warn or error.</param>
    /// <param name="message">What happened, in words.</param>
    /// <param name="fields">With what; empty values are left out.</param>
    public void Write(string level, string message, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("level", level);
            writer.WriteString("time", Instant.Text(time.GetUtcNow()));
            writer.WriteString("message", message);
            foreach (var (name, value) in fields)
            {
                if (!string.IsNullOrEmpty(value))
                {
                    writer.WriteString(name, value);
                }
            }

            writer.WriteEndObject();
        }

        Line(buffer);
    }

    /// <summary>Counts in CloudWatch's embedded metric format: namespace Disa, dimension Stack.</summary>
    /// <param name="stack">The value of the dimension.</param>
    /// <param name="now">The time of the data points, which is the event's and not this machine's.</param>
    /// <param name="counts">Metric and count; zeros are left out, for a point that says nothing costs as much.</param>
    /// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html</remarks>
    public void Count(string stack, DateTimeOffset now, params ReadOnlySpan<(string Metric, int Count)> counts)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("_aws");
            writer.WriteNumber("Timestamp", now.ToUnixTimeMilliseconds());
            writer.WriteStartArray("CloudWatchMetrics");
            writer.WriteStartObject();
            writer.WriteString("Namespace", "Disa");
            writer.WriteStartArray("Dimensions");
            writer.WriteStartArray();
            writer.WriteStringValue("Stack");
            writer.WriteEndArray();
            writer.WriteEndArray();
            writer.WriteStartArray("Metrics");
            foreach (var (metric, count) in counts)
            {
                if (count != 0)
                {
                    writer.WriteStartObject();
                    writer.WriteString("Name", metric);
                    writer.WriteString("Unit", "Count");
                    writer.WriteEndObject();
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteString("Stack", stack);
            var any = false;
            foreach (var (metric, count) in counts)
            {
                if (count != 0)
                {
                    writer.WriteNumber(metric, count);
                    any = true;
                }
            }

            writer.WriteEndObject();
            if (!any)
            {
                return;
            }
        }

        Line(buffer);
    }

    /// <summary>Measures in the same format; zeros are points too.</summary>
    /// <param name="stack">The value of the dimension.</param>
    /// <param name="now">The time of the data points.</param>
    /// <param name="measures">Metric, CloudWatch's unit, value.</param>
    public void Measure(string stack, DateTimeOffset now, params ReadOnlySpan<(string Metric, string Unit, double Value)> measures)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("_aws");
            writer.WriteNumber("Timestamp", now.ToUnixTimeMilliseconds());
            writer.WriteStartArray("CloudWatchMetrics");
            writer.WriteStartObject();
            writer.WriteString("Namespace", "Disa");
            writer.WriteStartArray("Dimensions");
            writer.WriteStartArray();
            writer.WriteStringValue("Stack");
            writer.WriteEndArray();
            writer.WriteEndArray();
            writer.WriteStartArray("Metrics");
            foreach (var (metric, unit, _) in measures)
            {
                writer.WriteStartObject();
                writer.WriteString("Name", metric);
                writer.WriteString("Unit", unit);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteString("Stack", stack);
            foreach (var (metric, _, value) in measures)
            {
                writer.WriteNumber(metric, value);
            }

            writer.WriteEndObject();
        }

        Line(buffer);
    }

    private void Line(MemoryStream buffer)
    {
        lock (output)
        {
            output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
            output.Flush();
        }
    }
}
