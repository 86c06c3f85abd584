namespace Disa.Emulator.Iam;

/// <summary>Pages of a list sorted by name: the marker is the last name seen.</summary>
internal static class IamPage
{
    public static (List<T> Items, string? Next) Of<T>(IEnumerable<T> sorted, Func<T, string> name, int? maxItems, string? marker)
    {
        if (maxItems is < 1 or > 1000)
        {
            throw IamErrors.Invalid(
                $"1 validation error detected: Value '{maxItems}' at 'maxItems' failed to satisfy constraint: Member must have value between 1 and 1000"
            );
        }

        var size = maxItems ?? 100;
        var items = sorted.Where(item => marker is null || string.CompareOrdinal(name(item), marker) > 0).Take(size + 1).ToList();
        if (items.Count <= size)
        {
            return (items, null);
        }

        items.RemoveAt(size);
        return (items, name(items[^1]));
    }
}
