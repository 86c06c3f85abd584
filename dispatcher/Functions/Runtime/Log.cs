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

    /// <summary>Measures in CloudWatch's embedded metric format: namespace Disa, dimension Stack. Measures without values are left out.</summary>
    /// <param name="stack">The value of the dimension.</param>
    /// <param name="now">The time of the data points, which is the event's and not this machine's.</param>
    /// <param name="measures">What was measured.</param>
    /// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html</remarks>
    public void Measure(string stack, DateTimeOffset now, params IReadOnlyList<Measure> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        if (measures.All(measure => measure.Values.Count == 0))
        {
            return;
        }

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
            foreach (var measure in measures.Where(measure => measure.Values.Count > 0))
            {
                writer.WriteStartObject();
                writer.WriteString("Name", measure.Name);
                writer.WriteString("Unit", measure.Unit);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteString("Stack", stack);
            foreach (var measure in measures.Where(measure => measure.Values.Count > 0))
            {
                measure.WriteValues(writer);
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

/// <summary>One metric and its values, up to 100.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Unit">CloudWatch's unit.</param>
/// <param name="Values">What was measured.</param>
public sealed record Measure(string Name, string Unit, IReadOnlyList<double> Values)
{
    /// <summary>A count; none is not measured, for a point that says nothing costs as much.</summary>
    public static Measure Count(string name, int count) => new(name, "Count", count == 0 ? [] : [count]);

    /// <summary>A level: zero is a value too.</summary>
    public static Measure Level(string name, string unit, double value) => new(name, unit, [value]);

    internal void WriteValues(Utf8JsonWriter writer)
    {
        if (Values is [var only])
        {
            writer.WriteNumber(Name, only);
            return;
        }

        writer.WriteStartArray(Name);
        foreach (var value in Values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
