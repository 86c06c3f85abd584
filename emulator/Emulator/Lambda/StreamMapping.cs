using System.Collections.Concurrent;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Lambda;

/// <summary>
/// A DynamoDB stream handed to a function. Delivery is at least once; a record's natural key is its sequence number in its shard,
/// and what is delivered again after a crash is what came after the checkpoint.
/// </summary>
internal sealed partial class StreamMapping : IMappingRunner
{
    /// <summary>After how long Lambda asks again whether the role may read by now.</summary>
    private static readonly TimeSpan WhenDenied = TimeSpan.FromMinutes(1);

    private readonly Clock clock;
    private readonly StreamAccess streams;
    private readonly Func<string, int, StreamLane> open;
    private readonly ILogger logger;
    private readonly Worker worker;
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<(string Shard, int Lane), StreamLane> lanes = [];
    private readonly ConcurrentDictionary<StreamLane, Task> running = [];
    private readonly ExecutionRoles roles;
    private readonly Action<string> result;
    private IDisposable? subscription;

    public StreamMapping(
        Mapping mapping,
        Clock clock,
        MappingStore mappings,
        Invoker invoker,
        StreamAccess streams,
        Destinations destinations,
        ExecutionRoles roles,
        Faults.FaultPlan faults,
        Action<string> result,
        ILogger logger
    )
    {
        Mapping = mapping;
        this.clock = clock;
        this.streams = streams;
        this.logger = logger;
        this.roles = roles;
        this.result = result;
        open = (shard, lane) =>
            new StreamLane(mapping, shard, lane, clock, mappings, invoker, streams, destinations, new StreamReplays(faults, clock), result);
        worker = new Worker($"mapping {mapping.Id}", clock, logger, Step);
    }

    public Mapping Mapping { get; }

    public void Start()
    {
        subscription = streams.Exists(Mapping.EventSourceArn) ? streams.Subscribe(Mapping.EventSourceArn, worker.Signal) : null;
        worker.Start();
    }

    public async ValueTask DisposeAsync()
    {
        subscription?.Dispose();
        await stopping.CancelAsync().ConfigureAwait(false);
        await worker.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var lane in lanes.Values)
        {
            await lane.Keep().ConfigureAwait(false);
        }

        stopping.Dispose();
    }

    /// <summary>Sets every lane to work that has something to do, and answers when the next one has.</summary>
    private ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        if (!streams.Exists(Mapping.EventSourceArn))
        {
            return ValueTask.FromResult<DateTimeOffset?>(null);
        }

        if (roles.Denial(Mapping) is { } denial)
        {
            result("PROBLEM: " + denial);
            return ValueTask.FromResult<DateTimeOffset?>(clock.GetUtcNow() + WhenDenied);
        }

        DateTimeOffset? next = null;
        foreach (var shard in streams.ShardIds(Mapping.EventSourceArn))
        {
            for (var number = 0; number < Mapping.ParallelizationFactor; number++)
            {
                if (!lanes.TryGetValue((shard, number), out var lane))
                {
                    lanes[(shard, number)] = lane = open(shard, number);
                }

                if (running.ContainsKey(lane))
                {
                    continue;
                }

                if (lane.Prepare() is { } batch)
                {
                    // It starts once it is in the table: one that ended before would stay there for ever.
                    var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    running[lane] = Run(lane, batch, clock.Work("an event source mapping of a stream"), known.Task);
                    known.SetResult();
                }
                else if (lane.Due is { } due && (next is null || due < next))
                {
                    next = due;
                }
            }
        }

        return ValueTask.FromResult(next);
    }

    private async Task Run(StreamLane lane, StreamBatch batch, Clock.Busy busy, Task known)
    {
        await known.ConfigureAwait(false);
        using (busy)
        {
            try
            {
                await lane.Deliver(batch, stopping.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
            {
                // The mapping stops; what was not checkpointed comes again.
            }
            catch (Exception failure) when (failure is Aws.AwsException or IOException)
            {
                LogFailed(Mapping.Id, failure);
                lane.Wait(TimeSpan.FromSeconds(1));
            }
            finally
            {
                running.TryRemove(lane, out _);
                worker.Signal();
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "the event source mapping {Mapping} could not record a batch; it comes again")]
    private partial void LogFailed(string mapping, Exception failure);
}
