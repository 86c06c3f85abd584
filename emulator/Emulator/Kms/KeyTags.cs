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
        foreach (var (at, tag) in (added ?? []).Index())
        {
            var member = $"tags.{at + 1}.member.";
            var key = Checked(tag.TagKey, member + "tagKey", 1, 128);
            var value = Checked(tag.TagValue, member + "tagValue", 0, 256);
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw new Aws.AwsException("TagException", "Tags beginning with aws: are reserved");
            }

            if (!seen.Add(key))
            {
                throw new Aws.AwsException("TagException", "Duplicate tag keys");
            }

            tags[key] = value;
        }

        return tags.Count <= Most ? tags : throw new Aws.AwsException("TagException", "Too many tags");
    }

    private static string Checked(string? text, string member, int least, int most)
    {
        var given = KmsErrors.Required(text, member);
        return given.Length < least ? throw KmsErrors.Constraint(given, member, $"Member must have length greater than or equal to {least}")
            : given.Length > most ? throw KmsErrors.Constraint(given, member, $"Member must have length less than or equal to {most}")
            : given;
    }
}
