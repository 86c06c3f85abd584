namespace Disa.Emulator.Kms;

/// <summary>Pages of a list that is sorted by name: the marker is the last name seen.</summary>
internal static class Page
{
    /// <param name="usual">How many when the request names no limit.</param>
    /// <param name="most">The highest limit that the operation takes.</param>
    public static (List<T> Items, string? Next) Of<T>(
        IEnumerable<T> sorted,
        Func<T, string> name,
        int? limit,
        string? marker,
        int usual,
        int most
    )
    {
        if (limit < 1 || limit > most)
        {
            throw KmsErrors.Constraint(
                limit.ToString(),
                "limit",
                limit < 1 ? "Member must have value greater than or equal to 1" : $"Member must have value less than or equal to {most}"
            );
        }

        var size = limit ?? usual;
        var items = sorted.Where(item => marker is null || string.CompareOrdinal(name(item), marker) > 0).Take(size + 1).ToList();
        if (items.Count <= size)
        {
            return (items, null);
        }

        items.RemoveAt(size);
        return (items, name(items[^1]));
    }
}
