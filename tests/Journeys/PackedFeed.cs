using System.IO.Compression;
using System.Text;

namespace Disa.Journeys;

/// <summary>Packages as they are published, in a folder that is the only source of a project outside the clone: no request leaves the machine.</summary>
internal sealed class PackedFeed : IDisposable
{
    public const string Version = "0.1.0";

    private static readonly Dictionary<string, string> Quiet = new() { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1" };

    private readonly string dotnet;

    private PackedFeed(string dotnet) => this.dotnet = dotnet;

    public string Folder { get; } = Directory.CreateTempSubdirectory("disa-feed-").FullName;

    public static string Root
    {
        get
        {
            var root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "disa.slnx")))
            {
                root = Path.GetDirectoryName(root)!;
            }

            return root;
        }
    }

    /// <summary>As these tests were built.</summary>
    private static string Configuration => Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\'));

    /// <summary>Whether the command was built with native code, so that the compiler for it is there.</summary>
    public static bool HasAheadOfTimeCompiler => Directory.Exists(Path.Combine(Root, "artifacts/obj/Disa.Cli", Configuration, "ahead"));

    /// <summary>Packs projects that are built already; the test is skipped where there is no SDK.</summary>
    public static Task<PackedFeed> Pack(params string[] projects) => Pack(projects, []);

    public static async Task<PackedFeed> Pack(string[] projects, string[] options)
    {
        var dotnet = Program.OnPath("dotnet");
        Assert.SkipWhen(dotnet is null, "dotnet is not on PATH.");
        var feed = new PackedFeed(dotnet!);
        foreach (var project in projects)
        {
            var packed = await Program.Run(
                dotnet!,
                [
                    "pack",
                    Path.Combine(Root, project),
                    "--configuration",
                    Configuration,
                    "--no-build",
                    "--output",
                    feed.Folder,
                    "-nologo",
                    .. options,
                ],
                Quiet
            );
            Assert.True(packed.ExitCode == 0, packed.Output);
            Assert.DoesNotContain("warning", packed.Output, StringComparison.OrdinalIgnoreCase);
        }

        return feed;
    }

    /// <summary>Packs a project as the next version of a package.</summary>
    public Task<Ended> PackAgain(string project, string last) =>
        Program.Run(
            dotnet,
            [
                "pack",
                Path.Combine(Root, project),
                "--configuration",
                Configuration,
                "--no-build",
                "--output",
                Directory.CreateDirectory(Path.Combine(Folder, "next")).FullName,
                $"-p:PackageValidationBaselinePath={last}",
            ],
            Quiet
        );

    public string Package(string id, string extension = "nupkg") => Path.Combine(Folder, $"{id}.{Version}.{extension}");

    public void Holds(string package, params string[] files)
    {
        using var zip = ZipFile.OpenRead(package);
        Assert.All(files, file => Assert.NotNull(zip.GetEntry(file)));
    }

    public string Text(string package, string file)
    {
        using var zip = ZipFile.OpenRead(package);
        using var reader = new StreamReader(zip.GetEntry(file)!.Open(), Encoding.Latin1);
        return reader.ReadToEnd();
    }

    /// <summary>A folder whose projects restore from here, and from what this machine has restored before.</summary>
    public async Task<string> Project(string name, params (string File, string Text)[] files)
    {
        var project = Path.Combine(Folder, name);
        Directory.CreateDirectory(project);
        var known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(
            Path.Combine(project, "nuget.config"),
            $"""
            <configuration><config><add key="globalPackagesFolder" value="{Path.Combine(Folder, "packages")}" /></config>
            <packageSources><clear /><add key="packed" value="{Folder}" /><add key="known" value="{known}" /></packageSources></configuration>
            """
        );
        foreach (var (file, text) in files)
        {
            await File.WriteAllTextAsync(Path.Combine(project, file), text);
        }

        return project;
    }

    public Task<Ended> Dotnet(params string[] arguments) => Program.Run(dotnet, arguments, Quiet);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
