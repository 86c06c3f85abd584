using System.Globalization;

namespace Disa.Journeys;

/// <summary>
/// Which of many like cases a run tries: a part of them, drawn by a seed, and all with <c>DISA_TESTS=all</c>. <c>DISA_TESTS_SEED</c> replays
/// a seed.
/// </summary>
internal static class Sample
{
    public static bool IsAll { get; } = Environment.GetEnvironmentVariable("DISA_TESTS") == "all";

    /// <summary>What is drawn with it, the seed that is said draws again.</summary>
    public static Random Seeded(Action<string> say)
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("DISA_TESTS_SEED"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var given
        )
            ? given
            : System.Security.Cryptography.RandomNumberGenerator.GetInt32(1_000_000_000);
        say($"DISA_TESTS_SEED={seed} draws the same, DISA_TESTS=all tries all.");
        return new Random(seed);
    }

    /// <summary>The first, the last, and one in so many of the others.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T> cases, int oneIn, Action<string> say)
    {
        if (IsAll)
        {
            return cases;
        }

        var random = Seeded(say);
        List<T> drawn = [.. cases.Where((_, index) => random.Next(oneIn) == 0 || index == 0 || index == cases.Count - 1)];
        say($"{drawn.Count} of {cases.Count} are tried.");
        return drawn;
    }
}
