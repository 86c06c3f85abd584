using System.Diagnostics.CodeAnalysis;
using Disa.Asl;
using Disa.Emulator.Store;
using Disa.Emulator.StepFunctions.Integrations;
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

    private readonly Database database;
    private readonly StateMachines machines;
    private readonly TaskRunner tasks;
    private readonly ExecutionReports reports;
    private readonly Clock clock;
    private readonly ILogger logger;
    private readonly Worker dueTimes;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<long, Flow> flows = [];
    private readonly Dictionary<long, TaskCompletionSource<(Outcome, DateTimeOffset)>> ends = [];
    private readonly Dictionary<string, List<(long Execution, Position Position)>> watchers = new(StringComparer.Ordinal);

    public ExecutionWorker(Database database, StateMachines machines, TaskRunner tasks, ExecutionReports reports, Clock clock, ILogger logger)
    {
        (this.database, this.machines, this.tasks) = (database, machines, tasks);
        (this.reports, this.clock, this.logger) = (reports, clock, logger);
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
                flows[row.Id] = new Flow(row.Id) { Row = row, Machine = machine, Run = first.Run };
            }
        }

        reports.Recorded(row, machine, first);
        _ = Post(row.Id, null);
    }

    /// <summary>Lets a happening be decided; completes when it is recorded. False where it came too late to matter.</summary>
    public Task<bool> Post(long execution, Happening? happening)
    {
        var entry = new Entry(happening);
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
            {
                return Task.FromResult(false);
            }

            if (!flows.TryGetValue(execution, out var flow))
            {
                flows.Add(execution, flow = new Flow(execution));
            }

            flow.Queue.Enqueue(entry);
            if (!flow.IsActive)
            {
                flow.IsActive = true;
                var busy = clock.Work();
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
    private async Task Drain(Flow flow, Clock.Busy busy)
    {
        using (busy)
        {
            while (true)
            {
                Entry? entry;
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
                        flow.Idle = NewIdle();
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
                catch (Exception failure)
                {
                    LogFailed(flow.Id, failure);
                    flow.Run = null;
                    entry.Recorded.TrySetException(failure);
                    _ = entry.Recorded.Task.Exception;
                }
            }
        }
    }

    private async Task<bool> Take(Flow flow, Happening? happening)
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
            var moment = new Moment(clock.GetUtcNow(), Random.Shared);
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

            Act(flow);
            if (recording.Outcome is not null || NextEntering(flow.Run) is null)
            {
                return counted;
            }
        }
    }

    private async Task<bool> Record(Flow flow, Recording recording)
    {
        var (row, machine) = (flow.Row!, flow.Machine!);
        var exists = await database.Write(transaction =>
        {
            // Its machine may have been deleted meanwhile, and it with it.
            if (Executions.Get(transaction, flow.Id) is not { Status: ExecutionRow.Running })
            {
                return false;
            }

            Executions.Record(transaction, flow.Id, recording);
            if (recording.Outcome is not null && machine.IsExpress)
            {
                Executions.Remove(transaction, flow.Id);
            }

            return true;
        }).ConfigureAwait(false);
        flow.Run = exists ? recording.Run : null;
        if (!exists)
        {
            flow.Run = recording.Run with { Positions = recording.Run.Positions.Clear() };
            return false;
        }

        reports.Recorded(row, machine, recording);
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
        List<(long Execution, Position Position)>? watching;
        lock (gate)
        {
            if (ends.Remove(row.Id, out var end))
            {
                end.TrySetResult((outcome, at));
            }

            watchers.Remove(row.Arn, out watching);
        }

        foreach (var (execution, position) in watching ?? [])
        {
            Answer(execution, position, row.Arn);
        }
    }

    /// <summary>Runs the tasks that the recorded positions ask for and that do not run yet.</summary>
    private void Act(Flow flow)
    {
        foreach (var position in flow.Run!.Positions.Values)
        {
            if (position is not { Phase: Phase.Task, Task: { } task } || (task.Submitted && task.Token is not null))
            {
                continue;
            }

            lock (gate)
            {
                if (stopping.IsCancellationRequested || !flow.Running.Add((task.Id, task.Submitted)))
                {
                    continue;
                }
            }

            if (task.Submitted)
            {
                Watch(flow, position);
            }
            else
            {
                var (row, machine) = (flow.Row!, flow.Machine!);
                var busy = clock.Work();
                _ = Task.Run(() => RunTask(flow, row, machine, position, busy));
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A bug in an integration fails the task, not the worker.")]
    private async Task RunTask(Flow flow, ExecutionRow row, StateMachineDocument machine, Position position, Clock.Busy busy)
    {
        using (busy)
        {
            Happening happening;
            try
            {
                happening = await tasks.Run(row, machine, position, stopping.Token).ConfigureAwait(false);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                // Taken up again at the next start.
                return;
            }
            catch (Exception failure)
            {
                LogTaskFailed(position.Task!.Resource, row.Arn, failure);
                happening = new TaskFailed(position.Id, position.Task!.Id, new WorkflowError(WorkflowError.TaskFailed, "The task failed inside the emulator."));
            }

            lock (gate)
            {
                flow.Running.Remove((position.Task!.Id, false));
            }

            _ = Post(flow.Id, happening);
        }
    }

    /// <summary>Waits for the execution that a <c>.sync</c> task started.</summary>
    private void Watch(Flow flow, Position position)
    {
        var child = NestedExecution.ArnOf(position.Task!.Submission);
        lock (gate)
        {
            if (!watchers.TryGetValue(child, out var list))
            {
                watchers.Add(child, list = []);
            }

            list.Add((flow.Id, position));
            flow.Running.Remove((position.Task.Id, true));
        }

        // It may have ended before anybody watched.
        var row = database.Read(transaction => Executions.Get(transaction, child));
        if (row is null || row.Status != ExecutionRow.Running)
        {
            lock (gate)
            {
                watchers.Remove(child);
            }

            Answer(flow.Id, position, child);
        }
    }

    private void Answer(long execution, Position position, string child)
    {
        var row = database.Read(transaction => Executions.Get(transaction, child));
        _ = Post(execution, NestedExecution.Answer(position, row));
    }

    private static int? NextEntering(Run run)
    {
        foreach (var position in run.Positions.Values)
        {
            if (position.Phase == Phase.Enter)
            {
                return position.Id;
            }
        }

        return null;
    }

    private static TaskCompletionSource NewIdle() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Error, Message = "Execution #{Execution}: a decision could not be made or recorded")]
    private partial void LogFailed(long execution, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Task {Resource} of {Execution} failed inside the emulator")]
    private partial void LogTaskFailed(string resource, string execution, Exception failure);

    /// <summary>An execution in memory, as long as something is under way in it.</summary>
    private sealed class Flow(long id)
    {
        public long Id { get; } = id;

        public Queue<Entry> Queue { get; } = new();

        /// <summary>Tasks in flight, by their id and whether they were submitted.</summary>
        public HashSet<(long Task, bool Submitted)> Running { get; } = [];

        public bool IsActive { get; set; }

        public TaskCompletionSource Idle { get; set; } = NewIdle();

        public ExecutionRow? Row { get; set; }

        public StateMachineDocument? Machine { get; set; }

        /// <summary>Null until it has been read from the store.</summary>
        public Run? Run { get; set; }
    }

    private sealed class Entry(Happening? happening)
    {
        public Happening? Happening { get; } = happening;

        public TaskCompletionSource<bool> Recorded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
