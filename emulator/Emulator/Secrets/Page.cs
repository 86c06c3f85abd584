using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Secrets;

/// <summary>Pages of a list: the token says how many came before, and nobody else can make one.</summary>
internal static class Page
{
    private const int Most = 100;

    public static (List<T> Items, string? Next) Of<T>(IReadOnlyList<T> sorted, int? limit, string? token, Tokens tokens, string kind)
    {
        if (limit < 1 || limit > Most)
        {
            throw SecretsErrors.Constraint(
                limit.Value.ToString(CultureInfo.InvariantCulture),
                "maxResults",
                $"Member must have value {(limit < 1 ? "greater than or equal to 1" : $"less than or equal to {Most}")}"
            );
        }

        var before = token is null
            ? 0
            : int.Parse(tokens.Read(kind, token) ?? throw SecretsErrors.InvalidNextToken(), CultureInfo.InvariantCulture);
        var items = sorted.Skip(before).Take(limit ?? Most).ToList();
        var reached = before + items.Count;
        return (items, reached < sorted.Count ? tokens.Make(kind, reached.ToString(CultureInfo.InvariantCulture)) : null);
    }
}
