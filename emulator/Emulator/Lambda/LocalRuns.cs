using System.Collections.Concurrent;

namespace Disa.Emulator.Lambda;

/// <summary>How a function that someone works on is run.</summary>
/// <param name="Folder">A directory that it runs from instead of its package; null for the package.</param>
/// <param name="IsDebugged">Whether its processes wait for a debugger.</param>
internal sealed record LocalRun(string? Folder, bool IsDebugged)
{
    /// <summary>A process that waits for a debugger, or stands at a breakpoint, takes its time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    private int version;

    /// <summary>Another one after each change in the folder.</summary>
    public int Version => Volatile.Read(ref version);

    public void Change() => Interlocked.Increment(ref version);

    /// <summary>Whether a line of a process says how to attach to it.</summary>
    public static bool IsHint(string line) =>
        line.StartsWith("Waiting for a debugger: ", StringComparison.Ordinal)
        || line.StartsWith("Debugger listening on ", StringComparison.Ordinal);
}

/// <summary>The functions that someone works on, by name, in whatever account they are.</summary>
internal sealed class LocalRuns : IDisposable
{
    private readonly Dictionary<string, LocalRun> runs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);
    private readonly List<FileSystemWatcher> watchers = [];

    /// <exception cref="DirectoryNotFoundException">A folder is not there.</exception>
    public LocalRuns(IReadOnlyDictionary<string, string> folders, IReadOnlyCollection<string> debugged)
    {
        foreach (var name in folders.Keys.Union(debugged, StringComparer.Ordinal))
        {
            var folder = folders.GetValueOrDefault(name) is { } given ? Path.GetFullPath(given) : null;
            var run = new LocalRun(folder, debugged.Contains(name));
            if (folder is not null)
            {
                watchers.Add(Watch(folder, run.Change));
            }

            runs.Add(name, run);
        }
    }

    public LocalRun? Find(string function) => runs.GetValueOrDefault(function);

    /// <summary>One invocation at a time of a function that is debugged: a second process would wait for a debugger of its own.</summary>
    public async Task<IDisposable?> Turn(string function, CancellationToken cancellation)
    {
        if (Find(function) is not { IsDebugged: true })
        {
            return null;
        }

        var turn = turns.GetOrAdd(function, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        return new Held(turn);
    }

    public void Dispose() => watchers.ForEach(watcher => watcher.Dispose());

    private static FileSystemWatcher Watch(string folder, Action changed)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no directory {folder}.");
        }

        var watcher = new FileSystemWatcher(folder)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.Size,
        };
        watcher.Changed += (_, _) => changed();
        watcher.Created += (_, _) => changed();
        watcher.Deleted += (_, _) => changed();
        watcher.Renamed += (_, _) => changed();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private sealed class Held(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
