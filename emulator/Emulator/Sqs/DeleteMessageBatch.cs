using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

internal sealed record DeleteMessageBatchRequestEntry(string? Id, string? ReceiptHandle) : IBatchEntry;

internal sealed record DeleteMessageBatchRequest(string? QueueUrl, IReadOnlyList<DeleteMessageBatchRequestEntry>? Entries);

internal sealed record BatchResultEntry(string Id);

internal sealed record BatchResult(IReadOnlyList<BatchResultEntry>? Successful, IReadOnlyList<BatchResultErrorEntry>? Failed);

/// <summary>Removes up to ten messages that were received, with one commit.</summary>
internal sealed class DeleteMessageBatch(Database database, Queues queues, QueueReader reader)
{
    public Task<BatchResult> Run(DeleteMessageBatchRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "DeleteMessage");
        Batch.Check(request.Entries, "DeleteMessageBatchRequestEntry");
        return database.Write(transaction =>
        {
            var successful = new List<BatchResultEntry>();
            var failed = new List<BatchResultErrorEntry>();
            foreach (var entry in request.Entries!)
            {
                try
                {
                    reader.Delete(transaction, queue, queues.Handles.Parse(queue, entry.ReceiptHandle), entry.ReceiptHandle!);
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
