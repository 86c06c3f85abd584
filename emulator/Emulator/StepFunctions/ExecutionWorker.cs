using System.Diagnostics.CodeAnalysis;
using Disa.Asl;
using Disa.Emulator.StepFunctions.Integrations;
using Disa.Emulator.StepFunctions.MapRuns;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.StepFunctions;

/// <summary>
/// Moves executions on: for each, one happening at a time is decided (pure), recorded in one transaction, and only then acted
/// upon. Wakes for a message or for the next due time, never to look around.
/// </summary>
/// <remarks>
/// A task that was in flight when the power went is run again: every effect may happen twice, none is lost. An answer that
/// comes for an attempt that is over (it timed out, the execution was stopped) is dropped by the interpreter.
/// </remarks>
internal sealed partial class ExecutionWorker : IAsyncDisposable
{
    /// <summary>How many states may be decided before they are recorded: those that need nobody else follow each other in one transaction.</summary>
    private const int DecisionsARecord = 50;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Database database;
    private readonly StateMachines machines;
    private readonly Activities activities;
    private readonly ExecutionTasks tasks;
    private readonly MapEffects maps;
    private readonly ExecutionReports reports;
    private readonly ExecutionUsage usage;
    private readonly Clock clock;
    private readonly ILogger logger;
    private readonly Worker dueTimes;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<long, ExecutionFlow> flows = [];
    private readonly Dictionary<long, TaskCompletionSource<(Outcome, DateTimeOffset)>> ends = [];

    public ExecutionWorker(
        Database database,
        StateMachines machines,
        Activities activities,
        Arrivals polls,
        TaskRunner tasks,
        MapRunner maps,
        ExecutionReports reports,
        ExecutionUsage usage,
        Clock clock,
        ILogger logger
    )
    {
        (this.database, this.machines, this.activities) = (database, machines, activities);
        (this.reports, this.usage, this.clock, this.logger) = (reports, usage, clock, logger);
        this.maps = new MapEffects(maps);
        this.tasks = new ExecutionTasks(database, tasks, polls, clock, gate, Post, logger, stopping.Token);
        dueTimes = new Worker("executions", clock, logger, _ => ValueTask.FromResult(WakeDue()));
    }

    /// <summary>Takes up what was running when the emulator stopped.</summary>
    public void Start()
    {
        foreach (var execution in database.Read(Executions.Ready))
        {
            _ = Post(execution, null);
        }

        dueTimes.Start();
    }

    /// <summary>An execution has just been recorded for the first time.</summary>
    public void Begin(ExecutionRow row, StateMachineDocument machine, Recording first)
    {
        lock (gate)
        {
            if (!stopping.IsCancellationRequested)
            {
                flows[row.Id] = new ExecutionFlow(row.Id)
                {
                    Row = row,
                    Machine = machine,
                    Run = first.Run,
                };
            }
        }

        usage.Recorded(row, machine, first);
        reports.Recorded(row, machine, first);
        _ = Post(row.Id, null);
    }

    /// <summary>Lets a happening be decided; completes when it is recorded. False where it came too late to matter.</summary>
    public Task<bool> Post(long execution, Happening? happening)
    {
        var entry = new ExecutionEntry(happening);
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
            {
                return Task.FromResult(false);
            }

            if (!flows.TryGetValue(execution, out var flow))
            {
                flows.Add(execution, flow = new ExecutionFlow(execution));
            }

            flow.Queue.Enqueue(entry);
            if (!flow.IsActive)
            {
                flow.IsActive = true;
                var busy = clock.Work("a workflow");
                _ = Task.Run(() => Drain(flow, busy));
            }
        }

