using Disa.Emulator.Aws;
using Disa.Emulator.Logs;
using Disa.Emulator.Rooms;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Lambda;

/// <summary>Warm sandboxes by version, and how many processes run at a time.</summary>
/// <remarks>
/// AWS starts as many environments as the account's concurrency allows; one machine does not: beyond <see cref="Limit"/>
/// invocations at a time the others wait for their turn, before their time starts to count. Where sandboxes of the version are at
/// work, an invocation waits for one of them as long as a start would take, and starts its own then (<see cref="SandboxQueue"/>).
/// </remarks>
internal sealed partial class SandboxPool(
    FunctionStore functions,
    FunctionCode code,
    LogSink logs,
    Func<string, string, Scope, Task<FunctionCredentials>> credentials,
    EmulatorEndpoint endpoint,
    Faults.FaultPlan faults,
    UsageMeter meter,
    HostedFunctions hosted,
    LocalRuns local,
    ILogger logger
) : IAsyncDisposable
{
    /// <summary>Processes at work at a time, and as many idle ones.</summary>
    public const int Limit = 16;

    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ExpiryMargin = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim turn = new(Limit);
    private readonly StartSlots starts = new(functions.Clock.Wall);
    private readonly Lock gate = new();
    private readonly LinkedList<Idle> idle = new();
    private readonly HashSet<Sandbox> busy = [];
    private readonly Dictionary<(Scope, string, string, string?), SandboxQueue> queues = [];
    private readonly HostedRun hostedRun = new(functions.Clock, logs, meter);
    private readonly CancellationTokenSource stopping = new();
    private ITimer? reaper;

    /// <summary>Runs one invocation in a warm sandbox of the version, or in a new one.</summary>
    /// <remarks>
    /// AWS places an invocation at once. Here it may wait for its turn, for a sandbox or for a start. It then runs with the code and the
    /// settings that the function has when a process takes it.
    /// </remarks>
    public async Task<SandboxResult> Run(
        Scope scope,
        string name,
        FunctionVersion version,
        RuntimeInvocation invocation,
        CancellationToken cancellation
    )
    {
        if (hosted.Find(scope, name) is { } handler)
        {
            return await hostedRun.Run(scope, name, version, handler, invocation, stopping.Token).ConfigureAwait(false);
        }

        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, cancellation);
        using var alone = await local.Turn(name, linked.Token).ConfigureAwait(false);
        await turn.WaitAsync(linked.Token).ConfigureAwait(false);
        try
        {
            while (true)
            {
                var sandbox = await Get(scope, name, version, linked.Token).ConfigureAwait(false);
                var reusable = false;
                try
                {
                    // Once it runs, it runs to its end: a caller who goes away does not stop a function.
                    if (await sandbox.Invoke(invocation, IsChanged, stopping.Token).ConfigureAwait(false) is { } result)
                    {
                        reusable = result.Reusable;
                        return result;
                    }
                }
                finally
                {
                    await GiveBack(sandbox, reusable).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends the idle processes of a function whose code or configuration changed; busy ones end with their invocation.</summary>
    public async Task Replace(Scope scope, string name)
    {
        List<Idle> stale;
        lock (gate)
        {
            stale = idle.Where(entry => entry.Sandbox.Plan.Scope == scope && entry.Sandbox.Plan.Name == name && !IsCurrent(entry.Sandbox))
                .ToList();
            stale.ForEach(entry => idle.Remove(entry));
            foreach (var (key, queue) in queues.Where(entry => entry.Key.Item1 == scope && entry.Key.Item2 == name))
            {
                if (Current(scope, name, key.Item3)?.Build != key.Item4)
                {
                    queue.LookAgain();
                }
            }
        }

        foreach (var entry in stale)
        {
            await entry.Sandbox.DisposeAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        List<Sandbox> all;
        lock (gate)
        {
            all = [.. idle.Select(entry => entry.Sandbox), .. busy];
            idle.Clear();
        }

        reaper?.Dispose();
        local.Dispose();
        foreach (var sandbox in all)
        {
            await sandbox.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A warm sandbox, one that becomes free soon enough, or a new one; it counts as busy from here on.</summary>
    private async Task<Sandbox> Get(Scope scope, string name, FunctionVersion version, CancellationToken cancellation)
    {
        var before = default(ProcessorSample);
        for (var waits = 0; ; waits++)
        {
            TaskCompletionSource<Sandbox?> place;
            SandboxQueue queue;
            lock (gate)
            {
                version = Current(scope, name, version.Version) ?? version;
                queue = QueueOf(scope, name, version);
                if (Take(scope, name, version) is { } warm)
                {
                    queue.Works();
                    busy.Add(warm);
                    return warm;
                }

                var now = Sample();
                if (queue.TryStart(waits, waits > 0 && now.IsBusySince(before, functions.Clock.Wall)))
                {
                    break;
                }

                before = now;
                place = queue.Join(hasWaited: waits > 0);
            }

            if (await queue.Wait(place, functions.Clock.Wall, cancellation).ConfigureAwait(false) is { } handed)
            {
                return handed;
            }
        }

        return await Open(scope, name, version).ConfigureAwait(false);
    }

    private ProcessorSample Sample()
    {
        var used = Environment.CpuUsage.TotalTime;
        foreach (var sandbox in busy.Concat(idle.Select(entry => entry.Sandbox)))
        {
            used += sandbox.ProcessorTime;
        }

        return new ProcessorSample(functions.Clock.Wall.GetTimestamp(), used);
    }

    private SandboxQueue QueueOf(Scope scope, string name, FunctionVersion version)
    {
        var key = (scope, name, version.Version, version.Build);
        if (!queues.TryGetValue(key, out var queue))
        {
            // Of an older revision nobody waits any more.
            foreach (
                var stale in queues
                    .Where(entry => entry.Key.Item1 == scope && entry.Key.Item2 == name && entry.Value.IsEmpty)
                    .Select(entry => entry.Key)
                    .ToList()
            )
            {
                queues.Remove(stale);
            }

            queues[key] = queue = new SandboxQueue(gate);
        }

        return queue;
    }

    private Sandbox? Take(Scope scope, string name, FunctionVersion version)
    {
        for (var node = idle.Last; node is not null; node = node.Previous)
        {
            var sandbox = node.Value.Sandbox;
            var plan = sandbox.Plan;
            if (
                plan.Scope == scope
                && plan.Name == name
                && plan.Version.Version == version.Version
                && plan.Version.Build == version.Build
                && IsFit(sandbox)
            )
            {
                idle.Remove(node);
                return sandbox;
            }
        }

        return null;
    }

    /// <summary>It lives, its code is what it was, and its keys outlast another invocation.</summary>
    private bool IsFit(Sandbox sandbox) =>
        sandbox.IsAlive
        && sandbox.Plan.IsCurrent
        && sandbox.CredentialsExpire > functions.Clock.GetUtcNow() + TimeSpan.FromSeconds(sandbox.Plan.Version.Timeout) + ExpiryMargin;

    private async Task<Sandbox> Open(Scope scope, string name, FunctionVersion version)
    {
        SandboxQueue queue;
        lock (gate)
        {
            queue = QueueOf(scope, name, version);
        }

        try
        {
            await endpoint.Listen().ConfigureAwait(false);
            var run = local.Find(name);
            var directory =
                run?.Folder ?? code.Unpacked(scope.Account, version.CodeSha256, () => functions.Code(scope.Account, version.CodeSha256));
            var keys = await credentials(version.Role, SandboxPlan.SessionOf(name), scope).ConfigureAwait(false);
            var sandbox = new Sandbox(
                new SandboxPlan(scope, name, version, directory, code.Runtimes, endpoint.Uri, run)
                {
                    Layers = code.Merged(version.Layers, functions.Code),
                    IsProvisioned = functions.Functions.Get(scope, name)?.IsProvisioned(version.Version) == true,
                },
                keys,
                logs,
                functions.Clock,
                faults,
                meter,
                starts,
                queue.Started,
                line => LogHint(name, line)
            );
            lock (gate)
            {
                busy.Add(sandbox);
            }

            return sandbox;
        }
        catch
        {
            lock (gate)
            {
                queue.Ended(wasStarting: true);
            }

            throw;
        }
    }

    private async Task GiveBack(Sandbox sandbox, bool reusable)
    {
        Sandbox? over = null;
        lock (gate)
        {
            var plan = sandbox.Plan;
            var queue = QueueOf(plan.Scope, plan.Name, plan.Version);
            if (!reusable || stopping.IsCancellationRequested || !IsCurrent(sandbox) || !IsFit(sandbox))
            {
                busy.Remove(sandbox);
                queue.Ended(sandbox.IsStarting);
                over = sandbox;
            }
            else if (!queue.Hand(sandbox))
            {
                busy.Remove(sandbox);
                queue.Idles();
                idle.AddLast(new Idle(sandbox, functions.Clock.Wall.GetUtcNow()));
                if (idle.Count > Limit)
                {
                    over = idle.First!.Value.Sandbox;
                    idle.RemoveFirst();
                }

                reaper ??= functions.Clock.Wall.CreateTimer(
                    static pool => _ = ((SandboxPool)pool!).Reap(),
                    this,
                    IdleLimit,
                    Timeout.InfiniteTimeSpan
                );
            }
        }

        if (over is not null)
        {
            await over.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task Reap()
    {
        var stale = new List<Sandbox>();
        lock (gate)
        {
            var now = functions.Clock.Wall.GetUtcNow();
            while (idle.First is { } oldest && oldest.Value.Since + IdleLimit <= now)
            {
                stale.Add(oldest.Value.Sandbox);
                idle.RemoveFirst();
            }

            reaper?.Dispose();
            reaper =
                idle.First is { } next && !stopping.IsCancellationRequested
                    ? functions.Clock.Wall.CreateTimer(
                        static pool => _ = ((SandboxPool)pool!).Reap(),
                        this,
                        next.Value.Since + IdleLimit - now,
                        Timeout.InfiniteTimeSpan
                    )
                    : null;
        }

        foreach (var sandbox in stale)
        {
            await sandbox.DisposeAsync().ConfigureAwait(false);
        }
    }

    private bool IsCurrent(Sandbox sandbox)
    {
        var plan = sandbox.Plan;
        return Current(plan.Scope, plan.Name, plan.Version.Version)?.Build == plan.Version.Build;
    }

    /// <summary>Tells whether the function has changed; a deleted one has not.</summary>
    private bool IsChanged(SandboxPlan plan) =>
        Current(plan.Scope, plan.Name, plan.Version.Version) is { } current && current.Build != plan.Version.Build;

    private FunctionVersion? Current(Scope scope, string name, string version) => functions.Functions.Get(scope, name)?.Resolve(version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Function}: {Hint}")]
    private partial void LogHint(string function, string hint);

    private sealed record Idle(Sandbox Sandbox, DateTimeOffset Since);
}
