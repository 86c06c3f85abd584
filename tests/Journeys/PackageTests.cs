namespace Disa.Journeys;

/// <summary><c>disa package</c>.</summary>
public sealed class PackageTests
{
    private static readonly string[] Shared =
    [
        "Directory.Build.props",
        "Directory.Packages.props",
        "BannedSymbols.txt",
        "global.json",
        ".editorconfig",
        "disa.slnx",
    ];

    [Fact]
    public async Task The_same_sources_make_the_same_bytes_wherever_they_are_built()
    {
        Assert.SkipWhen(Program.OnPath("dotnet") is null, "dotnet is not on PATH.");
        var folders = ((string[])["one", "another/of/other-length"])
            .Select(name => Path.Combine(Directory.CreateTempSubdirectory("disa-package-").FullName, name))
            .ToList();
        try
        {
            var built = new List<string>();
            foreach (var folder in folders)
            {
                CopySources(folder);
                var report = (await Program.Run(Program.DisaPath, ["package", "--source", folder, "--json"])).Json();
                var packages = report.GetProperty("packages").EnumerateArray().ToList();
                Assert.Equal(
                    ["disa_init_process", "disa_process", "disa_retry"],
                    packages.Select(package => package.GetProperty("name").GetString())
                );
                Assert.All(packages, package => Assert.InRange(package.GetProperty("bytes").GetInt32(), 100_000, 2_000_000));
                built.Add(string.Join('\n', packages.Select(package => package.GetProperty("sha256").GetString())));
            }

            Assert.Equal(built[0], built[1]);
        }
        finally
        {
            folders.ForEach(folder => Directory.Delete(folder, recursive: true));
        }
    }

    private static void CopySources(string to)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "disa.slnx")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        foreach (
            var file in Directory
                .EnumerateFiles(Path.Combine(root, "dispatcher"), "*", SearchOption.AllDirectories)
                .Concat(Shared.Select(name => Path.Combine(root, name)))
                .Where(File.Exists)
        )
        {
            var copy = Path.Combine(to, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
