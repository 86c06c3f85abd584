namespace Disa.Cli.Deploy;

/// <summary>Adds the root stack's parameters that the caller cannot choose to those that the caller gives.</summary>
internal static class FixedParameters
{
    /// <exception cref="UsageException">The caller gives one of them another value.</exception>
    public static IReadOnlyDictionary<string, string> OfTable(
        IReadOnlyDictionary<string, string> given,
        IReadOnlyDictionary<string, string> ofTable
    ) => Added(given, ofTable, "the table's own");

    /// <exception cref="UsageException">The caller gives one of them another value.</exception>
    public static IReadOnlyDictionary<string, string> OfPackages(
        IReadOnlyDictionary<string, string> given,
        IReadOnlyDictionary<string, string> ofPackages
    ) => Added(given, ofPackages, "that of the function packages");

    private static Dictionary<string, string> Added(
        IReadOnlyDictionary<string, string> given,
        IReadOnlyDictionary<string, string> fixedOnes,
        string whose
    )
    {
        var all = new Dictionary<string, string>(given, StringComparer.Ordinal);
        foreach (var (name, value) in fixedOnes)
        {
            if (!all.TryAdd(name, value) && all[name] != value)
            {
                throw new UsageException($"the parameter {name} is {whose}, '{value}': it cannot be another one.");
            }
        }

        return all;
    }
}
