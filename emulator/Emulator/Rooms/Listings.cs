using System.Globalization;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Rooms;

/// <summary>
/// The lists that a service answers a page at a time. Where a page ends, its caller is told in a token that only this emulator can make:
/// one that was made up, or given for another operation, account, Region, resource or filter, is refused.
/// </summary>
/// <param name="tokens">Sign what callers bring back.</param>
/// <param name="service">Whose lists, as SigV4 names it.</param>
/// <param name="invalid">What a token is refused with.</param>
internal sealed class Listings(Tokens tokens, string service, Func<AwsException> invalid)
{
    /// <summary>How long a token is good for, where AWS limits that: by this clock, so long.</summary>
    public (TimeProvider Clock, TimeSpan Life)? Expiry { get; init; }

    /// <summary>A list of its own for each operation, caller's scope, and what else AWS binds a token to.</summary>
    /// <param name="about">The resource that the list belongs to, and the filters that must stay the same; null where left out.</param>
    public Listing Of(string operation, Scope scope, params ReadOnlySpan<string?> about) =>
        new(tokens, Kind(operation, scope, about), Expiry) { Invalid = invalid };

    /// <summary>Of a list that is always answered whole: no token was ever given for it.</summary>
    /// <exception cref="AwsException">There is a token.</exception>
    public void OnePage(string? token)
    {
        if (token is not null)
        {
            throw invalid();
        }
    }

    /// <summary>Each part with its length before it: none can be taken for two others.</summary>
    private string Kind(string operation, Scope scope, ReadOnlySpan<string?> about)
    {
        var kind = new StringBuilder($"{service}:{operation}");
        foreach (var part in (ReadOnlySpan<string?>)[scope.Account, scope.Region, .. about])
        {
            kind.Append(part is null ? "|-" : string.Create(CultureInfo.InvariantCulture, $"|{part.Length}:{part}"));
        }

        return kind.ToString();
    }
}

/// <summary>One list of one caller: its pages and the tokens between them.</summary>
internal sealed class Listing(Tokens tokens, string kind, (TimeProvider Clock, TimeSpan Life)? expiry)
{
    /// <summary>What a token is refused with that was not given for this list.</summary>
    public required Func<AwsException> Invalid { get; init; }

    /// <summary>The items behind those that the token's page ended with, and the token for the next page, if there is one.</summary>
    /// <param name="sorted">In ordinal order of their names.</param>
    public (List<T> Items, string? Next) Page<T>(IEnumerable<T> sorted, Func<T, string> name, int size, string? token)
    {
        var after = After(token);
        return Cut(sorted.Where(item => after is null || string.CompareOrdinal(name(item), after) > 0), size, last => Token(name(last)));
    }

    /// <summary>As <see cref="Page"/>, for a list whose items have no name to go by: the token says how many came before.</summary>
    public (List<T> Items, string? Next) PageByCount<T>(IEnumerable<T> all, int size, string? token)
    {
        var before = (int)(Number(token) ?? 0);
        return Cut(all.Skip(before), size, _ => Token(before + size));
    }

    /// <summary>Where the token's page ended; null without a token, for the first page.</summary>
    /// <exception cref="AwsException">It was not made for this list, or it has expired.</exception>
    public string? After(string? token)
    {
        if (token is null)
        {
            return null;
        }

        var content = tokens.Read(kind, token) ?? throw Invalid();
        if (expiry is not var (clock, life))
        {
            return content;
        }

        var end = content.IndexOf('|', StringComparison.Ordinal);
        var made = DateTimeOffset.FromUnixTimeSeconds(long.Parse(content.AsSpan(0, end), CultureInfo.InvariantCulture));
        return clock.GetUtcNow() - made < life ? content[(end + 1)..] : throw Invalid();
    }

    /// <summary>As <see cref="After"/>, of a token that was made of a number.</summary>
    public long? Number(string? token) => After(token) is { } after ? long.Parse(after, CultureInfo.InvariantCulture) : null;

    /// <summary>The token of a page that ended here.</summary>
    public string Token(string after) =>
        tokens.Make(
            kind,
            expiry is null
                ? after
                : string.Create(CultureInfo.InvariantCulture, $"{expiry.Value.Clock.GetUtcNow().ToUnixTimeSeconds()}|{after}")
        );

    public string Token(long after) => Token(after.ToString(CultureInfo.InvariantCulture));

    private static (List<T> Items, string? Next) Cut<T>(IEnumerable<T> rest, int size, Func<T, string> token)
    {
        var items = rest.Take(size + 1).ToList();
        if (items.Count <= size)
        {
            return (items, null);
        }

        items.RemoveAt(size);
        return (items, token(items[^1]));
    }
}
