using System.Runtime.InteropServices;

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

    /// <summary>Compiled for another architecture than the stack's, no function would start.</summary>
    [Fact]
    public async Task Packages_for_an_architecture_set_it_and_refuse_the_other()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && Program.OnPath("dotnet") is not null,
            "The emulator runs on Linux on x86_64, with dotnet on PATH."
        );
        var folder = Directory.CreateTempSubdirectory("disa-package-").FullName;
        try
        {
            var (sources, command) = (Path.Combine(folder, "clone"), Path.Combine(folder, "disa"));
            CopySources(sources);
            CopyFolder(Path.GetDirectoryName(Program.DisaPath)!, command);
            var report = await Program.Run(
                Program.DisaPath,
                [
                    "package",
                    "--source",
                    sources,
                    "--architecture",
                    "x86_64",
                    "--output",
                    Path.Combine(command, "artefacts/code/dotnet"),
                    "--json",
                ]
            );
            Assert.All(
                report.Json().GetProperty("packages").EnumerateArray(),
                package => Assert.InRange(package.GetProperty("bytes").GetInt32(), 2_000_001, 5_000_000)
            );

            var disa = Path.Combine(command, Path.GetFileName(Program.DisaPath));
            var refused = await Program.Run(disa, ["up", "--in-memory", "--port", "0", "--param", "Architecture=arm64"]);
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains(
                "the parameter Architecture is that of the function packages, 'x86_64': it cannot be another one",
                refused.Error,
                StringComparison.Ordinal
            );

            await using var running = await RunningDisa.Of(disa, null, "--in-memory", "--email", "");
            await running.Put("1", "Compiled ahead.");
            Assert.Equal("Successful", (await running.Decided("1"))["sendStatus"].S);
            var functions = (await running.Aws("lambda", "list-functions")).Json().GetProperty("Functions").EnumerateArray().ToList();
            Assert.All(functions, function => Assert.Equal("x86_64", function.GetProperty("Architectures")[0].GetString()));
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

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }

    private static void Copy(string file, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(file, to);
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
            Copy(file, Path.Combine(to, Path.GetRelativePath(root, file)));
        }
    }
}
