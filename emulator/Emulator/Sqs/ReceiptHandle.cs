using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Sqs;

/// <summary>One receive of one message: the row, and which receive it was.</summary>
internal readonly record struct ReceiptHandle(long Id, string Receipt);

/// <summary>Receipt handles as callers have them: opaque, and good for the queue that gave them alone.</summary>
internal sealed class ReceiptHandles(Tokens tokens)
{
    public string Text(Queue queue, ReceiptHandle handle) =>
        tokens.Make(Kind(queue), string.Create(CultureInfo.InvariantCulture, $"{handle.Id} {handle.Receipt}"));

    /// <exception cref="AwsException">ReceiptHandleIsInvalid: nothing that ReceiveMessage ever answered for this queue.</exception>
    public ReceiptHandle Parse(Queue queue, string? text) =>
        string.IsNullOrEmpty(text) ? throw SqsErrors.Missing("ReceiptHandle")
        : tokens.Read(Kind(queue), text)?.Split(' ') is [var id, var receipt] ? new(long.Parse(id, CultureInfo.InvariantCulture), receipt)
        : throw SqsErrors.ReceiptHandleIsInvalid(text);

    private static string Kind(Queue queue) => "sqs:ReceiveMessage|" + queue.Arn;
}
