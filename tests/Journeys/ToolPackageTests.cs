namespace Disa.Journeys;

/// <summary>The command as <c>dotnet tool install</c> gets it: outside the clone, with the templates and packages that it deploys.</summary>
public sealed class ToolPackageTests
{
    [Fact]
    public async Task The_installed_tool_deploys_and_sends_without_the_clone()
    {
        using var feed = await PackedFeed.Pack("cli");
        feed.Holds(feed.Package("Disa"), "README.md", "tools/net10.0/any/disa.dll", "tools/net10.0/any/artefacts/cft/disa-root-stack.yaml");
        var tools = Path.Combine(feed.Folder, "tools");
        var installed = await feed.Dotnet(
            "tool",
            "install",
            "Disa",
            "--version",
            PackedFeed.Version,
            "--tool-path",
            tools,
            "--configfile",
            Path.Combine(await feed.Project("elsewhere"), "nuget.config")
        );
        Assert.True(installed.ExitCode == 0, installed.Output + installed.Error);

        var demo = await Program.Run(Path.Combine(tools, OperatingSystem.IsWindows() ? "disa.exe" : "disa"), ["demo"]);

        Assert.True(demo.ExitCode == 0, demo.Output + demo.Error);
        Assert.Contains("All checks passed.", demo.Output, StringComparison.Ordinal);
    }
}
