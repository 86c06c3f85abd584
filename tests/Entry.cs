using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Testing.Platform.Builder;

namespace Disa.Tests;

/// <summary>
/// Starts the tests of a project. Without any filter, and without <c>DISA_TESTS</c>, of the classes that its project file calls long only as
/// many run as a person waits for, drawn by <c>DISA_TESTS_SEED</c>; the others are named. <c>.ci/run</c> sets <c>DISA_TESTS=ci</c>: every class runs.
/// </summary>
internal static class Entry
{
    /// <summary>Of the metadata in the assembly: a class, and the seconds that it takes on a quiet machine of two processors.</summary>
    private const string Long = "LongTests:";

    /// <summary>Of the metadata in the assembly: the seconds that long classes may take together; at least one is drawn.</summary>
    private const string Budget = "LongTestsBudget";

    public static Task<int> Main(string[] args) =>
        Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync([.. args, .. Sampled(args)], Extend);

    private static void Extend(ITestApplicationBuilder builder, string[] args) =>
        Microsoft.Testing.Platform.MSBuild.TestingPlatformBuilderHook.AddExtensions(builder, args);

    /// <summary>The argument that leaves out what was not drawn.</summary>
    private static IReadOnlyList<string> Sampled(string[] args)
    {
        var metadata = typeof(Entry).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToList();
        var classes = metadata
            .Where(one => one.Key.StartsWith(Long, StringComparison.Ordinal))
            .Select(one => (Name: one.Key[Long.Length..], Seconds: Number(one.Value!)))
            .ToList();
        if (
            classes.Count == 0
            || Environment.GetEnvironmentVariable("DISA_TESTS") is { Length: > 0 }
            || args.Any(arg => arg.StartsWith("--filter", StringComparison.Ordinal) || arg is "--list-tests" or "--help" or "--info")
        )
        {
            return [];
        }

        var seed = int.TryParse(Environment.GetEnvironmentVariable("DISA_TESTS_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : RandomNumberGenerator.GetInt32(1_000_000_000);
        var order = classes.ToArray();
        new Random(seed).Shuffle(order);
        var budget = Number(metadata.Single(one => one.Key == Budget).Value!);
        var (drawn, left) = (0, new List<string>());
        foreach (var (name, seconds) in order)
        {
            if (drawn > 0 && seconds > budget)
            {
                left.Add(name);
                continue;
            }

            drawn++;
            budget -= seconds;
        }

        Console.WriteLine(
            $"{drawn} of {order.Length} long classes are tried; DISA_TESTS_SEED={seed} draws the same, DISA_TESTS=ci tries all. Not tried: {string.Join(", ", left.Order(StringComparer.Ordinal))}."
        );
        return left.Count == 0 ? [] : ["--filter-not-class", .. left.Select(name => "*." + name)];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
