using System.Text;
using Disa.Emulator.Patterns;

namespace Disa.Emulator.Policies;

/// <summary>Matches texts against patterns that may hold <c>${aws:username}</c> and its like.</summary>
/// <remarks>https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html</remarks>
internal static class PolicyVariables
{
    /// <summary>Stands for a star that is meant literally, from <c>${*}</c> or from a variable's value.</summary>
    private const char Star = '\uE000';

    private const char Question = '\uE001';

    /// <summary>Whether the pattern, its variables replaced, covers the text.</summary>
    public static bool Matches(string pattern, PolicyDocument policy, string text, PolicyRequest request)
    {
        if (!Has(pattern, policy))
        {
            return Wildcard.Matches(pattern, text);
        }

        return Expand(pattern, request) is { } expanded && Wildcard.Matches(expanded, text.Replace('*', Star).Replace('?', Question));
    }

    /// <summary>A value without wildcards, its variables replaced; null where one of them has no value.</summary>
    public static string? Value(string value, PolicyDocument policy, PolicyRequest request) =>
        Has(value, policy) ? Expand(value, request)?.Replace(Star, '*').Replace(Question, '?') : value;

    /// <summary>Policies of 2008 have no variables.</summary>
    private static bool Has(string text, PolicyDocument policy) =>
        policy.Version == "2012-10-17" && text.Contains("${", StringComparison.Ordinal);

    private static string? Expand(string text, PolicyRequest request)
    {
        var expanded = new StringBuilder();
        for (var i = 0; i < text.Length; )
        {
            var end = text[i] == '$' && i + 1 < text.Length && text[i + 1] == '{' ? text.IndexOf('}', i) : -1;
            if (end < 0)
            {
                expanded.Append(text[i++]);
                continue;
            }

            var name = text[(i + 2)..end];
            i = end + 1;
            if (Value(name, request) is not { } value)
            {
                return null;
            }

            expanded.Append(value.Replace('*', Star).Replace('?', Question));
        }

        return expanded.ToString();
    }

    private static string? Value(string name, PolicyRequest request)
    {
        if (name is "*" or "?" or "$")
        {
            return name;
        }

        // ${aws:PrincipalTag/team, 'company-wide'}
        var comma = name.IndexOf(',', StringComparison.Ordinal);
        var key = comma < 0 ? name : name[..comma];
        var fallback = comma < 0 ? null : name[(comma + 1)..].Trim().Trim('\'');
        return request.Values(key.Trim()) is { Count: 1 } values ? values[0] : fallback;
    }
}
