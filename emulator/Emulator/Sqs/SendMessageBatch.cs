using System.Text;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

internal sealed record SendMessageBatchRequestEntry : SendMessageEntry, IBatchEntry
{
    public string? Id { get; init; }
}

internal sealed record SendMessageBatchRequest(string? QueueUrl, IReadOnlyList<SendMessageBatchRequestEntry>? Entries);

internal sealed record SendMessageBatchResultEntry(
    string Id,
    string MessageId,
    string MD5OfMessageBody,
    string? MD5OfMessageAttributes,
    string? MD5OfMessageSystemAttributes,
    string? SequenceNumber
);

internal sealed record SendMessageBatchResult(
    IReadOnlyList<SendMessageBatchResultEntry>? Successful,
    IReadOnlyList<BatchResultErrorEntry>? Failed
);

/// <summary>Puts up to ten messages into a queue with one commit; each is accepted or refused alone.</summary>
internal sealed class SendMessageBatch(Database database, Queues queues, QueueSender sender)
{
    public async Task<SendMessageBatchResult> Run(SendMessageBatchRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "SendMessage");
        Batch.Check(request.Entries, "SendMessageBatchRequestEntry");
        var size = request.Entries!.Sum(entry =>
            Encoding.UTF8.GetByteCount(entry.MessageBody ?? "") + MessageAttribute.Size(entry.MessageAttributes)
        );
        if (size > Queue.SizeLimit)
        {
            throw SqsErrors.BatchTooLong(size);
        }

        CheckFifo(queue, request.Entries!);

        var prepared = new List<(SendMessageBatchRequestEntry Entry, PreparedMessage Message)>();
        var failed = new List<BatchResultErrorEntry>();
        foreach (var entry in request.Entries!)
        {
            try
            {
                prepared.Add((entry, await sender.Prepare(queue, entry, caller).ConfigureAwait(false)));
            }
            catch (AwsException error)
            {
                failed.Add(Batch.Failed(entry.Id!, error));
            }
        }

        var successful =
            prepared.Count == 0
                ? []
                : await database
                    .Write(transaction =>
                        prepared.ConvertAll(pair =>
                        {
                            var (id, sequence) = sender.Put(transaction, pair.Message);
                            return new SendMessageBatchResultEntry(
                                pair.Entry.Id!,
                                id,
                                MessageBody.Md5(pair.Entry.MessageBody!),
                                MessageAttribute.Md5(pair.Entry.MessageAttributes),
                                MessageAttribute.Md5(pair.Entry.MessageSystemAttributes),
                                sequence
                            );
                        })
                    )
                    .ConfigureAwait(false);
        return new(Batch.Some(successful), Batch.Some(failed));
    }

    /// <summary>What only the queue asks of an entry fails the whole batch, and by another code than alone (recorded on AWS 2023-08-02).</summary>
    private static void CheckFifo(Queue queue, IReadOnlyList<SendMessageBatchRequestEntry> entries)
    {
        if (queue.Fifo && entries.Any(entry => string.IsNullOrEmpty(entry.MessageGroupId)))
        {
            throw SqsErrors.InvalidParameter("The request must contain the parameter MessageGroupId.");
        }

        if (queue is { Fifo: true, ContentBasedDeduplication: false } && entries.Any(entry => entry.MessageDeduplicationId is null))
        {
            throw SqsErrors.NoDeduplication();
        }
    }
}
