using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.Time;

/// <summary>
/// A room's own line of work: runs its step when signalled or when the next due time comes, and sleeps otherwise.
/// </summary>
/// <remarks>
/// The step does what is due and answers when it wants to run next: null for only when signalled, a time that has passed for
/// at once. It finds its work in the store, so a signal carries nothing and a lost one costs nothing after a restart (the
/// first step runs at start). A step that throws is logged and tried again after a second. While it runs, a clock that is
/// being moved waits for it; work that a step starts and does not await takes its own <see cref="Clock.Work"/>.
/// </remarks>
public sealed partial class Worker(string name, Clock clock, ILogger logger, Func<CancellationToken, ValueTask<DateTimeOffset?>> step)
    : IAsyncDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private TaskCompletionSource wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Clock.Busy? signalled;
    private Task? running;

    public void Start()
    {
        Signal();
        running = Task.Run(Run);
    }

    /// <summary>There is work: the step runs soon, once for any number of signals meanwhile. Cheap; callable from anywhere.</summary>
    public void Signal()
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            signalled ??= clock.Work(name);
            wake.TrySetResult();
        }
    }

    /// <summary>Ends the worker; a step that is running sees its token cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        if (running is not null)
        {
            await running.ConfigureAwait(false);
        }

        lock (gate)
        {
            signalled?.Dispose();
            signalled = null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A worker's loop outlives a failed step.")]
    private async Task Run()
    {
        while (!stopping.IsCancellationRequested)
        {
            Clock.Busy work;
            lock (gate)
            {
                work = signalled ?? clock.Work(name);
                signalled = null;
                if (wake.Task.IsCompleted)
                {
                    wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            using (work)
            {
                ITimer? timer = null;
                try
                {
                    DateTimeOffset? next;
                    try
                    {
                        next = await step(stopping.Token).ConfigureAwait(false);
                    }
                    catch (Exception failure) when (stopping.IsCancellationRequested || failure is ObjectDisposedException)
                    {
                        return; // or the store is closed already: whatever is left is done after the next start
                    }
                    catch (Exception failure)
                    {
                        LogStepFailed(name, failure);
                        next = clock.GetUtcNow() + AfterFailure;
                    }

                    var wait = next - clock.GetUtcNow();
                    if (wait <= TimeSpan.Zero)
                    {
                        continue;
                    }

                    // The timer is armed before the work counts as done, so that a clock being moved sees it.
                    timer = wait is { } span
                        ? clock.CreateTimer(static worker => ((Worker)worker!).Signal(), this, span, Timeout.InfiniteTimeSpan)
                        : null;
                    work.Dispose();
                    await Awake().ConfigureAwait(false);
                }
                finally
                {
                    timer?.Dispose();
                }
            }
        }
    }

    private async Task Awake()
    {
        Task awake;
        lock (gate)
        {
            awake = wake.Task;
        }

        try
        {
            await awake.WaitAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the loop's condition ends it.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Worker}: a step failed and is tried again in a second")]
    private partial void LogStepFailed(string worker, Exception failure);
}
