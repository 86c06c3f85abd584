using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Disa.Cli;

/// <summary>Tells what changes in the dispatcher's sources of a clone. What changes together is told together.</summary>
internal sealed class SourceWatch : IDisposable
{
    /// <summary>An editor writes several files, and each of them in steps: so long nothing more must have come.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    private static readonly string[] Kinds = [".yaml", ".json", ".cs", ".csproj", ".targets", ".props"];

    private readonly FileSystemWatcher watcher;
    private readonly Channel<string> changes = Channel.CreateUnbounded<string>();

    private SourceWatch(string root)
    {
        Root = root;
        watcher = new FileSystemWatcher(Path.Combine(root, "dispatcher"))
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size,
        };
        watcher.Changed += (_, change) => Add(change.FullPath);
        watcher.Created += (_, change) => Add(change.FullPath);
        watcher.Deleted += (_, change) => Add(change.FullPath);
        watcher.Renamed += (_, change) => Add(change.FullPath);
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>The clone.</summary>
    public string Root { get; }

    /// <param name="source">The clone; null for the one that this command was built in.</param>
    /// <exception cref="UsageException">There is no such clone.</exception>
    public static SourceWatch Of(string? source)
    {
        var root =
            source
            ?? Clone.Root
            ?? throw new UsageException(
                "--watch needs a clone of Disa: this command was installed without its sources; --source names one."
            );
        return Clone.Is(root) ? new SourceWatch(root) : throw new UsageException($"{root} is not a clone of Disa.");
    }

    /// <summary>Whether a change is one of the functions' code, so that packages have to be built.</summary>
    public static bool IsOfFunctions(string path) => Path.GetExtension(path) is not (".yaml" or ".json");

    /// <summary>The files that changed, below the clone's root.</summary>
    public async IAsyncEnumerable<IReadOnlyList<string>> Changes([EnumeratorCancellation] CancellationToken cancellation)
    {
        var stopped = false;
        while (!stopped)
        {
            var changed = new SortedSet<string>(StringComparer.Ordinal);
            try
            {
                changed.Add(await changes.Reader.ReadAsync(cancellation).ConfigureAwait(false));
                while (await More(cancellation).ConfigureAwait(false) is { } more)
                {
                    changed.Add(more);
                }
            }
            catch (OperationCanceledException)
            {
                stopped = true;
            }

            if (!stopped)
            {
                yield return [.. changed];
            }
        }
    }

    public void Dispose()
    {
        watcher.Dispose();
        changes.Writer.TryComplete();
    }

    /// <summary>The next change; null once it is quiet.</summary>
    private async Task<string?> More(CancellationToken cancellation)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        quiet.CancelAfter(Quiet);
        try
        {
            return await changes.Reader.ReadAsync(quiet.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Add(string path)
    {
        if (Kinds.Contains(Path.GetExtension(path), StringComparer.Ordinal))
        {
            changes.Writer.TryWrite(Path.GetRelativePath(Root, path));
        }
    }
}
