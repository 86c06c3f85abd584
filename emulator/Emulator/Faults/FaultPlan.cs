using System.Collections.Concurrent;
using System.Collections.Immutable;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Faults;

/// <summary>The faults that were asked for; none unless someone asks. They are in memory only: a restart begins without them.</summary>
/// <remarks>
/// Each rule draws from a generator of its own by the number of its call, so the same seed and the same sequence of calls give the
/// same faults, whatever other rules there are. Where nothing was asked for, a call costs one null check.
/// </remarks>
public sealed class FaultPlan(TimeProvider wall)
{
    private readonly ConcurrentDictionary<string, KillOrder> kills = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> thawed = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long connections;
    private volatile Rules? current;

    /// <summary>From what the rules that are added next draw.</summary>
    public long Seed { get; private set; } = 1;

    public bool IsActive => current is not null;

    internal IReadOnlyList<FaultRule> All => current?.All ?? [];

    /// <summary>Adds faults; all or, where one of them is none, nothing.</summary>
    /// <param name="specs">As docs/faults.md has them.</param>
    /// <param name="seed">Null keeps the last one.</param>
    /// <param name="services">What there is to fail.</param>
    /// <exception cref="AwsException">ValidationException, in one sentence.</exception>
    public void Add(IEnumerable<string> specs, long? seed, ServiceDirectory services)
    {
        lock (gate)
        {
            var next = seed ?? Seed;
            var added = specs.Select(spec => FaultSpec.Parse(spec, next, services)).ToList();
            Seed = next;
            current = added.Count == 0 ? current : new Rules([.. All, .. added]);
        }
    }

    /// <summary>Checks faults without adding them.</summary>
    /// <exception cref="AwsException">ValidationException, in one sentence.</exception>
    public static void Check(IEnumerable<string> specs, ServiceDirectory services)
    {
        foreach (var spec in specs)
        {
            FaultSpec.Parse(spec, 0, services);
        }
    }

    /// <summary>From now on nothing fails that would not fail by itself. Index entries that are late already come when they are due.</summary>
    public void Clear()
    {
        current = null;
        thawed.Clear();
    }

    /// <summary>A call with what may go wrong before and after its effect.</summary>
    /// <exception cref="AwsException">The error that was drawn, or one that <see cref="AwsException.IsLost"/>.</exception>
    public async Task<T> Around<T>(string service, string operation, Caller caller, Func<Task<T>> effect, CancellationToken cancellation)
    {
        var order =
            caller.AccessKeyId.Length > 0 && kills.TryGetValue(caller.AccessKeyId, out var found) && found.IsLastCall() ? found : null;
        if (order is { BeforeEffect: true })
        {
            order.Execute();
            throw AwsException.Lost();
        }

        var lost = false;
        AwsException? late = null;
        foreach (var rule in current?.OfCalls ?? [])
        {
            if (!rule.Matches(service, operation) || !rule.Draw())
            {
                continue;
            }

            switch (rule.Kind)
            {
                case FaultKind.Latency:
                    await Task.Delay(rule.Span, wall, cancellation).ConfigureAwait(false);
                    break;
                case FaultKind.Timeout:
                    lost = true;
                    break;
                case FaultKind.Drop:
                    throw AwsException.Lost();
                case FaultKind.ErrorAfterEffect:
                    late ??= rule.NewError();
                    break;
                default:
                    throw rule.NewError();
            }
        }

        if (service == "cloudwatch" && operation == "PutMetricData" && LosesMetrics())
        {
            throw FaultCodes.Find(service, "InternalServiceFault")!;
        }

        var result = await effect().ConfigureAwait(false);
        order?.Execute();
        return lost || order is not null ? throw AwsException.Lost()
            : late is not null ? throw late
            : result;
    }

    /// <summary>Counts a connection that a client opened: those of a frozen sandbox are known by it.</summary>
    internal Connection Connected() => new(Interlocked.Increment(ref connections));

    /// <summary>A warm sandbox is about to be invoked again: where it is drawn, all connections that its process has open are dead from here on.</summary>
    /// <param name="accessKeyId">What its process signs with.</param>
    /// <param name="idle">How long it had nothing to do, on the emulator's clock.</param>
    internal void Thaw(string accessKeyId, TimeSpan idle)
    {
        foreach (var rule in current?.All ?? [])
        {
            if (rule.Kind == FaultKind.LambdaFreeze && idle > rule.Span && rule.Draw())
            {
                thawed[accessKeyId] = Interlocked.Read(ref connections);
            }
        }
    }

    /// <summary>Nobody signs with the key any more.</summary>
    internal void Forget(string accessKeyId) => thawed.TryRemove(accessKeyId, out _);

    /// <summary>Whether a request came on a connection that its sandbox opened before it was frozen.</summary>
    internal bool IsDead(Connection? connection, string accessKeyId) =>
        !thawed.IsEmpty && connection is not null && thawed.TryGetValue(accessKeyId, out var last) && connection.Number <= last;

    /// <summary>Whether values that someone measured get lost now.</summary>
    internal bool LosesMetrics() => Draws(FaultKind.MetricsLost);

    /// <summary>Whether a record that was delivered comes a second time.</summary>
    internal bool RepeatsRecord() => Draws(FaultKind.StreamDuplicate);

    /// <summary>Whether the batches that were delivered last come again, out of their order.</summary>
    internal bool RepeatsBatches() => Draws(FaultKind.StreamReorder);

    /// <summary>How late an index shows the change that is being made; null for at once.</summary>
    internal TimeSpan? IndexLag()
    {
        foreach (var rule in current?.All ?? [])
        {
            if (rule.Kind == FaultKind.IndexLag && rule.Draw())
            {
                return rule.Span;
            }
        }

        return null;
    }

    /// <summary>The death that an invocation is to die; null for none. Dispose it when the invocation is over.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="accessKeyId">What its process signs with: its calls are counted by it.</param>
    /// <param name="kill">Ends the process.</param>
    internal KillOrder? Kill(string function, string accessKeyId, Action kill)
    {
        foreach (var rule in current?.All ?? [])
        {
            if (
                rule.Kind == FaultKind.LambdaKill
                && function.EndsWith(rule.FunctionSuffix, StringComparison.Ordinal)
                && rule.Draw(out var chance)
            )
            {
                return kills[accessKeyId] = new KillOrder(chance, kill, wall, () => kills.TryRemove(accessKeyId, out _));
            }
        }

        return null;
    }

    private bool Draws(FaultKind kind)
    {
        foreach (var rule in current?.All ?? [])
        {
            if (rule.Kind == kind && rule.Draw())
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Rules(ImmutableArray<FaultRule> all)
    {
        public ImmutableArray<FaultRule> All { get; } = all;

        public ImmutableArray<FaultRule> OfCalls { get; } = [.. all.Where(rule => rule.IsOfCalls)];
    }
}

/// <summary>A client's connection, in the order in which they were opened.</summary>
internal sealed record Connection(long Number);
