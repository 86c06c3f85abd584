using System.Text.Json;

namespace Disa.Functions;

/// <summary>An item to be sent, by its key.</summary>
/// <param name="Key">The item's key.</param>
/// <param name="SeenAt">When Disa first saw it, as far as the one who names it knows: the time of its stream record.</param>
public sealed record WorkItem(ItemKey Key, DateTimeOffset SeenAt);

/// <summary>The input of one execution of the workflow.</summary>
/// <param name="Items">What to send.</param>
/// <param name="Source">What asked for it, for people who read the execution.</param>
/// <param name="Force">Whether times that are not due yet are ignored.</param>
/// <param name="Report">What the workflow tells the retry function at its end; null where nobody waits for it.</param>
public sealed record WorkBatch(IReadOnlyList<WorkItem> Items, string Source, bool Force = false, ReportRequest? Report = null)
{
    internal string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("source", Source);
            writer.WriteBoolean("force", Force);
            writer.WriteStartArray("items");
            foreach (var item in Items)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("key");
                item.Key.Json.WriteTo(writer);
                writer.WriteString("seenAt", Instant.Text(item.SeenAt));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (Report is not null)
            {
                writer.WriteStartObject("report");
                writer.WriteString("kind", Report.Kind);
                writer.WriteString("token", Report.Token);
                writer.WriteString("at", Instant.Text(Report.At));
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}

/// <summary>Asks the workflow to send at a time, whatever the breaker says, and to report to the retry function.</summary>
/// <param name="Kind">probe, ramp or more.</param>
/// <param name="Token">Which of them it was.</param>
/// <param name="At">Not before this time.</param>
public sealed record ReportRequest(string Kind, string Token, DateTimeOffset At)
{
    /// <summary>While the breaker is open: does one message get through?</summary>
    public const string Probe = "probe";

    /// <summary>While it closes: do a few more?</summary>
    public const string Ramp = "ramp";

    /// <summary>The last batch of a sweep that left some: is it done?</summary>
    public const string More = "more";
}
