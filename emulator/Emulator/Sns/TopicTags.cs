using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

internal sealed record TagResourceRequest(string? ResourceArn, IReadOnlyList<Tag>? Tags);

internal sealed record UntagResourceRequest(string? ResourceArn, IReadOnlyList<string>? TagKeys);

internal sealed record ListTagsForResourceRequest(string? ResourceArn);

internal sealed record ListTagsForResourceResponse(IReadOnlyList<Tag> Tags);

/// <summary>The output of operations whose shape is empty.</summary>
internal sealed record EmptyResult;

/// <summary>TagResource, UntagResource and ListTagsForResource.</summary>
internal sealed class TopicTags(Database database, Topics topics)
{
    public async Task<EmptyResult> Tag(TagResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        var added = Read(request.Tags ?? throw SnsErrors.Missing("Tags"));
        await Change(
                Find(request.ResourceArn, caller),
                tags =>
                {
                    foreach (var (key, value) in added)
                    {
                        tags[key] = value;
                    }
                }
            )
            .ConfigureAwait(false);
        return new();
    }

    public async Task<EmptyResult> Untag(UntagResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        var keys = request.TagKeys ?? throw SnsErrors.Missing("TagKeys");
        await Change(
                Find(request.ResourceArn, caller),
                tags =>
                {
                    foreach (var key in keys)
                    {
                        tags.Remove(key);
                    }
                }
            )
            .ConfigureAwait(false);
        return new();
    }

    public ListTagsForResourceResponse List(ListTagsForResourceRequest request, Caller caller) =>
        new([
            .. Find(request.ResourceArn, caller)
                .Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)
                .Select(tag => new Tag(tag.Key, tag.Value)),
        ]);

    public static Dictionary<string, string> Read(IReadOnlyList<Tag>? tags)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags ?? [])
        {
            if (
                tag.Key is not { Length: > 0 and <= 128 } key
                || (tag.Value ?? "").Length > 256
                || (
                    key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
                    && !key.StartsWith("aws:cloudformation:", StringComparison.Ordinal)
                )
            )
            {
                throw SnsErrors.Invalid(
                    "Tags Reason: A tag key has 1 to 128 characters and does not begin with aws:, a value at most 256."
                );
            }

            if (!read.TryAdd(key, tag.Value ?? ""))
            {
                throw SnsErrors.Invalid("Duplicated keys are not allowed.");
            }
        }

        return read;
    }

    private Topic Find(string? arn, Caller caller)
    {
        try
        {
            return topics.Find(arn, caller, "TagResource", "ResourceArn");
        }
        catch (AwsException error) when (error.Code == "NotFound")
        {
            throw SnsErrors.ResourceDoesNotExist();
        }
    }

    private Task Change(Topic topic, Action<Dictionary<string, string>> change) =>
        database.Write(transaction =>
        {
            var current = topics.Shelf.Get(transaction, topic.Scope, topic.Name) ?? throw SnsErrors.ResourceDoesNotExist();
            var tags = new Dictionary<string, string>(current.Tags, StringComparer.Ordinal);
            change(tags);
            if (tags.Count > 50)
            {
                throw new AwsException("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded");
            }

            topics.Shelf.Put(transaction, topic.Scope, topic.Name, current with { Tags = tags });
        });
}
