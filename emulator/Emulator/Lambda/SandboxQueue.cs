namespace Disa.Emulator.Lambda;

/// <summary>Invocations of one version that wait for a sandbox, first come first served.</summary>
/// <remarks>
/// A start costs a process about as much work as a thousand short invocations, mostly compiling. So whoever finds all sandboxes at
/// work waits for one of them as long as the last start took, and only then starts another; one at a time, and not while the
/// processors have no room for another: there it would only slow the others down. A function that computes is served by few
/// processes, and one that waits for something gets as many as it needs.
/// All members but <see cref="Wait"/> are called under the pool's lock.
/// </remarks>
/// <param name="gate">The pool's lock.</param>
internal sealed class SandboxQueue(Lock gate)
{
    /// <summary>So often it waits for room; then it gets its process all the same.</summary>
    private const int MaxWaits = 16;

    private readonly LinkedList<TaskCompletionSource<Sandbox?>> waiting = new();
    private TimeSpan startTime = TimeSpan.FromMilliseconds(500);
    private int working;
    private int starting;

    public bool IsEmpty => working == 0 && waiting.Count == 0;

    /// <summary>Counts a new sandbox, if this is the time for one.</summary>
    /// <param name="waits">How often the invocation has waited.</param>
    /// <param name="isBusy">The processors had no room while it did.</param>
    public bool TryStart(int waits, bool isBusy)
    {
        if (working > 0 && (waits == 0 || starting > 0 || (isBusy && waits < MaxWaits)))
        {
            return false;
        }

        working++;
        starting++;
        return true;
    }

    /// <summary>A new sandbox asks for work.</summary>
    /// <param name="init">How long it took.</param>
    public void Started(TimeSpan init)
    {
        lock (gate)
        {
            starting--;
            startTime = init;
        }
    }

    /// <summary>A warm sandbox goes to work.</summary>
    public void Works() => working++;

    /// <summary>A sandbox has nothing to do.</summary>
    public void Idles() => working--;

    /// <summary>A sandbox is gone; where it was the last one, the first in the line looks again.</summary>
    public void Ended(bool wasStarting)
    {
        working--;
        starting -= wasStarting ? 1 : 0;
        while (working == 0 && waiting.First is { } first)
        {
            waiting.RemoveFirst();
            if (first.Value.TrySetResult(null))
            {
                return;
            }
        }
    }

    /// <summary>Sends all waiting invocations back to look for a sandbox: the function has changed.</summary>
    public void LookAgain()
    {
        while (waiting.First is { } first)
        {
            waiting.RemoveFirst();
            first.Value.TrySetResult(null);
        }
    }

    /// <summary>Gives a sandbox that became free to the first in the line; false where nobody waits.</summary>
    public bool Hand(Sandbox sandbox)
    {
        while (waiting.First is { } first)
        {
            waiting.RemoveFirst();
            if (first.Value.TrySetResult(sandbox))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="hasWaited">It keeps its place at the front.</param>
    public TaskCompletionSource<Sandbox?> Join(bool hasWaited)
    {
        var place = new TaskCompletionSource<Sandbox?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (hasWaited)
        {
            waiting.AddFirst(place);
        }
        else
        {
            waiting.AddLast(place);
        }

        return place;
    }

    /// <summary>The sandbox that was handed over; null where it is time to look again.</summary>
    public async Task<Sandbox?> Wait(TaskCompletionSource<Sandbox?> place, TimeProvider wall, CancellationToken cancellation)
    {
        TimeSpan patience;
        lock (gate)
        {
            patience = startTime;
        }

        try
        {
            return await place.Task.WaitAsync(patience, wall, cancellation).ConfigureAwait(false);
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            lock (gate)
            {
                if (!place.TrySetResult(null))
                {
                    return place.Task.Result;
                }

                waiting.Remove(place);
            }

            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }
}
