using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

internal sealed record GetQueueAttributesRequest(string? QueueUrl, IReadOnlyList<string>? AttributeNames);

internal sealed record GetQueueAttributesResult(IReadOnlyDictionary<string, string>? Attributes);

/// <summary>Answers a queue's attributes and how many messages it has (exact here, approximate on AWS).</summary>
internal sealed class GetQueueAttributes(Database database, Queues queues)
{
    private static readonly string[] Names =
    [
        "All",
        "Policy",
        "VisibilityTimeout",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "CreatedTimestamp",
        "LastModifiedTimestamp",
        "QueueArn",
        "ApproximateNumberOfMessagesDelayed",
        "DelaySeconds",
        "ReceiveMessageWaitTimeSeconds",
        "RedrivePolicy",
        "FifoQueue",
        "ContentBasedDeduplication",
        "KmsMasterKeyId",
        "KmsDataKeyReusePeriodSeconds",
        "DeduplicationScope",
        "FifoThroughputLimit",
        "RedriveAllowPolicy",
        "SqsManagedSseEnabled",
    ];

    public GetQueueAttributesResult Run(GetQueueAttributesRequest request, Caller caller)
    {
        var queue = queues.Find(request.QueueUrl, caller, "GetQueueAttributes");
        var names = request.AttributeNames ?? [];
        if (names.FirstOrDefault(name => !Names.Contains(name)) is { } unknown)
        {
            throw SqsErrors.InvalidAttributeName($"Unknown Attribute {unknown}.");
        }

        var all = QueueAttributes.Describe(queue);
        var (visible, inFlight, delayed) = database.Read(transaction => Messages.Count(transaction, queue, queues.Now));
        all["ApproximateNumberOfMessages"] = visible.ToString(CultureInfo.InvariantCulture);
        all["ApproximateNumberOfMessagesNotVisible"] = inFlight.ToString(CultureInfo.InvariantCulture);
        all["ApproximateNumberOfMessagesDelayed"] = delayed.ToString(CultureInfo.InvariantCulture);
        var wanted = names.Contains("All") ? all : all.Where(entry => names.Contains(entry.Key)).ToDictionary();
        return new(wanted.Count == 0 ? null : wanted);
    }
}
