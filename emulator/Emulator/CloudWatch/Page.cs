using System.Text;

namespace Disa.Emulator.CloudWatch;

/// <summary>One page of a list that is ordered by a key; the token is the last key given.</summary>
internal static class Page
{
    public static (IReadOnlyList<T> Items, string? NextToken) Of<T>(IEnumerable<T> ordered, Func<T, string> key, string? token, int size)
    {
        var after = token is null ? null : Decode(token);
        var items = ordered.Where(item => after is null || string.CompareOrdinal(key(item), after) > 0).Take(size + 1).ToList();
        if (items.Count <= size)
        {
            return (items, null);
        }

        items.RemoveAt(size);
        return (items, Convert.ToBase64String(Encoding.UTF8.GetBytes(key(items[^1]))));
    }

    public static string Decode(string token)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw CloudWatchErrors.InvalidNextToken();
    }
}
