using Disa.Emulator.Aws;

namespace Disa.Emulator.Iam;

internal sealed record TagEntityRequest(string? RoleName, string? UserName, IReadOnlyList<Tag>? Tags);

internal sealed record UntagEntityRequest(string? RoleName, string? UserName, IReadOnlyList<string>? TagKeys);

internal sealed record ListEntityTagsRequest(string? RoleName, string? UserName, string? Marker, int? MaxItems);

internal sealed record ListEntityTagsResponse(IReadOnlyList<Tag> Tags, bool IsTruncated, string? Marker);

/// <summary>TagRole, UntagRole and ListRoleTags; the same for users.</summary>
internal sealed class EntityTags<T>(Holders<T> holders)
    where T : Holder
{
    public Task Tag(TagEntityRequest request, Caller caller, CancellationToken cancellation)
    {
        var tags = IamErrors.Required(request.Tags, "tags");
        return holders.Change(caller, request.RoleName ?? request.UserName, holder => holder with { Tags = Tags.Merge(holder.Tags, tags) });
    }

    public Task Untag(UntagEntityRequest request, Caller caller, CancellationToken cancellation)
    {
        var keys = IamErrors.Required(request.TagKeys, "tagKeys");
        return holders.Change(
            caller,
            request.RoleName ?? request.UserName,
            holder => holder with { Tags = holder.Tags.Where(tag => !keys.Contains(tag.Key)).ToDictionary() }
        );
    }

    public ListEntityTagsResponse List(ListEntityTagsRequest request, Caller caller)
    {
        var holder = holders.Find(caller, request.RoleName ?? request.UserName);
        var (page, next) = holders
            .Listing("ListTags", caller, holder)
            .Page(Tags.List(holder.Tags) ?? [], tag => tag.Key!, IamErrors.PageSize(request.MaxItems), request.Marker);
        return new(page, next is not null, next);
    }
}
