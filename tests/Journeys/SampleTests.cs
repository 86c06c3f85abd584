namespace Disa.Journeys;

/// <summary>The samples, built and tested as anyone would: in a folder of their own, from the packages.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_samples_pass_with_nothing_but_the_packages()
    {
        using var feed = await PackedFeed.Pack("client", "emulator/LocalAws", "emulator/Xunit", "emulator/Aspire");
        var samples = await feed.Project("samples");
        Copy(Path.Combine(PackedFeed.Root, "samples"), samples);
        foreach (var tests in (string[])["outbox/Orders.Tests", "workflow/Shipping.Tests", "faults/Faults.Tests", "aspire/Shop.Tests"])
        {
            var ran = await feed.Dotnet("run", "--project", Path.Combine(samples, tests));
            Assert.True(ran.ExitCode == 0 && ran.Output.Contains("failed: 0", StringComparison.Ordinal), tests + ran.Output + ran.Error);
        }
    }

    /// <summary>The sources, but for the place that packages come from.</summary>
    private static void Copy(string from, string to)
    {
        foreach (
            var file in Directory
                .EnumerateFiles(from, "*", SearchOption.AllDirectories)
                .Where(file => !Path.GetRelativePath(from, file).Split('/', '\\').Intersect(["bin", "obj", "feed", "nuget.config"]).Any())
        )
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
