using Disa.Emulator;
using Disa.Emulator.Check;

namespace Disa.Cli.Deploy;

/// <summary>What is checked before anything is deployed: the artefacts, and the parameters that they get.</summary>
internal static class Checks
{
    private const string Root = "disa-root-stack.yaml";
    private const string Bootstrap = "disa-bootstrap-stack.yaml";

    /// <param name="paths">Templates and state machines.</param>
    /// <param name="parameters">Of the root stack, or of the only template.</param>
    public static async Task<IReadOnlyList<Finding>> Of(
        IReadOnlyList<string> paths,
        IReadOnlyDictionary<string, string> parameters,
        CancellationToken cancellation
    )
    {
        var files = new List<CheckedFile>();
        foreach (var path in paths)
        {
            var takes = paths.Count == 1 || Path.GetFileName(path) == Root;
            files.Add(
                new(
                    Shown(path),
                    await Read(path, cancellation).ConfigureAwait(false),
                    Path.GetFileName(path) == Bootstrap,
                    takes ? parameters : null
                )
            );
        }

        return await LocalCloud.CheckFiles(files).ConfigureAwait(false);
    }

    /// <summary>The artefacts' texts: in a clone as its sources have them, otherwise as they came with the command.</summary>
    public static IReadOnlyList<string> Own() =>
        Clone.Root is { } clone
            ? [.. Texts(Path.Combine(clone, "dispatcher", "stacks")), .. Texts(Path.Combine(clone, "dispatcher", "state-machine"))]
            : [.. Texts(Path.Combine(Artefacts.Find().Directory, "cft"))];

    public static IReadOnlyList<string> Texts(string directory) =>
        [
            .. Directory
                .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetExtension(path) is ".yaml" or ".yml" or ".json" or ".template")
                .Order(StringComparer.Ordinal),
        ];

    private static async Task<string> Read(string path, CancellationToken cancellation)
    {
        try
        {
            return (await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false)).TrimStart('\uFEFF');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read ({unreadable.Message.TrimEnd('.')}).");
        }
    }

    private static string Shown(string path) =>
        Path.GetRelativePath(Directory.GetCurrentDirectory(), path) is var relative && !relative.StartsWith("..", StringComparison.Ordinal)
            ? relative
            : path;
}
