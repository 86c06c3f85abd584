namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>The order in which AWS writes the columns of a row: that of a hash table in Java (recorded on AWS).</summary>
internal static class HashOrder
{
    private const int SmallestTable = 16;

    /// <summary>The positions of the keys, in the order of the table.</summary>
    public static IReadOnlyList<int> Of(IReadOnlyList<string> keys)
    {
        var size = SmallestTable;
        while (keys.Count > size * 3 / 4)
        {
            size *= 2;
        }

        return [.. Enumerable.Range(0, keys.Count).OrderBy(i => Hash(keys[i]) & (size - 1))];
    }

    private static int Hash(string key)
    {
        var hash = 0;
        foreach (var character in key)
        {
            hash = unchecked((31 * hash) + character);
        }

        return hash ^ (hash >>> 16);
    }
}
