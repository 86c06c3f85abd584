using Disa.Emulator.Aws;
using Disa.Emulator.Sqs;

namespace Disa.Emulator.Sns;

internal sealed record PublishBatchRequestEntry(
    string? Id,
    string? Message,
    string? Subject,
    string? MessageStructure,
    IReadOnlyDictionary<string, MessageAttribute>? MessageAttributes,
    string? MessageDeduplicationId,
    string? MessageGroupId
);

internal sealed record PublishBatchInput(string? TopicArn, IReadOnlyList<PublishBatchRequestEntry>? PublishBatchRequestEntries);

internal sealed record PublishBatchResultEntry(string Id, string MessageId, string? SequenceNumber);

internal sealed record BatchResultErrorEntry(string Id, string Code, string Message, bool SenderFault);

internal sealed record PublishBatchResponse(IReadOnlyList<PublishBatchResultEntry> Successful, IReadOnlyList<BatchResultErrorEntry> Failed);

/// <summary>
/// Publishes up to ten messages with one commit. What is wrong with the request's form refuses all of it (recorded on AWS
/// 2023-08-24 and 2024-11-15); an entry whose message or subject is refused fails alone.
/// </summary>
internal sealed class PublishBatch(Topics topics, Publisher publisher)
{
    public async Task<PublishBatchResponse> Run(PublishBatchInput input, Caller caller, CancellationToken cancellation)
    {
        var entries = input.PublishBatchRequestEntries ?? [];
        Check(entries);
        var topic = topics.Find(input.TopicArn, caller, "Publish");
        if (entries.Sum(entry => PublicationCheck.Size(entry.Message, entry.MessageAttributes)) > topic.MaximumMessageSize)
        {
            throw SnsErrors.BatchTooLong();
        }

        var drafts = new List<(string Id, Publication Draft)>();
        var failed = new List<BatchResultErrorEntry>();
        foreach (var entry in entries)
        {
            var structured = PublicationCheck.Structure(entry.MessageStructure, entry.Message);
            PublicationCheck.Fifo(topic, entry.MessageGroupId, entry.MessageDeduplicationId);
            PublicationCheck.Attributes(entry.MessageAttributes);
            try
            {
                PublicationCheck.Message(entry.Message, topic.MaximumMessageSize, entry.MessageAttributes);
                PublicationCheck.Subject(entry.Subject);
                drafts.Add(
                    (
                        entry.Id!,
                        publisher.Draft(
                            topic,
                            entry.Message!,
                            entry.Subject,
                            structured,
                            entry.MessageAttributes,
                            entry.MessageGroupId,
                            entry.MessageDeduplicationId
                        ) with
                        {
                            TraceHeader = caller.TraceHeader,
                        }
                    )
                );
            }
            catch (AwsException error)
            {
                failed.Add(new(entry.Id!, error.Code, error.Message, error.StatusCode < 500));
            }
        }

        var accepted =
            drafts.Count == 0 ? [] : await publisher.Accept(topic, drafts.ConvertAll(pair => pair.Draft), caller).ConfigureAwait(false);
        return new(
            [.. drafts.Zip(accepted, (pair, result) => new PublishBatchResultEntry(pair.Id, result.MessageId, result.Sequence))],
            failed
        );
    }

    private static void Check(IReadOnlyList<PublishBatchRequestEntry> entries)
    {
        if (entries.Count == 0)
        {
            throw SnsErrors.EmptyBatch();
        }

        if (entries.Count > 10)
        {
            throw SnsErrors.TooManyEntries();
        }

        if (
            entries.FirstOrDefault(entry =>
                entry.Id is not { Length: > 0 and <= 80 } id || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ) is
            { } wrong
        )
        {
            throw SnsErrors.InvalidEntryId(wrong.Id);
        }

        if (entries.DistinctBy(entry => entry.Id).Count() < entries.Count)
        {
            throw SnsErrors.EntryIdsNotDistinct();
        }
    }
}
