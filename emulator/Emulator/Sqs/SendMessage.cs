using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

/// <summary>What SendMessage and an entry of SendMessageBatch have in common.</summary>
internal record SendMessageEntry
{
    public string? MessageBody { get; init; }

    public int? DelaySeconds { get; init; }

    public IReadOnlyDictionary<string, MessageAttribute>? MessageAttributes { get; init; }

    public IReadOnlyDictionary<string, MessageAttribute>? MessageSystemAttributes { get; init; }

    public string? MessageDeduplicationId { get; init; }

    public string? MessageGroupId { get; init; }
}

internal sealed record SendMessageRequest : SendMessageEntry
{
    public string? QueueUrl { get; init; }
}

internal sealed record SendMessageResult(
    string MD5OfMessageBody,
    string? MD5OfMessageAttributes,
    string? MD5OfMessageSystemAttributes,
    string MessageId,
    string? SequenceNumber
);

/// <summary>Puts one message into a queue; answered once it is durable.</summary>
internal sealed class SendMessage(Database database, Queues queues, QueueSender sender, UsageMeter meter)
{
    public async Task<SendMessageResult> Run(SendMessageRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "SendMessage");
        var prepared = await sender.Prepare(queue, request, caller).ConfigureAwait(false);
        var (id, sequence) = await database.Write(transaction => sender.Put(transaction, prepared)).ConfigureAwait(false);
        if (UsageMeter.Chunks(System.Text.Encoding.UTF8.GetByteCount(request.MessageBody!)) is > 1 and var chunks)
        {
            // The call itself is counted as one request already; each 64 KB is one.
            meter.Add("sqs", "", "Requests", chunks - 1);
        }

        return new(
            MessageBody.Md5(request.MessageBody!),
            MessageAttribute.Md5(request.MessageAttributes),
            MessageAttribute.Md5(request.MessageSystemAttributes),
            id,
            sequence
        );
    }
}
