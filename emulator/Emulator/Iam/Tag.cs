namespace Disa.Emulator.Iam;

/// <summary>A tag of an IAM entity.</summary>
internal sealed record Tag(string? Key, string? Value);

/// <summary>What IAM checks of tags.</summary>
internal static class Tags
{
    private const int Most = 50;

    public static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> present, IReadOnlyList<Tag>? added)
    {
        var tags = new Dictionary<string, string>(present, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var tag in added ?? [])
        {
            var key = IamErrors.Required(tag.Key, "tags.member.key");
            if (!seen.Add(key))
            {
                throw IamErrors.InvalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }

            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw IamErrors.InvalidInput("Tag keys that start with aws: are reserved.");
            }

            tags[key] = IamErrors.Required(tag.Value, "tags.member.value");
        }

        return tags.Count <= Most ? tags : throw IamErrors.Limit($"The number of tags has reached the maximum limit of {Most}.");
    }

    public static List<Tag>? List(IReadOnlyDictionary<string, string> tags) =>
        tags.Count == 0 ? null : tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => new Tag(tag.Key, tag.Value)).ToList();
}
