using Disa.Emulator.Time;

namespace Disa.Emulator.StepFunctions;

/// <summary>Wakes workers that wait for a task of an activity; carries nothing, they look themselves.</summary>
internal sealed class ActivityPolls(Clock clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Poll>> waiting = new(StringComparer.Ordinal);

    /// <summary>Made before looking, so that a task that comes in between wakes it.</summary>
    public Poll Begin(string activity)
    {
        var poll = new Poll(this, clock, activity);
        lock (gate)
        {
            if (!waiting.TryGetValue(activity, out var list))
            {
                waiting.Add(activity, list = []);
            }

            list.Add(poll);
        }

        return poll;
    }

    public void Signal(string activity)
    {
        Poll[] woken;
        lock (gate)
        {
            woken = waiting.TryGetValue(activity, out var list) ? [.. list] : [];
        }

        foreach (var poll in woken)
        {
            poll.Wake();
        }
    }

    private void Remove(string activity, Poll poll)
    {
        lock (gate)
        {
            if (waiting.TryGetValue(activity, out var list) && list.Remove(poll) && list.Count == 0)
            {
                waiting.Remove(activity);
            }
        }
    }

    /// <summary>One worker that waits. Waiting is no work that a moved clock waits for; from the moment that wakes it, it is again.</summary>
    internal sealed class Poll(ActivityPolls polls, Clock clock, string activity) : IDisposable
    {
        private readonly TaskCompletionSource<Clock.Busy> woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool isTaken;

        public async Task<Clock.Busy> Until(DateTimeOffset due, CancellationToken cancellation)
        {
            await using var cancelled = cancellation.Register(() => woken.TrySetCanceled(cancellation)).ConfigureAwait(false);
            var wait = due - clock.GetUtcNow();
            await using var timer = clock
                .CreateTimer(
                    static poll => ((Poll)poll!).Wake(),
                    this,
                    wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
                    Timeout.InfiniteTimeSpan
                )
                .ConfigureAwait(false);
            var work = await woken.Task.ConfigureAwait(false);
            isTaken = true;
            return work;
        }

        public void Wake()
        {
            var busy = clock.Work("GetActivityTask");
            if (!woken.TrySetResult(busy))
            {
                busy.Dispose();
            }
        }

        public void Dispose()
        {
            polls.Remove(activity, this);
            if (!woken.TrySetCanceled() && !isTaken && woken.Task.IsCompletedSuccessfully)
            {
                woken.Task.Result.Dispose();
            }
        }
    }
}
