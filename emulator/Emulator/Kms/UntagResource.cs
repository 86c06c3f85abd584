using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record UntagResourceRequest(string? KeyId, IReadOnlyList<string>? TagKeys) : IKeyRequest;

/// <summary>Removes tags of a key.</summary>
internal sealed class UntagResource(Keys keys)
{
    public Task Run(UntagResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        var names = KmsErrors.Required(request.TagKeys, "tagKeys");
        return keys.Change(
            request.KeyId,
            caller,
            "UntagResource",
            key => Keys.NotPendingDeletion(key) with { Tags = key.Tags.Where(tag => !names.Contains(tag.Key)).ToDictionary() }
        );
    }
}
