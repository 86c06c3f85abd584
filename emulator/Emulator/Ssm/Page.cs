using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Ssm;

/// <summary>Pages of a sorted list: the token says after which name the next one begins, and nobody else can make one.</summary>
internal static class Page
{
    /// <param name="sorted">In ordinal order of their names.</param>
    /// <param name="most">The highest number that the operation takes, and how many it answers when none is named.</param>
    /// <param name="tokens">Sign what callers bring back.</param>
    /// <param name="kind">What the list is of.</param>
    public static (List<T> Items, string? Next) Of<T>(
        IEnumerable<T> sorted,
        Func<T, string> name,
        int? limit,
        string? token,
        int most,
        Tokens tokens,
        string kind
    )
    {
        if (limit < 1 || limit > most)
        {
            throw SsmErrors.Constraint(
                limit.Value.ToString(CultureInfo.InvariantCulture),
                "maxResults",
                $"Member must have value {(limit < 1 ? "greater than or equal to 1" : $"less than or equal to {most}")}"
            );
        }

        var after = token is null ? null : tokens.Read(kind, token) ?? throw SsmErrors.InvalidNextToken();
        var size = limit ?? most;
        var items = sorted.Where(item => after is null || string.CompareOrdinal(name(item), after) > 0).Take(size + 1).ToList();
        if (items.Count <= size)
        {
            return (items, null);
        }

        items.RemoveAt(size);
        return (items, tokens.Make(kind, name(items[^1])));
    }
}
