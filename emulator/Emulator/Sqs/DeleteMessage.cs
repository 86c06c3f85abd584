using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

internal sealed record DeleteMessageRequest(string? QueueUrl, string? ReceiptHandle);

/// <summary>Removes a message that was received.</summary>
internal sealed class DeleteMessage(Database database, Queues queues, QueueReader reader)
{
    public Task Run(DeleteMessageRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "DeleteMessage");
        var handle = queues.Handles.Parse(queue, request.ReceiptHandle);
        return database.Write(transaction => reader.Delete(transaction, queue, handle, request.ReceiptHandle!));
    }
}
