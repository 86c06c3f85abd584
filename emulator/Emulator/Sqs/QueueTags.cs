using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sqs;

internal sealed record TagQueueRequest(string? QueueUrl, IReadOnlyDictionary<string, string>? Tags);

internal sealed record UntagQueueRequest(string? QueueUrl, IReadOnlyList<string>? TagKeys);

internal sealed record ListQueueTagsRequest(string? QueueUrl);

internal sealed record ListQueueTagsResult(IReadOnlyDictionary<string, string>? Tags);

/// <summary>TagQueue, UntagQueue and ListQueueTags.</summary>
internal sealed class QueueTags(Database database, Queues queues)
{
    public Task Tag(TagQueueRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "TagQueue");
        var tags = request.Tags is { Count: > 0 } given ? given : throw SqsErrors.Missing("Tags");
        Check(tags);
        return Change(
            queue,
            current =>
            {
                foreach (var (key, value) in tags)
                {
                    current[key] = value;
                }
            }
        );
    }

    public Task Untag(UntagQueueRequest request, Caller caller, CancellationToken cancellation)
    {
        var queue = queues.Find(request.QueueUrl, caller, "UntagQueue");
        var keys = request.TagKeys is { Count: > 0 } given ? given : throw SqsErrors.Missing("TagKeys");
        return Change(
            queue,
            current =>
            {
                foreach (var key in keys)
                {
                    current.Remove(key);
                }
            }
        );
    }

    public ListQueueTagsResult List(ListQueueTagsRequest request, Caller caller)
    {
        var tags = queues.Find(request.QueueUrl, caller, "ListQueueTags").Tags;
        return new(tags.Count == 0 ? null : tags);
    }

    public static void Check(IReadOnlyDictionary<string, string>? tags)
    {
        if (tags?.Count > 50)
        {
            throw SqsErrors.InvalidParameter("Too many tags added for queue: a queue can have 50.");
        }

        foreach (var (key, value) in tags ?? new Dictionary<string, string>())
        {
            if (key.Length is 0 or > 128)
            {
                throw SqsErrors.InvalidParameter("Tag keys must be between 1 and 128 characters in length.");
            }

            if (
                key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
                && !key.StartsWith("aws:cloudformation:", StringComparison.Ordinal)
            )
            {
                throw SqsErrors.InvalidParameter("Tag keys that begin with aws: are reserved for AWS use.");
            }

            if (value.Length > 256)
            {
                throw SqsErrors.InvalidParameter("Tag values must be between 0 and 256 characters in length.");
            }
        }
    }

    private Task Change(Queue queue, Action<Dictionary<string, string>> change) =>
        database.Write(transaction =>
        {
            var current = queues.Find(transaction, queue);
            var tags = new Dictionary<string, string>(current.Tags, StringComparer.Ordinal);
            change(tags);
            Check(tags);
            queues.Shelf.Put(transaction, current.Scope, current.Name, current with { Tags = tags });
        });
}