        return entry.Recorded.Task;
    }

    /// <summary>Completes with the outcome of an execution that is just being started.</summary>
    public Task<(Outcome Outcome, DateTimeOffset At)> WhenEnded(long execution)
    {
        lock (gate)
        {
            var end = new TaskCompletionSource<(Outcome, DateTimeOffset)>(TaskCreationOptions.RunContinuationsAsynchronously);
            ends[execution] = end;
            return end.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await dueTimes.DisposeAsync().ConfigureAwait(false);
        List<Task> draining;
        lock (gate)
        {
            draining = [.. flows.Values.Where(flow => flow.IsActive).Select(flow => flow.Idle.Task)];
            foreach (var end in ends.Values)
            {
                end.TrySetCanceled();
            }
        }

        await Task.WhenAll(draining).ConfigureAwait(false);
        stopping.Dispose();
    }

    private DateTimeOffset? WakeDue()
    {
        var now = clock.GetUtcNow();
        foreach (var execution in database.Read(transaction => Executions.Due(transaction, now)))
        {
            _ = Post(execution, new Elapsed());
        }

        return database.Read(transaction => Executions.NextDue(transaction, now));
    }

    [SuppressMessage("Design", "CA1031", Justification = "One execution's bug must not end the others.")]
    private async Task Drain(ExecutionFlow flow, Clock.Busy busy)
    {
        using (busy)
        {
            while (true)
            {
                ExecutionEntry? entry;
                lock (gate)
                {
                    if (stopping.IsCancellationRequested || !flow.Queue.TryDequeue(out entry))
                    {
                        flow.IsActive = false;
                        if (flow.Running.Count == 0)
                        {
                            flows.Remove(flow.Id);
                        }

                        flow.Idle.TrySetResult();
                        foreach (var left in flow.Queue)
                        {
                            left.Recorded.TrySetResult(false);
                        }

                        return;
                    }

                    if (flow.Idle.Task.IsCompleted)
                    {
                        flow.Idle = ExecutionFlow.NewIdle();
                    }
                }

                try
                {
                    entry.Recorded.TrySetResult(await Take(flow, entry.Happening).ConfigureAwait(false));
                }
                catch (Exception) when (stopping.IsCancellationRequested)
                {
                    entry.Recorded.TrySetResult(false);
                }
                catch (StoreClosedException)
                {
                    // Taken up again at the next start.
                    entry.Recorded.TrySetResult(false);
                }
                catch (StoreUnavailableException unavailable)
                {
                    flow.Run = null;
                    Refuse(entry, unavailable);
                    Again(flow.Id, entry.Happening);
                }
                catch (Exception failure)
                {
                    LogFailed(flow.Id, failure);
                    Refuse(entry, failure);
                    await Break(flow).ConfigureAwait(false);
                }
            }
        }
    }

    private static void Refuse(ExecutionEntry entry, Exception failure)
    {
        entry.Recorded.TrySetException(failure);
        _ = entry.Recorded.Task.Exception;
    }

    /// <summary>The store takes no writes now: the same a second later.</summary>
    private void Again(long execution, Happening? happening)
    {
        ITimer? timer = null;
        timer = clock.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                _ = Post(execution, happening);
            },
            null,
            AfterFailure,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>A decision that fails would fail again, after every restart too: the execution ends as failed.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "One execution's bug must not end the others.")]
    private async Task Break(ExecutionFlow flow)
    {
        try
        {
            if (database.Read(transaction => Executions.Load(transaction, flow.Id)) is not var (row, document, run))
            {
                return;
            }

            (flow.Row, flow.Machine, flow.Run) = (row, document, run);
            var moment = new Moment(clock.GetUtcNow(), SecureRandom.Instance);
            var recording = new Recording(run, moment.Now);
            recording.Add(
                Interpreter.Break(run, "An internal error occurred: the next step of the execution could not be decided.", moment)
            );
            await Record(flow, recording).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogFailed(flow.Id, failure);
            flow.Run = null;
        }
    }

    private async Task<bool> Take(ExecutionFlow flow, Happening? happening)
    {
        if (flow.Run is null)
        {
            if (database.Read(transaction => Executions.Load(transaction, flow.Id)) is not var (row, document, run))
            {
                return false;
            }

            (flow.Row, flow.Machine, flow.Run) = (row, document, run);
        }

        var machine = machines.Parsed(flow.Machine!);
        var counted = true;
        while (true)
        {
            var moment = new Moment(clock.GetUtcNow(), SecureRandom.Instance, KnowsActivity: activities.Exists);
            var recording = new Recording(flow.Run, moment.Now);
            if (happening is not null)
            {
                var decision = Interpreter.Decide(machine, flow.Run, happening, moment);
                counted = !decision.IsNothing;
                recording.Add(decision);
                happening = null;
            }

            for (var i = 0; i < DecisionsARecord && recording.Outcome is null && NextEntering(recording.Run) is { } id; i++)
            {
                recording.Add(Interpreter.Decide(machine, recording.Run, new Entering(id), moment));
            }

            if (!recording.IsNothing && !await Record(flow, recording).ConfigureAwait(false))
            {
                return false;
            }

            tasks.Act(flow);
            if (recording.Outcome is not null || NextEntering(flow.Run) is null)
            {
                return counted;
            }
        }
    }

    private async Task<bool> Record(ExecutionFlow flow, Recording recording)
    {
        var (row, machine) = (flow.Row!, flow.Machine!);
        var exists = await database
            .Write(transaction =>
            {
                // Its machine may have been deleted meanwhile, and it with it.
                if (Executions.Get(transaction, flow.Id) is not { Status: ExecutionRow.Running })
                {
                    return false;
                }

                Executions.Record(transaction, flow.Id, recording);
                MapEffects.Record(transaction, row, recording);
                if (recording.Outcome is not null && machine.IsExpress)
                {
                    Executions.Remove(transaction, flow.Id);
                }

                return true;
            })
            .ConfigureAwait(false);
        flow.Run = exists ? recording.Run : null;
        if (!exists)
        {
            flow.Run = recording.Run with { Positions = recording.Run.Positions.Clear() };
            return false;
        }

        usage.Recorded(row, machine, recording);
        reports.Recorded(row, machine, recording);
        maps.Signal(row, recording);
        if (recording.Outcome is { } outcome)
        {
            Ended(row, outcome, recording.At);
        }
        else if (recording.Run.NextDue is not null)
        {
            dueTimes.Signal();
        }

        return true;
    }

    private void Ended(ExecutionRow row, Outcome outcome, DateTimeOffset at)
    {
        lock (gate)
        {
            if (ends.Remove(row.Id, out var end))
            {
                end.TrySetResult((outcome, at));
            }
        }

        tasks.Ended(row.Arn);
    }

    private static int? NextEntering(Run run)
    {
        foreach (var position in run.Positions.Values)
        {
            if (position.Phase is Phase.Enter or Phase.Redrive)
            {
                return position.Id;
            }
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Execution #{Execution}: a decision could not be made or recorded")]
    private partial void LogFailed(long execution, Exception failure);
}
