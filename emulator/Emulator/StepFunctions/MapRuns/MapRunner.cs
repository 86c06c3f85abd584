using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.StepFunctions.Integrations;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>
/// Carries out Map runs: reads the items, starts child executions as fast as the run's limits let it, and tells the state what came of
/// them. Wakes when a run begins, is changed, or one of its children has ended; what it has done is on disk, and a restart goes on from there.
/// </summary>
internal sealed partial class MapRunner(
    Database database,
    StateMachines machines,
    ItemSource source,
    ResultExport export,
    Neighbours neighbours,
    Clock clock,
    ILogger logger
) : IAsyncDisposable
{
    /// <summary>How many child executions run at a time where the state does not say (Step Functions developer guide, "Distributed mode").</summary>
    private const int MostConcurrent = 10_000;

    /// <summary>How many are started in one transaction.</summary>
    private const int StartsARecord = 100;

    private readonly Lock gate = new();

    /// <summary>Runs that are looked at now, and whether they must be looked at again.</summary>
    private readonly Dictionary<string, (bool Again, Task Task)> looking = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Set once, before anything starts: the two need each other.</summary>
    public ExecutionWorker Worker { get; set; } = null!;

    public void Start()
    {
        foreach (var arn in database.Read(MapRunQueue.Unfinished))
        {
            Signal(arn);
        }
    }

    /// <summary>Something has changed: the run is looked at, soon.</summary>
    public void Signal(string arn)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            if (looking.TryGetValue(arn, out var now))
            {
                looking[arn] = now with { Again = true };
                return;
            }

            var busy = clock.Work("a Map run");
            looking[arn] = (false, Task.Run(() => Look(arn, busy)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        List<Task> tasks;
        lock (gate)
        {
            tasks = [.. looking.Values.Select(one => one.Task)];
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
        stopping.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "One run's bug must not end the others.")]
    private async Task Look(string arn, Clock.Busy busy)
    {
        using (busy)
        {
            while (true)
            {
                var more = false;
                try
                {
                    more = await Step(arn).ConfigureAwait(false);
                }
                catch (Exception) when (stopping.IsCancellationRequested)
                {
                    // Taken up again at the next start.
                }
                catch (StoreClosedException)
                {
                    // Likewise.
                }
                catch (StoreUnavailableException)
                {
                    Again(arn);
                }
                catch (Exception failure)
                {
                    LogFailed(arn, failure);
                    await Fail(arn).ConfigureAwait(false);
                }

                lock (gate)
                {
                    if (stopping.IsCancellationRequested || (!more && !looking[arn].Again))
                    {
                        looking.Remove(arn);
                        return;
                    }

                    looking[arn] = looking[arn] with { Again = false };
                }
            }
        }
    }

    /// <summary>The store takes no writes now: the same a second later.</summary>
    private void Again(string arn)
    {
        ITimer? timer = null;
        timer = clock.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                Signal(arn);
            },
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>One step of a run; true where the next may follow at once.</summary>
    private async Task<bool> Step(string arn)
    {
        var state = database.Read(transaction => MapRunState.Read(transaction, arn));
        if (state is null)
        {
            return false;
        }

        if (!state.IsRunning)
        {
            Stop(state);
            return false;
        }

        if (!state.Run.IsFilled)
        {
            await Fill(state).ConfigureAwait(false);
            return false;
        }

        if (state.IsExceeded && state.Running > 0)
        {
            Stop(state);
            return false;
        }

        if (!state.IsExceeded && state.Pending > 0)
        {
            var most = state.Run.MaxConcurrency == 0 ? MostConcurrent : state.Run.MaxConcurrency;
            return most > state.Running
                && await MayStart(state).ConfigureAwait(false)
                && await StartSome(arn, (int)Math.Min(most - state.Running, StartsARecord)).ConfigureAwait(false);
        }

        if (state.Running == 0)
        {
            await Finish(state).ConfigureAwait(false);
        }

        return false;
    }

    private async Task Fill(MapRunState state)
    {
        var order = state.Run.Order;
        try
        {
            var items = await source.Read(order.Reader!, CallerOf(state), stopping.Token).ConfigureAwait(false);
            await Worker.Post(state.Run.Execution, new ItemsRead(state.Run.Position, order.Id, items)).ConfigureAwait(false);
        }
        catch (TaskException failure)
        {
            await End(state, default, failure.Error).ConfigureAwait(false);
        }
    }

    private Task<bool> StartSome(string arn, int most) =>
        database.Write(transaction =>
        {
            // Looked at again: it may have been stopped meanwhile.
            if (MapRunState.Read(transaction, arn) is not { IsRunning: true } state)
            {
                return false;
            }

            var machine = machines.Child(state.Machine, state.Run.Order.Label);
            foreach (var child in MapChildren.List(transaction, state.Run.Id, MapChildRow.Pending, most))
            {
                StartOne(transaction, state, machine, child);
            }

            return true;
        });

    private void StartOne(Transaction transaction, MapRunState state, StateMachineDocument machine, MapChildRow child)
    {
        var now = clock.GetUtcNow();
        if (child.Arn is not null && !machine.IsExpress && Executions.Get(transaction, child.Arn) is { } failed)
        {
            MapChildren.Started(transaction, state.Run.Id, child.Number, failed);
            RedriveExecution.Begin(transaction, failed, now, machines, Worker);
            return;
        }

        var name = Guid.NewGuid().ToString();
        var row = new ExecutionRow
        {
            Arn = StartExecution.ArnOf(machine, name),
            Machine = machine.Arn,
            Name = name,
            Revision = machine.Revision,
            Started = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerMillisecond)),
            Input = child.Input,
            MapRun = state.Run.Arn,
            Items = child.Items,
        };
        MapChildren.Started(transaction, state.Run.Id, child.Number, StartExecution.Begin(transaction, row, machine, machines, Worker));
    }

    /// <summary>Its children are given up.</summary>
    private void Stop(MapRunState state)
    {
        foreach (var execution in database.Read(transaction => MapRunQueue.Children(transaction, state.Run)))
        {
            _ = Worker.Post(execution, new Stopped(null, null));
        }
    }

    private async Task Finish(MapRunState state)
    {
        var children = database.Read(transaction => MapChildren.List(transaction, state.Run.Id));
        var error = state.IsExceeded ? WorkflowError.Exceeded : null;
        try
        {
            JsonElement result;
            if (state.Run.Order.Writer is { Bucket: not null })
            {
                result = await export.Write(state.Run, children, CallerOf(state), stopping.Token).ConfigureAwait(false);
                await database.Write(transaction => MapRuns.Written(transaction, state.Run.Id)).ConfigureAwait(false);
            }
            else
            {
                result = error is null ? MapResults.State(state.Run, children) : default;
            }

            await End(state, error is null ? result : default, error).ConfigureAwait(false);
        }
        catch (TaskException failure)
        {
            await End(state, default, failure.Error).ConfigureAwait(false);
        }
    }

    private Task<bool> End(MapRunState state, JsonElement result, WorkflowError? error) =>
        Worker.Post(state.Run.Execution, new MapRunEnded(state.Run.Position, state.Run.Order.Id, result, error));

    /// <summary>What cannot be carried out fails: it would fail after every restart too.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "One run's bug must not end the others.")]
    private async Task Fail(string arn)
    {
        try
        {
            if (database.Read(transaction => MapRunState.Read(transaction, arn)) is { IsRunning: true } state)
            {
                var error = new WorkflowError(WorkflowError.Runtime, "An internal error occurred: the Map run failed inside the emulator.");
                await End(state, default, error).ConfigureAwait(false);
            }
        }
        catch (Exception failure)
        {
            LogFailed(arn, failure);
        }
    }

    /// <summary>Child executions are started as the machine's role, which needs the right to start its own machine.</summary>
    /// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html</remarks>
    private async Task<bool> MayStart(MapRunState state)
    {
        try
        {
            neighbours.Rights?.Require(
                CallerOf(state),
                new Access("states:StartExecution", state.Machine.Arn.Split('/')[0]),
                denial => new AwsException("AccessDeniedException", denial)
            );
            return true;
        }
        catch (AwsException denied)
        {
            await End(state, default, new WorkflowError(WorkflowError.Permissions, denied.Message)).ConfigureAwait(false);
            return false;
        }
    }

    private static Caller CallerOf(MapRunState state)
    {
        var name = state.Parent.Name;
        return Caller.Role(state.Machine.RoleArn, name.Length <= 64 ? name : name[..64], state.Machine.Scope);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Run}: the next step of a Map run could not be made")]
    private partial void LogFailed(string run, Exception failure);
}
