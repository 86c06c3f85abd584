using System.Security.Cryptography;
using System.Text;

namespace Disa.Cli.Deploy;

/// <summary>One file for the bucket.</summary>
/// <param name="Key">Below the prefix, such as <c>cft/disa-root-stack.yaml</c>.</param>
internal sealed record Artefact(string Key, string Path, string Sha256, long Bytes)
{
    /// <summary>
    /// The root stack's parameter that names its version in the bucket; null for templates. What has one lies in one place for good, so that
    /// an update touches it only when it has changed.
    /// </summary>
    public string? VersionParameter =>
        System.IO.Path.GetFileName(Key) switch
        {
            "disa_init_process.zip" => "InitPackageVersion",
            "disa_process.zip" => "ProcessPackageVersion",
            "disa_retry.zip" => "RetryPackageVersion",
            "state-machine.json" => "DefinitionVersion",
            _ => null,
        };
}

/// <summary>What goes into the bucket: templates, state machine and function packages, as they lie beside the command.</summary>
internal sealed class Artefacts
{
    private const string BootstrapKey = "cft/disa-bootstrap-stack.yaml";
    private const string RootKey = "cft/disa-root-stack.yaml";

    private Artefacts(string directory, IReadOnlyList<Artefact> files, string hash)
    {
        Directory = directory;
        Files = files;
        BootstrapTemplate = Text(BootstrapKey);
        RootTemplate = Text(RootKey);
        Hash = hash;
        Parameters = Demanded(files);
    }

    public string Directory { get; }

    public IReadOnlyList<Artefact> Files { get; }

    /// <summary>The template of key and bucket: it has to be there before there is a bucket.</summary>
    public string BootstrapTemplate { get; }

    public string RootTemplate { get; }

    /// <summary>The same for the same contents.</summary>
    public string Hash { get; }

    /// <summary>Parameters of the root stack that the packages demand: their architecture, where they are compiled for one.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; }

    /// <exception cref="FailureException">The build did not bring them, or they do not fit together.</exception>
    public static Artefacts Find()
    {
        var directory = Path.Combine(AppContext.BaseDirectory, "artefacts");
        if (!System.IO.Directory.Exists(directory))
        {
            throw new FailureException($"the artefacts are missing at {directory}: build the whole command, with `dotnet build cli`.");
        }

        return Of(
            directory,
            System
                .IO.Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Select(path => (Key: Path.GetRelativePath(directory, path).Replace('\\', '/'), Path: path))
                .Where(file => file.Key.Contains('/', StringComparison.Ordinal))
        );
    }

    /// <summary>The same of the sources of a clone, as they are now; its packages have been built.</summary>
    public static Artefacts InClone(string root)
    {
        var (dispatcher, packages) = (Path.Combine(root, "dispatcher"), Path.Combine(root, "artifacts", "packages"));
        var stacks = Path.Combine(dispatcher, "stacks");
        return Of(
            stacks,
            System
                .IO.Directory.EnumerateFiles(stacks, "*.yaml", SearchOption.AllDirectories)
                .Select(path => ("cft/" + Path.GetRelativePath(stacks, path).Replace('\\', '/'), path))
                .Append(("cft/state-machine/state-machine.json", Path.Combine(dispatcher, "state-machine", "state-machine.json")))
                .Concat(
                    System.IO.Directory.EnumerateFiles(packages, "*.zip").Select(path => ("code/dotnet/" + Path.GetFileName(path), path))
                )
        );
    }

    /// <summary>The keys of the files that these have and others have not, or have otherwise.</summary>
    public IReadOnlyList<string> DifferentFrom(Artefacts others) =>
        [.. Files.Where(file => !others.Files.Any(other => other.Key == file.Key && other.Sha256 == file.Sha256)).Select(file => file.Key)];

    private static Artefacts Of(string directory, IEnumerable<(string Key, string Path)> found)
    {
        var files = found
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file =>
                File.ReadAllBytes(file.Path) is var bytes
                    ? new Artefact(file.Key, file.Path, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length)
                    : null!
            )
            .ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file.Key + "\n"));
            hash.AppendData(Convert.FromHexString(file.Sha256));
        }

        return new Artefacts(directory, files, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>The text of a template, by its file name alone.</summary>
    public string? TextOf(string fileName) =>
        Files.FirstOrDefault(file => Path.GetFileName(file.Path) == fileName) is { } found ? File.ReadAllText(found.Path) : null;

    private static Dictionary<string, string> Demanded(IReadOnlyList<Artefact> files)
    {
        var architectures = files
            .Where(file => file.Key.EndsWith(".zip", StringComparison.Ordinal))
            .Select(file => PackageArchitecture.Of(file.Path))
            .OfType<string>()
            .Distinct()
            .ToList();
        return architectures.Count <= 1
            ? architectures.ToDictionary(_ => "Architecture")
            : throw new FailureException(
                $"the packages are compiled for different architectures ({string.Join(", ", architectures)}): build the whole command again."
            );
    }

    private string Text(string key) => File.ReadAllText(Files.Single(file => file.Key == key).Path);
}
