using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

internal sealed record DeleteQueueRequest(string? QueueUrl);

/// <summary>Removes a queue and its messages, at once; its name rests for 60 seconds.</summary>
internal sealed class DeleteQueue(Database database, Queues queues, Arrivals arrivals)
{
    public Task Run(DeleteQueueRequest request, Caller caller, CancellationToken cancellation) =>
        Delete(queues.Find(request.QueueUrl, caller, "DeleteQueue"));

    public Task Delete(Queue queue) =>
        database.Write(transaction =>
        {
            if (queues.Shelf.Remove(transaction, queue.Scope, queue.Name))
            {
                Messages.Clear(transaction, queue);
                queues.Deleted.Put(transaction, queue.Scope, queue.Name, new DeletedQueue(queues.Now));
                // Who waits there looks, and finds that the queue has gone.
                transaction.AfterCommit(() => arrivals.Signal(queue.Arn));
            }
        });
}
