using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

internal sealed record ChangeMessageVisibilityRequest(string? QueueUrl, string? ReceiptHandle, int? VisibilityTimeout);

/// <summary>Sets again how long, from now, a received message stays invisible.</summary>
internal sealed class ChangeMessageVisibility(Database database, Queues queues, Arrivals arrivals)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    public Task Run(ChangeMessageVisibilityRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "ChangeMessageVisibility");
        return database.Write(transaction => Change(transaction, queue, request.ReceiptHandle, request.VisibilityTimeout));
    }

    public void Change(Transaction transaction, Queue queue, string? receiptHandle, int? timeout)
    {
        if (timeout is not { } seconds)
        {
            throw SqsErrors.Missing("VisibilityTimeout");
        }

        if (seconds is < 0 or > 43_200)
        {
            throw SqsErrors.InvalidParameter($"{seconds}", "VisibilityTimeout", "Must be between 0 and 43200, if provided.");
        }

        var handle = queues.Handles.Parse(queue, receiptHandle);
        var now = queues.Now;
        if (Messages.Find(transaction, queue, handle.Id) is not { } message)
        {
            throw SqsErrors.InvalidParameter(
                receiptHandle!,
                "ReceiptHandle",
                "Message does not exist or is not available for visibility timeout change."
            );
        }

        // A standard queue takes every handle that it gave for a message, in flight or not (recorded on AWS); of a FIFO queue only the last one counts.
        if (queue.Fifo && (message.Receipt != handle.Receipt || message.Visible <= now.ToUnixTimeMilliseconds()))
        {
            throw SqsErrors.MessageNotInflight();
        }

        var visible = now.AddSeconds(seconds);
        if (
            message.FirstReceived is { } first
            && visible - DateTimeOffset.FromUnixTimeMilliseconds(first) > Longest
            && message.ReceiveCount == 1
        )
        {
            throw SqsErrors.InvalidParameter(
                $"{seconds}",
                "VisibilityTimeout",
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]."
            );
        }

        Messages.SetVisible(transaction, message.Id, visible.ToUnixTimeMilliseconds());
        transaction.AfterCommit(() => arrivals.Signal(queue.Arn));
    }
}
