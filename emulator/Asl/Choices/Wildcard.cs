namespace Disa.Asl.Choices;

/// <summary>The patterns of StringMatches: <c>*</c> is any text, <c>\*</c> a star, <c>\\</c> a backslash.</summary>
internal static class Wildcard
{
    public static bool Matches(string text, string pattern)
    {
        var parts = Parse(pattern);
        int at = 0,
            part = 0,
            star = -1,
            resume = 0;
        while (at < text.Length)
        {
            if (part < parts.Count && parts[part] is null)
            {
                star = part++;
                resume = at;
            }
            else if (part < parts.Count && parts[part] == text[at])
            {
                part++;
                at++;
            }
            else if (star >= 0)
            {
                part = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (part < parts.Count && parts[part] is null)
        {
            part++;
        }

        return part == parts.Count;
    }

    /// <summary>Characters, with null for a star.</summary>
    private static List<char?> Parse(string pattern)
    {
        var parts = new List<char?>(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length && pattern[i + 1] is '*' or '\\')
            {
                parts.Add(pattern[++i]);
            }
            else
            {
                parts.Add(pattern[i] == '*' ? null : pattern[i]);
            }
        }

        return parts;
    }
}
