using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListResourceTagsRequest(string? KeyId, int? Limit, string? Marker) : IKeyRequest;

internal sealed record ListResourceTagsResponse(IReadOnlyList<KeyTag> Tags, string? NextMarker, bool Truncated);

/// <summary>A key's tags.</summary>
internal sealed class ListResourceTags(Keys keys)
{
    public ListResourceTagsResponse Run(ListResourceTagsRequest request, Caller caller)
    {
        var key = keys.FindByIdOrArn(request.KeyId, caller.Scope);
        var (page, next) = keys
            .Lists.Of("ListResourceTags", caller.Scope, key.Arn)
            .Page(
                key.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal),
                tag => tag.Key,
                KmsErrors.PageSize(request.Limit, 50, 50),
                request.Marker
            );
        return new(page.ConvertAll(tag => new KeyTag(tag.Key, tag.Value)), next, next is not null);
    }
}
