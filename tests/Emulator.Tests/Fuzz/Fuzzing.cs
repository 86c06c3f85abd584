using System.Globalization;
using System.Security.Cryptography;

namespace Disa.Emulator.Tests.Fuzz;

/// <summary>
/// The number of tries and the seed. A usual run repeats the same tries; <c>DISA_FUZZ=N</c> draws N times as many with a new seed;
/// <c>DISA_TESTS_SEED</c> repeats a seed.
/// </summary>
internal static class Fuzzing
{
    private const int Usual = 20261130;

    /// <param name="usual">The number of tries of a usual run.</param>
    public static int Rounds(int usual) => usual * (Number("DISA_FUZZ") ?? 1);

    public static Random Seeded(Action<string> say)
    {
        var seed = Number("DISA_TESTS_SEED") ?? (Number("DISA_FUZZ") is null ? Usual : RandomNumberGenerator.GetInt32(1_000_000_000));
        say($"DISA_TESTS_SEED={seed} draws the same; DISA_FUZZ=100 tries a hundred times as much.");
        return new Random(seed);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
