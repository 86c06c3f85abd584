using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

internal sealed record ReceiveMessageRequest(
    string? QueueUrl,
    IReadOnlyList<string>? AttributeNames,
    IReadOnlyList<string>? MessageSystemAttributeNames,
    IReadOnlyList<string>? MessageAttributeNames,
    int? MaxNumberOfMessages,
    int? VisibilityTimeout,
    int? WaitTimeSeconds
);

internal sealed record Message(
    string MessageId,
    string ReceiptHandle,
    string MD5OfBody,
    string Body,
    IReadOnlyDictionary<string, string>? Attributes,
    string? MD5OfMessageAttributes,
    IReadOnlyDictionary<string, MessageAttribute>? MessageAttributes
);

internal sealed record ReceiveMessageResult(IReadOnlyList<Message>? Messages);

/// <summary>Takes messages from a queue for a while; with a wait, answers as soon as one is there.</summary>
internal sealed class ReceiveMessage(Queues queues, QueueReader reader, Clock clock)
{
    private static readonly string[] SystemAttributes =
    [
        "All",
        "SenderId",
        "SentTimestamp",
        "ApproximateReceiveCount",
        "ApproximateFirstReceiveTimestamp",
        "SequenceNumber",
        "MessageDeduplicationId",
        "MessageGroupId",
        "AWSTraceHeader",
        "DeadLetterQueueSourceArn",
    ];

    public async Task<ReceiveMessageResult> Run(ReceiveMessageRequest request, Caller caller, CancellationToken cancellation)
    {
        using var busy = clock.Work("ReceiveMessage");
        var queue = queues.Find(request.QueueUrl, caller, "ReceiveMessage");
        Check(request);
        var wait = TimeSpan.FromSeconds(request.WaitTimeSeconds ?? queue.WaitSeconds);
        var received = await reader
            .Receive(queue, request.MaxNumberOfMessages ?? 1, request.VisibilityTimeout, wait, busy, cancellation)
            .ConfigureAwait(false);
        return new(received.Count == 0 ? null : [.. received.Select(message => Describe(message, queue, request))]);
    }

    private static void Check(ReceiveMessageRequest request)
    {
        if (request.MaxNumberOfMessages is < 1 or > 10)
        {
            throw SqsErrors.InvalidParameter(
                $"{request.MaxNumberOfMessages}",
                "MaxNumberOfMessages",
                "Must be between 1 and 10, if provided."
            );
        }

        if (request.VisibilityTimeout is < 0 or > 43_200)
        {
            throw SqsErrors.InvalidParameter(
                $"{request.VisibilityTimeout}",
                "VisibilityTimeout",
                "Must be between 0 and 43200, if provided."
            );
        }

        if (request.WaitTimeSeconds is < 0 or > 20)
        {
            throw SqsErrors.InvalidParameter($"{request.WaitTimeSeconds}", "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided.");
        }

        if (
            (request.AttributeNames ?? [])
                .Concat(request.MessageSystemAttributeNames ?? [])
                .FirstOrDefault(name => !SystemAttributes.Contains(name)) is
            { } unknown
        )
        {
            throw SqsErrors.InvalidAttributeName($"Unknown Attribute {unknown}.");
        }
    }

    private static Message Describe(ReceivedMessage received, Queue queue, ReceiveMessageRequest request)
    {
        var names = (request.AttributeNames ?? []).Concat(request.MessageSystemAttributeNames ?? []).ToHashSet(StringComparer.Ordinal);
        var system = received.SystemAttributes.Where(entry => names.Contains("All") || names.Contains(entry.Key)).ToDictionary();
        var attributes = received.Attributes?.Where(entry => Wanted(entry.Key, request.MessageAttributeNames ?? [])).ToDictionary();
        return new(
            received.MessageId,
            received.ReceiptHandle,
            MessageBody.Md5(received.Body),
            received.Body,
            system.Count > 0 ? system : null,
            MessageAttribute.Md5(attributes),
            attributes is { Count: > 0 } ? attributes : null
        );
    }

    /// <summary>By name, by prefix (<c>foo.*</c>), or all (<c>All</c>, <c>.*</c>).</summary>
    private static bool Wanted(string name, IReadOnlyList<string> filters) =>
        filters.Any(filter =>
            filter is "All" or ".*" or "*"
            || filter == name
            || (filter.EndsWith(".*", StringComparison.Ordinal) && name.StartsWith(filter[..^2], StringComparison.Ordinal))
        );

    internal static Dictionary<string, string> Describe(StoredMessage message, Queue queue)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SenderId"] = message.Sender,
            ["SentTimestamp"] = Number(message.Sent),
            ["ApproximateReceiveCount"] = Number(message.ReceiveCount),
            ["ApproximateFirstReceiveTimestamp"] = Number(message.FirstReceived ?? 0),
        };
        Add("MessageGroupId", message.GroupId);
        Add("MessageDeduplicationId", message.DeduplicationId);
        Add("SequenceNumber", queue.Fifo ? message.SequenceNumber : null);
        Add("AWSTraceHeader", message.TraceHeader);
        Add("DeadLetterQueueSourceArn", message.DeadLetterSource);
        return all;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                all.Add(name, value);
            }
        }

        static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
