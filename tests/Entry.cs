using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Testing.Platform.Services;

namespace Disa.Tests;

/// <summary>
/// Starts the tests of a project. Of the classes that its project file calls long, a run without a filter draws as many as fit a budget: what a
/// person waits for, or with <c>DISA_TESTS=ci</c>, as <c>.ci/run</c> sets it, what CI has time for. The others are reported as
/// skipped; <c>DISA_TESTS_SEED</c> draws the same again. <c>DISA_TESTS=all</c> runs every class.
/// </summary>
internal static class Entry
{
    /// <summary>Of the metadata in the assembly: a class, and the seconds that it takes on a quiet machine of two processors.</summary>
    private const string Long = "LongTests:";

    /// <summary>Of the metadata in the assembly: the seconds that long classes may take together; at least one is drawn.</summary>
    private const string Budget = "LongTestsBudget";

    /// <summary>The same for <c>DISA_TESTS=ci</c>.</summary>
    private const string BudgetOfCi = "LongTestsBudgetOfCi";

    public static Task<int> Main(string[] args)
    {
        var (left, why) = Left(args);
        return Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
            left.Count == 0 ? args : [.. args, "--filter-not-class", .. left.Select(name => "*." + name)],
            (builder, arguments) =>
            {
                Microsoft.Testing.Platform.MSBuild.TestingPlatformBuilderHook.AddExtensions(builder, arguments);
                builder.TestHost.AddTestSessionLifetimeHandler(services => new NotDrawn(services.GetMessageBus(), left, why));
            }
        );
    }

    /// <summary>The classes that were not drawn, and why.</summary>
    private static (IReadOnlyList<string> Classes, string Why) Left(string[] args)
    {
        var metadata = typeof(Entry).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().ToList();
        var classes = metadata
            .Where(one => one.Key.StartsWith(Long, StringComparison.Ordinal))
            .Select(one => (Name: one.Key[Long.Length..], Seconds: Number(one.Value!)))
            .ToList();
        var which = Environment.GetEnvironmentVariable("DISA_TESTS");
        if (
            classes.Count == 0
            || which is { Length: > 0 } and not "ci"
            || args.Any(arg => arg.StartsWith("--filter", StringComparison.Ordinal) || arg is "--list-tests" or "--help" or "--info")
            || args.SkipWhile(arg => arg != "--server").Skip(1).FirstOrDefault("dotnettestcli") != "dotnettestcli" // An editor asks for tests by name.
        )
        {
            return ([], "");
        }

        var seed = int.TryParse(Environment.GetEnvironmentVariable("DISA_TESTS_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : RandomNumberGenerator.GetInt32(1_000_000_000);
        var order = classes.ToArray();
        new Random(seed).Shuffle(order);
        var budget = Number(metadata.Single(one => one.Key == (which == "ci" ? BudgetOfCi : Budget)).Value!);
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

        left.Sort(StringComparer.Ordinal);
        return (
            left,
            $"Not drawn: {drawn} of {order.Length} long classes are tried. DISA_TESTS_SEED={seed} draws the same, DISA_TESTS=all tries all."
        );
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
