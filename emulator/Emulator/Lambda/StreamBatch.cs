using System.Globalization;

namespace Disa.Emulator.Lambda;

/// <summary>Records that go to the function together.</summary>
/// <param name="Records">In the order of their sequence numbers.</param>
/// <param name="End">The last sequence number that is done with the batch: filtered records after its last one included.</param>
/// <param name="Attempts">How often the function failed with it.</param>
/// <param name="IsExpired">They are too old to be delivered.</param>
/// <param name="IsReplay">They are done, and come once more.</param>
internal sealed record StreamBatch(IReadOnlyList<StreamEntry> Records, string End, int Attempts, bool IsExpired, bool IsReplay = false)
{
    /// <summary>The event that the function gets.</summary>
    public ReadOnlyMemory<byte> Payload() =>
        JsonText.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("Records");
            foreach (var record in Records)
            {
                record.Record.WriteTo(writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    /// <summary>What the destination of failures is told.</summary>
    /// <param name="mapping">Whose batch it is.</param>
    /// <param name="shard">The shard that it is of.</param>
    /// <param name="invocations">How often the function was called with it.</param>
    /// <param name="condition">Why it is given up.</param>
    /// <param name="invocation">The last call; null where there was none.</param>
    /// <param name="now">When it is given up.</param>
    public string Failure(Mapping mapping, string shard, int invocations, string condition, Invocation? invocation, DateTimeOffset now) =>
        JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("requestContext");
            writer.WriteString("requestId", invocation?.RequestId ?? Guid.NewGuid().ToString());
            writer.WriteString("functionArn", mapping.FunctionArn);
            writer.WriteString("condition", condition);
            writer.WriteNumber("approximateInvokeCount", invocations);
            writer.WriteEndObject();
            if (invocation is not null)
            {
                writer.WriteStartObject("responseContext");
                writer.WriteNumber("statusCode", invocation.StatusCode);
                writer.WriteString("executedVersion", invocation.ExecutedVersion);
                // Null where the function itself reports what failed (recorded on AWS).
                writer.WriteString("functionError", invocation.FunctionError);
                writer.WriteEndObject();
            }

            writer.WriteString("version", "1.0");
            writer.WriteString("timestamp", Text(now));
            writer.WriteStartObject("DDBStreamBatchInfo");
            writer.WriteString("shardId", shard);
            writer.WriteString("startSequenceNumber", Records[0].SequenceNumber);
            writer.WriteString("endSequenceNumber", Records[^1].SequenceNumber);
            writer.WriteString("approximateArrivalOfFirstRecord", Seconds(Records[0].Created));
            writer.WriteString("approximateArrivalOfLastRecord", Seconds(Records[^1].Created));
            writer.WriteNumber("batchSize", Records.Count);
            writer.WriteString("streamArn", mapping.EventSourceArn);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Seconds(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
