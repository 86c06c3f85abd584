namespace Disa.Emulator.Kms;

/// <summary>A tag, as KMS alone spells it.</summary>
internal sealed record KeyTag(string? TagKey, string? TagValue);

/// <summary>What AWS checks of a key's tags.</summary>
internal static class KeyTags
{
    private const int Most = 50;

    /// <exception cref="Aws.AwsException">TagException.</exception>
    public static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> present, IReadOnlyList<KeyTag>? added)
    {
        var tags = new Dictionary<string, string>(present, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tag in added ?? [])
        {
            var key = KmsErrors.Required(tag.TagKey, "tags.member.tagKey");
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw new Aws.AwsException("TagException", "Tags beginning with aws: are reserved");
            }

            if (!seen.Add(key))
            {
                throw new Aws.AwsException("TagException", "Duplicate tag keys");
            }

            if (key.Length is 0 or > 128 || tag.TagValue?.Length > 256)
            {
                throw KmsErrors.Constraint(key, "tags.member.tagKey", "Member must have length between 1 and 128, its value at most 256");
            }

            tags[key] = KmsErrors.Required(tag.TagValue, "tags.member.tagValue");
        }

        return tags.Count <= Most ? tags : throw new Aws.AwsException("TagException", "Too many tags");
    }
}
