using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Testing.Platform.Services;

namespace Disa.Tests;

/// <summary>
/// Starts the tests of a project. Of the classes that its project file calls long, a run without a filter draws as many as fit a budget, the last
/// one in part: what a person waits for, or with <c>DISA_TESTS=ci</c>, as <c>.ci/run</c> sets it, what CI has time for. The others are
/// reported as skipped; <c>DISA_TESTS_SEED</c> draws the same again. <c>DISA_TESTS=all</c> runs every class.
/// </summary>
internal static class Entry
{
    /// <summary>Of the metadata in the assembly: a class, and the seconds that it takes on a quiet machine of two processors.</summary>
    private const string Long = "LongTests:";

    /// <summary>Of the metadata in the assembly: the seconds that long classes may take together; at least one test is drawn.</summary>
    private const string Budget = "LongTestsBudget";

    /// <summary>The same for <c>DISA_TESTS=ci</c>.</summary>
    private const string BudgetOfCi = "LongTestsBudgetOfCi";

    public static Task<int> Main(string[] args)
    {
        var (classes, methods, why) = Left(args);
        return Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
            [.. args, .. Without("--filter-not-class", classes), .. Without("--filter-not-method", methods)],
            (builder, arguments) =>
            {
                Microsoft.Testing.Platform.MSBuild.TestingPlatformBuilderHook.AddExtensions(builder, arguments);
                builder.TestHost.AddTestSessionLifetimeHandler(services => new NotDrawn(
                    services.GetMessageBus(),
                    [.. classes, .. methods],
                    why
                ));
            }
        );
    }

    private static IEnumerable<string> Without(string option, IReadOnlyList<string> names) =>
        names.Count == 0 ? [] : [option, .. names.Select(name => "*." + name)];

    /// <summary>The classes, and the methods of the class that was drawn in part, that are left out, and why.</summary>
    private static (IReadOnlyList<string> Classes, IReadOnlyList<string> Methods, string Why) Left(string[] args)
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
            return ([], [], "");
        }

        var seed = int.TryParse(Environment.GetEnvironmentVariable("DISA_TESTS_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : RandomNumberGenerator.GetInt32(1_000_000_000);
        var order = classes.ToArray();
        var random = new Random(seed);
        random.Shuffle(order);
        var budget = Number(metadata.Single(one => one.Key == (which == "ci" ? BudgetOfCi : Budget)).Value!);
        var (drawn, left, methods) = (0, new List<string>(), new List<string>());
        foreach (var (name, seconds) in order)
        {
            if (seconds <= budget)
            {
                drawn++;
                budget -= seconds;
                continue;
            }

            var tests = Tests(name);
            random.Shuffle(tests);
            var part = budget * tests.Length / seconds;
            if (part == 0 && drawn > 0)
            {
                left.Add(name);
                continue;
            }

            drawn++;
            budget = 0;
            methods.AddRange(tests.Skip(Math.Max(1, part)).Select(test => $"{name}.{test}"));
        }

        left.Sort(StringComparer.Ordinal);
        methods.Sort(StringComparer.Ordinal);
        var last = methods.Count == 0 ? "" : $", one without {methods.Count} of its tests";
        return (
            left,
            methods,
            $"Not drawn: {drawn} of {order.Length} long classes are tried{last}. DISA_TESTS_SEED={seed} draws the same, DISA_TESTS=all tries all."
        );
    }

    private static string[] Tests(string name) =>
        [
            .. typeof(Entry)
                .Assembly.GetTypes()
                .Where(type => type.Name == name)
                .SelectMany(type => type.GetMethods())
                .Where(method => method.GetCustomAttributes<FactAttribute>().Any())
                .Select(method => method.Name)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
