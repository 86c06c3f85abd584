using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

public sealed record ListTagsForResourceRequest(string? ResourceARN);

public sealed record ListTagsForResourceResponse(IReadOnlyList<Tag> Tags);

public sealed record TagResourceRequest(string? ResourceARN, List<Tag>? Tags);

public sealed record UntagResourceRequest(string? ResourceARN, List<string>? TagKeys);

public sealed record EmptyResponse;

/// <summary>Tags of alarms.</summary>
internal sealed class Tags(Database database, Shelf<Alarm> alarms)
{
    private const int Limit = 50;

    public static IReadOnlyDictionary<string, string> Of(List<Tag>? tags)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags ?? [])
        {
            map[CloudWatchErrors.Text(tag.Key, "tags.1.member.key", 128)] = tag.Value ?? "";
        }

        return map.Count <= Limit ? map : throw CloudWatchErrors.InvalidValue($"A resource may have at most {Limit} tags.");
    }

    public ListTagsForResourceResponse List(ListTagsForResourceRequest request, Caller caller) =>
        new(Of(request.ResourceARN, caller).Select(tag => new Tag(tag.Key, tag.Value)).ToList());

    /// <summary>What is not there has no tags, and that is not an error (recorded on AWS).</summary>
    public IReadOnlyDictionary<string, string> Of(string? arn, Caller caller)
    {
        try
        {
            return Find(null, arn, caller).Tags;
        }
        catch (AwsException missing) when (missing.Code == "ResourceNotFoundException")
        {
            return new Dictionary<string, string>();
        }
    }

    public Task<EmptyResponse> Add(TagResourceRequest request, Caller caller, CancellationToken cancellation) =>
        database.Write(transaction =>
        {
            var alarm = Find(transaction, request.ResourceARN, caller);
            var tags = alarm.Tags.Select(tag => new Tag(tag.Key, tag.Value)).Concat(request.Tags ?? []).ToList();
            alarms.Put(transaction, caller.Scope, alarm.Name, alarm with { Tags = Of(tags) });
            return new EmptyResponse();
        });

    public Task<EmptyResponse> Remove(UntagResourceRequest request, Caller caller, CancellationToken cancellation) =>
        database.Write(transaction =>
        {
            var alarm = Find(transaction, request.ResourceARN, caller);
            var kept = alarm.Tags.Where(tag => request.TagKeys?.Contains(tag.Key) != true).ToDictionary(tag => tag.Key, tag => tag.Value);
            alarms.Put(transaction, caller.Scope, alarm.Name, alarm with { Tags = kept });
            return new EmptyResponse();
        });

    private Alarm Find(Transaction? transaction, string? arn, Caller caller)
    {
        if (Arn.TryParse(arn) is not { Service: "cloudwatch" } parsed)
        {
            throw CloudWatchErrors.InvalidValue($"Invalid ARN: {arn}");
        }

        var name = parsed.Resource.StartsWith("alarm:", StringComparison.Ordinal) ? parsed.Resource["alarm:".Length..] : "";
        return (transaction is null ? alarms.Get(caller.Scope, name) : alarms.Get(transaction, caller.Scope, name))
            ?? throw CloudWatchErrors.UnknownResource(arn!);
    }
}
