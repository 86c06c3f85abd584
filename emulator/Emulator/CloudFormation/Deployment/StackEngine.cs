using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudFormation.Templates;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.CloudFormation.Deployment;

/// <summary>Runs the stacks that have something in progress: asks resources for the steps that <see cref="StackProgress"/> decided, and records what came of them.</summary>
internal sealed partial class StackEngine : IAsyncDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly StackStore store;
    private readonly Clock clock;
    private readonly ILogger logger;
    private readonly StepRunner steps;
    private readonly ParameterStore parameterStore;
    private readonly AlarmBoard? alarms;
    private readonly StepRights rights;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Run> runs = new(StringComparer.Ordinal);
    private readonly HashSet<string> failed = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();

    public StackEngine(
        StackStore store,
        IReadOnlyDictionary<string, IResource> types,
        TemplateSource templates,
        TemplateTransforms transforms,
        StepRights rights,
        ServiceCalls calls,
        AlarmBoard? alarms,
        Clock clock,
        ILogger logger
    )
    {
        this.alarms = alarms;
        this.rights = rights;
        parameterStore = new ParameterStore(calls);
        this.store = store;
        this.clock = clock;
        this.logger = logger;
        Types = types;
        Templates = templates;
        Transforms = transforms;
        steps = new StepRunner(
            types,
            new NestedStacks(store, this, templates),
            new SecretReferences(calls),
            rights,
            logger,
            stopping.Token
        );
    }

    public StackStore Store => store;

    public TemplateSource Templates { get; }

    public TemplateTransforms Transforms { get; }

    /// <summary>Every resource type by its name.</summary>
    public IReadOnlyDictionary<string, IResource> Types { get; }

    public bool IsStopping => stopping.IsCancellationRequested;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The input with what its template takes from Parameter Store; what is wrong with the template is for <see cref="StackStart"/> to say.</summary>
    public Task<StackInput> Settle(Template template, StackInput input, StackDocument stack, Caller caller, CancellationToken cancellation)
    {
        rights.CheckRole(input.RoleArn, stack.Id);
        return parameterStore.Settle(
            template,
            input,
            settled => StackStart.Evaluation(store, null, caller.Scope, template, settled, stack),
            caller,
            cancellation
        );
    }

    /// <param name="transaction">Null for a draft.</param>
    public StackProgress Open(Transaction? transaction, Scope scope, string uuid) =>
        new(store, Types, transaction, scope, uuid, Now, alarms);

    public void Save(Transaction transaction, Scope scope, StackDocument stack) => store.Stacks.Put(transaction, scope, stack.Uuid, stack);

    /// <summary>Takes up what was in progress when the emulator stopped.</summary>
    public void Resume()
    {
        alarms?.Changed += Watch;
        foreach (var (scope, uuid, stack) in store.Stacks.All())
        {
            if (stack.Operation is not null)
            {
                Signal(scope, uuid);
            }
        }
    }

    /// <summary>An alarm changed: the operations that it watches look at it.</summary>
    private void Watch(string arn)
    {
        foreach (var (scope, uuid, stack) in store.Stacks.All())
        {
            if (stack.Operation is not null && stack.Input.Rollback?.RollbackTriggers?.Exists(trigger => trigger.Arn == arn) == true)
            {
                Signal(scope, uuid);
            }
        }
    }

    /// <summary>There is something to do for a stack once a time has come.</summary>
    private async Task SignalAt(Scope scope, string uuid, DateTimeOffset due)
    {
        var left = due - Now;
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, stopping.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Signal(scope, uuid);
    }

    /// <summary>There is something to do for a stack.</summary>
    public void Signal(Scope scope, string uuid)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            if (runs.TryGetValue(uuid, out var run))
            {
                run.Again = true;
                run.Wake.TrySetResult();
                return;
            }

            run = new Run(clock.Work("a stack operation of CloudFormation"));
            runs[uuid] = run;
            run.Task = Task.Run(() => Follow(scope, uuid, run));
        }
    }

    /// <summary>Completes when nothing is in progress for a stack.</summary>
    public async Task<StackDocument> Settled(Scope scope, string uuid, CancellationToken cancellation)
    {
        while (true)
        {
            Task? task;
            lock (gate)
            {
                task = runs.GetValueOrDefault(uuid)?.Task;
            }

            if (task is null)
            {
                var stack = store.Stacks.Get(scope, uuid)!;
                if (stack.IsSettled)
                {
                    return stack;
                }

                stopping.Token.ThrowIfCancellationRequested();
                lock (gate)
                {
                    if (failed.Contains(uuid))
                    {
                        throw new InvalidOperationException($"Stack {stack.Name} stopped inside the emulator.");
                    }
                }

                Signal(scope, uuid);
                continue;
            }

            await task.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        alarms?.Changed -= Watch;
        await stopping.CancelAsync().ConfigureAwait(false);
        Task[] tasks;
        lock (gate)
        {
            tasks = [.. runs.Values.Select(run => run.Task)];
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
        stopping.Dispose();
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "A worker's loop: a stack that fails inside the emulator must not take others with it."
    )]
    private async Task Follow(Scope scope, string uuid, Run run)
    {
        var running = new Dictionary<string, RunningStep>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                var finished = running.Where(r => r.Value.Task.IsCompleted).ToList();
                foreach (var (token, _) in finished)
                {
                    running.Remove(token);
                }

                lock (gate)
                {
                    run.Again = false;
                    if (run.Wake.Task.IsCompleted)
                    {
                        run.Wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    }
                }

                var (stack, due) = await Advance(scope, uuid, finished).ConfigureAwait(false);

                foreach (var resource in due)
                {
                    var step = resource.Pending!;
                    if (!running.TryGetValue(step.Token, out var already))
                    {
                        running[step.Token] = already = new RunningStep(
                            resource.LogicalId,
                            CancellationTokenSource.CreateLinkedTokenSource(stopping.Token)
                        );
                        already.Task = Task.Run(() => steps.Run(scope, stack!, resource, already.Cancellation.Token));
                    }

                    // Others are waited for, so that the rollback knows what they made; not past the stack's own deadline.
                    if (step.Cancelled && (resource.Type == TemplateChecks.NestedStack || stack!.Operation?.Deadline <= Now))
                    {
                        await already.Cancellation.CancelAsync().ConfigureAwait(false);
                    }
                }

                if (running.Count == 0)
                {
                    lock (gate)
                    {
                        if (!run.Again)
                        {
                            runs.Remove(uuid);
                            if (stack is { Status: "CREATE_IN_PROGRESS" or "UPDATE_IN_PROGRESS", Operation.MonitoredUntil: { } end })
                            {
                                _ = SignalAt(scope, uuid, end);
                            }

                            return;
                        }
                    }

                    continue;
                }

                if (stack is { Status: "CREATE_IN_PROGRESS", Operation: { Failing: false } operation } && operation.Deadline <= Now)
                {
                    continue; // the clock went past it meanwhile
                }

                await Next(run, running, stack?.Operation?.Deadline).ConfigureAwait(false);
                stopping.Token.ThrowIfCancellationRequested();
            }
        }
        catch (Exception failure) when (stopping.IsCancellationRequested || failure is StoreClosedException)
        {
            // The rest is done after the next start; nobody is to wait for it before.
            lock (gate)
            {
                failed.Add(uuid);
            }
        }
        catch (Exception failure)
        {
            lock (gate)
            {
                failed.Add(uuid);
            }

            LogStackStopped(uuid, failure);
        }
        finally
        {
            lock (gate)
            {
                if (runs.GetValueOrDefault(uuid) == run)
                {
                    runs.Remove(uuid);
                }
            }

            run.Busy.Dispose();
            foreach (var step in running.Values)
            {
                // A step that still runs ends by its token; nobody records it, so it is asked for again after the next start.
                await step.Cancellation.CancelAsync().ConfigureAwait(false);
                _ = step.Task.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Records what has finished and decides what comes next: drafted here, recorded in one write, and drafted again where that came too late.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A stack that cannot be decided ends in failure, and is logged.")]
    private async Task<(StackDocument? Stack, IReadOnlyList<ResourceDocument> Steps)> Advance(
        Scope scope,
        string uuid,
        IReadOnlyList<KeyValuePair<string, RunningStep>> finished
    )
    {
        var givingUp = false;
        while (true)
        {
            if (store.Stacks.Get(scope, uuid) is null)
            {
                return (null, []); // its account was emptied
            }

            try
            {
                var progress = Open(null, scope, uuid);
                foreach (var (token, step) in finished)
                {
                    var (state, failure) = step.Task.Result;
                    progress.Record(step.LogicalId, token, state, failure);
                }

                var due = givingUp && progress.Stack.Operation is not null ? progress.GiveUp() : progress.Advance();
                if (await store.Database.Write(progress.Keep).ConfigureAwait(false))
                {
                    return (progress.Stack, due);
                }
            }
            catch (StoreUnavailableException) when (!stopping.IsCancellationRequested)
            {
                await Task.Delay(AfterFailure, clock, stopping.Token).ConfigureAwait(false);
            }
            catch (Exception bug) when (!givingUp && bug is not StoreClosedException && !stopping.IsCancellationRequested)
            {
                LogStackFailed(uuid, bug);
                givingUp = true;
            }
        }
    }

    private async Task Next(Run run, Dictionary<string, RunningStep> running, DateTimeOffset? deadline)
    {
        using var alarm = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var waits = running.Values.Select(step => (Task)step.Task).Append(run.Wake.Task);
        var left = deadline - Now;
        waits = waits.Append(Task.Delay(left > TimeSpan.Zero ? left.Value : Timeout.InfiniteTimeSpan, clock, alarm.Token));
        await Task.WhenAny(waits).ConfigureAwait(false);
        await alarm.CancelAsync().ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Stack {Stack} cannot go on because of a fault of the emulator: it fails")]
    private partial void LogStackFailed(string stack, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Stack {Stack} stopped inside the emulator; it goes on after a restart")]
    private partial void LogStackStopped(string stack, Exception failure);

    private sealed class Run(Clock.Busy busy)
    {
        public Clock.Busy Busy { get; } = busy;

        public Task Task { get; set; } = Task.CompletedTask;

        public TaskCompletionSource Wake { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Again { get; set; }
    }

    private sealed class RunningStep(string logicalId, CancellationTokenSource cancellation)
    {
        public string LogicalId { get; } = logicalId;

        public CancellationTokenSource Cancellation { get; } = cancellation;

        public Task<StepResult> Task { get; set; } = null!;
    }
}
