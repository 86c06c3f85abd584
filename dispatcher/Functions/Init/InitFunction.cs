using System.Text.Json;
using Amazon.Runtime;

namespace Disa.Functions.Init;

/// <summary>Starts the workflow for the items that were inserted, keys only.</summary>
/// <remarks>Natural key: the records' event ids, from which the execution's name is made; a replayed batch starts nothing new.</remarks>
public sealed class InitFunction(
    Workflow workflow,
    TableShape shape,
    Log log,
    TimeProvider time,
    GroupLines? lines = null,
    GivenUpRecords? givenUp = null
)
{
    public async Task<BatchResponse> RunAsync(StreamEvent batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Records?.Any(record => record.IsOfTheQueue) == true
            ? await TakeUpAsync(batch.Records, cancellation).ConfigureAwait(false)
            : await StartAsync(batch, cancellation).ConfigureAwait(false);
    }

    /// <summary>What was given up once goes the same way again; what cannot be started now stays in the queue.</summary>
    private async Task<BatchResponse> TakeUpAsync(IReadOnlyList<StreamRecord> messages, CancellationToken cancellation)
    {
        var failed = new List<BatchItemFailure>();
        foreach (var message in messages)
        {
            try
            {
                var records = await (givenUp ?? throw new InvalidOperationException("There is no stream to read."))
                    .ReadAsync(message.Body ?? "", cancellation)
                    .ConfigureAwait(false);
                if ((await StartAsync(new(records), cancellation).ConfigureAwait(false)).BatchItemFailures.Count == 0)
                {
                    log.Write("warn", "Stream records that were given up are taken up again.", ("records", $"{records.Count}"));
                    continue;
                }
            }
            catch (Exception e) when (CallFailure.Is(e))
            {
                log.Write(
                    "warn",
                    "The stream did not answer.",
                    ("error", (e as AmazonServiceException)?.ErrorCode ?? e.GetType().Name),
                    ("text", e.Message)
                );
            }

            failed.Add(new(message.MessageId ?? ""));
        }

        return new(failed);
    }

    private async Task<BatchResponse> StartAsync(StreamEvent batch, CancellationToken cancellation)
    {
        foreach (var part in Workflow.Batches(Inserted(batch), entry => entry.Item.Key))
        {
            try
            {
                if (lines is not null)
                {
                    await lines.JoinAsync([.. part.Select(entry => entry.Item.Key)], cancellation).ConfigureAwait(false);
                }

                var name = Workflow.Name("stream", part.Select(entry => entry.EventId));
                await workflow
                    .StartAsync(name, new([.. part.Select(entry => entry.Item)], "disa.stream"), cancellation)
                    .ConfigureAwait(false);
            }
            catch (Exception e) when (CallFailure.Is(e))
            {
                // What was started before this record stays started; the mapping hands over everything from here again.
                log.Write(
                    "warn",
                    "The workflow could not be started.",
                    ("sequenceNumber", part[0].SequenceNumber),
                    ("error", (e as AmazonServiceException)?.ErrorCode ?? e.GetType().Name),
                    ("text", e.Message)
                );
                return new([new(part[0].SequenceNumber)]);
            }
        }

        return new([]);
    }

    /// <summary>The mapping filters for INSERT already; a mapping made by hand may not.</summary>
    private IEnumerable<Entry> Inserted(StreamEvent batch)
    {
        foreach (var record in batch.Records ?? [])
        {
            if (record is not { EventName: "INSERT", Change: { SequenceNumber: { } sequenceNumber } change })
            {
                continue;
            }

            if (
                shape.IsShared
                && change.NewImage is { ValueKind: JsonValueKind.Object } image
                && !image.TryGetProperty(SendAttributes.Message, out _)
            )
            {
                continue; // The user's other data.
            }

            ItemKey key;
            try
            {
                key = ItemKey.Parse(change.Keys);
            }
            catch (FormatException e)
            {
                // No retry would make it readable, and it must not hold up its shard.
                log.Write("error", "A record has no readable key.", ("sequenceNumber", sequenceNumber), ("error", e.Message));
                continue;
            }

            yield return new(new(key, SeenAt(change)), record.EventId ?? sequenceNumber, sequenceNumber);
        }
    }

    private DateTimeOffset SeenAt(Change change) =>
        change.ApproximateCreationDateTime is { } seconds
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : time.GetUtcNow();

    private sealed record Entry(WorkItem Item, string EventId, string SequenceNumber);
}
