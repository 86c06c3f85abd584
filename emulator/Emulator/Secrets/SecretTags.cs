using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

internal sealed record TagResourceRequest(string? SecretId, IReadOnlyList<SecretTag>? Tags);

internal sealed record UntagResourceRequest(string? SecretId, IReadOnlyList<string>? TagKeys);

/// <summary>TagResource and UntagResource.</summary>
internal sealed class SecretTags(SecretStore secrets)
{
    private const int Most = 50;

    public Task Tag(TagResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        var added = SecretsErrors.Required(request.Tags, "tags");
        return secrets.Change(request.SecretId, caller.Scope, secret => secret with { Tags = Merge(secret.Tags, added) });
    }

    public Task Untag(UntagResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        var keys = SecretsErrors.Required(request.TagKeys, "tagKeys");
        return secrets.Change(
            request.SecretId,
            caller.Scope,
            secret => secret with { Tags = [.. secret.Tags.Where(tag => !keys.Contains(tag.Key))] }
        );
    }

    /// <exception cref="AwsException">InvalidParameterException, ValidationException, LimitExceededException.</exception>
    public static IReadOnlyList<SecretTag> Merge(IReadOnlyList<SecretTag> present, IReadOnlyList<SecretTag>? added)
    {
        var tags = present.ToList();
        foreach (var (at, tag) in (added ?? []).Index())
        {
            var key = SecretsErrors.Required(tag.Key, $"tags.{at + 1}.member.key");
            SecretsErrors.Within(key, $"tags.{at + 1}.member.key", 1, 128);
            SecretsErrors.Within(tag.Value, $"tags.{at + 1}.member.value", 0, 256);
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw SecretsErrors.Parameter("You can't use a tag key that begins with the reserved prefix aws:.");
            }

            var place = tags.FindIndex(one => one.Key == key);
            if (place < 0)
            {
                tags.Add(new(key, tag.Value ?? ""));
            }
            else
            {
                tags[place] = new(key, tag.Value ?? "");
            }
        }

        return tags.Count <= Most ? tags : throw SecretsErrors.Parameter($"You can't attach more than {Most} tags to a secret.");
    }
}
