using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

internal sealed record ChangeMessageVisibilityBatchRequestEntry(string? Id, string? ReceiptHandle, int? VisibilityTimeout) : IBatchEntry;

internal sealed record ChangeMessageVisibilityBatchRequest(
    string? QueueUrl,
    IReadOnlyList<ChangeMessageVisibilityBatchRequestEntry>? Entries
);

/// <summary>Changes the visibility of up to ten received messages, with one commit.</summary>
internal sealed class ChangeMessageVisibilityBatch(Database database, Queues queues, ChangeMessageVisibility single)
{
    public Task<BatchResult> Run(ChangeMessageVisibilityBatchRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "ChangeMessageVisibility");
        Batch.Check(request.Entries, "ChangeMessageVisibilityBatchRequestEntry");
        return database.Write(transaction =>
        {
            var successful = new List<BatchResultEntry>();
            var failed = new List<BatchResultErrorEntry>();
            foreach (var entry in request.Entries!)
            {
                try
                {
                    single.Change(transaction, queue, entry.ReceiptHandle, entry.VisibilityTimeout);
                    successful.Add(new(entry.Id!));
                }
                catch (AwsException error)
                {
                    failed.Add(Batch.Failed(entry.Id!, error));
                }
            }

            return new BatchResult(Batch.Some(successful), Batch.Some(failed));
        });
    }
}
