using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

internal sealed record PurgeQueueRequest(string? QueueUrl);

/// <summary>Deletes every message of a queue, at once; once in 60 seconds.</summary>
internal sealed class PurgeQueue(Database database, Queues queues)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    public Task Run(PurgeQueueRequest request, Caller caller, CancellationToken cancellation)
    {
        var found = queues.Find(request.QueueUrl, caller, "PurgeQueue");
        return database.Write(transaction =>
        {
            var queue = queues.Find(transaction, found);
            var now = queues.Now;
            if (now - queue.Purged < Rest)
            {
                throw SqsErrors.PurgeInProgress(queue.Name);
            }

            // What was purged may come again: its deduplication ids are forgotten too (recorded on AWS).
            Messages.Clear(transaction, queue);
            queues.Shelf.Put(transaction, queue.Scope, queue.Name, queue with { Purged = now });
        });
    }
}
