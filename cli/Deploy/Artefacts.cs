using System.Security.Cryptography;
using System.Text;

namespace Disa.Cli.Deploy;

/// <summary>What goes into the bucket: templates, state machine and function packages, as they lie beside the command.</summary>
internal sealed class Artefacts
{
    private Artefacts(string directory, IReadOnlyList<(string Key, string Path)> files, string bootstrapTemplate, string hash)
    {
        Directory = directory;
        Files = files;
        BootstrapTemplate = bootstrapTemplate;
        Hash = hash;
    }

    public string Directory { get; }

    /// <summary>Keys below the prefix, such as <c>cft/disa-root-stack.yaml</c>, with their files.</summary>
    public IReadOnlyList<(string Key, string Path)> Files { get; }

    /// <summary>The template of key and bucket: it has to be there before there is a bucket.</summary>
    public string BootstrapTemplate { get; }

    /// <summary>The same for the same contents.</summary>
    public string Hash { get; }

    /// <exception cref="FailureException">The build did not bring them.</exception>
    public static Artefacts Find()
    {
        var directory = Path.Combine(AppContext.BaseDirectory, "artefacts");
        if (!System.IO.Directory.Exists(directory))
        {
            throw new FailureException($"the artefacts are missing at {directory}: build the whole command, with `dotnet build cli`.");
        }

        var files = System.IO.Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(path => (Key: Path.GetRelativePath(directory, path).Replace('\\', '/'), Path: path))
            .Where(file => file.Key.Contains('/', StringComparison.Ordinal))
            .OrderBy(file => file.Key, StringComparer.Ordinal).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, path) in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(key + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return new Artefacts(directory, files, File.ReadAllText(Path.Combine(directory, "cft", "disa-bootstrap-stack.yaml")), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
