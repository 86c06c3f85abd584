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
        var folder = Path.Combine(Directory.CreateTempSubdirectory("disa-package-").FullName, "another/of/other-length");
        try
        {
            // Without the clone's history, and in the other configuration.
            CopySources(folder);
            var report = (await Program.Run(Program.DisaPath, ["package", "--source", folder, "--json"])).Json();
            var packages = report.GetProperty("packages").EnumerateArray().ToList();
            Assert.Equal(
                ["disa_init_process", "disa_process", "disa_retry"],
                packages.Select(package => package.GetProperty("name").GetString())
            );
            Assert.All(packages, package => Assert.InRange(package.GetProperty("bytes").GetInt32(), 100_000, 2_000_000));
            Assert.Equal(
                packages.Select(package => Sha256(package.GetProperty("name").GetString()!)),
                packages.Select(package => package.GetProperty("sha256").GetString())
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Of the package that the command brings, which was built where the clone is.</summary>
    private static string Sha256(string package) =>
        Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
                File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Program.DisaPath)!, "artefacts", "code", "dotnet", package + ".zip"))
            )
        );

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
