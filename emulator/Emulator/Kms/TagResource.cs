using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record TagResourceRequest(string? KeyId, IReadOnlyList<KeyTag>? Tags) : IKeyRequest;

/// <summary>Adds or replaces tags of a key.</summary>
internal sealed class TagResource(Keys keys)
{
    public Task Run(TagResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        var tags = KmsErrors.Required(request.Tags, "tags");
        return keys.Change(
            request.KeyId,
            caller,
            "TagResource",
            key => Keys.NotPendingDeletion(key) with { Tags = KeyTags.Merge(key.Tags, tags) }
        );
    }
}
