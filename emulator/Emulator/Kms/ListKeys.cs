using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ListKeysRequest(int? Limit, string? Marker);

internal sealed record ListKeysResponse(IReadOnlyList<KeyListEntry> Keys, string? NextMarker, bool Truncated);

internal sealed record KeyListEntry(string KeyId, string KeyArn);

/// <summary>Lists the account's keys in the Region.</summary>
internal sealed class ListKeys(Keys keys)
{
    public ListKeysResponse Run(ListKeysRequest request, Caller caller)
    {
        var (page, next) = keys
            .Lists.Of("ListKeys", caller.Scope)
            .Page(
                keys.Shelf.List(caller.Scope).Values.Where(key => key.Manager != KmsKey.Owned),
                key => key.KeyId,
                KmsErrors.PageSize(request.Limit, 100, 1000),
                request.Marker
            );
        return new(page.ConvertAll(key => new KeyListEntry(key.KeyId, key.Arn)), next, next is not null);
    }
}
