using Disa.Emulator.Time;

namespace Disa.Emulator.Sqs;

/// <summary>Tells those who wait at a queue that something may have become receivable; carries nothing, they look themselves.</summary>
internal sealed class Arrivals(Clock clock)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Action>> listeners = new(StringComparer.Ordinal);

    /// <summary>Calls <paramref name="signal"/> whenever it may be worth looking at the queue, until it is disposed. The signal must be cheap.</summary>
    public IDisposable Subscribe(string queueArn, Action signal)
    {
        lock (gate)
        {
            if (!listeners.TryGetValue(queueArn, out var list))
            {
                listeners.Add(queueArn, list = []);
            }

            list.Add(signal);
        }

        return new Subscription(this, queueArn, signal);
    }

    public void Signal(string queueArn)
    {
        Action[] called;
        lock (gate)
        {
            if (!listeners.TryGetValue(queueArn, out var list))
            {
                return;
            }

            called = [.. list];
        }

        foreach (var signal in called)
        {
            signal();
        }
    }

    /// <summary>A place to wait in: woken by a signal that came since it was made, or by a due time.</summary>
    public Waiter Wait(string queueArn) => new(this, clock, queueArn);

    private void Remove(string queueArn, Action signal)
    {
        lock (gate)
        {
            if (listeners.TryGetValue(queueArn, out var list) && list.Remove(signal) && list.Count == 0)
            {
                listeners.Remove(queueArn);
            }
        }
    }

    private sealed class Subscription(Arrivals arrivals, string queueArn, Action signal) : IDisposable
    {
        public void Dispose() => arrivals.Remove(queueArn, signal);
    }

    /// <summary>One receiver that waits.</summary>
    /// <remarks>
    /// A signal takes up work on the clock for whoever is woken. It may come before anybody waits, or after, and then nobody takes
    /// that work over: it ends with the waiter, or else a clock being moved would wait for it for ever.
    /// </remarks>
    internal sealed class Waiter : IDisposable
    {
        private readonly Clock clock;
        private readonly IDisposable subscription;
        private readonly TaskCompletionSource<Clock.Busy> woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool isTaken;

        public Waiter(Arrivals arrivals, Clock clock, string queueArn)
        {
            this.clock = clock;
            subscription = arrivals.Subscribe(queueArn, Wake);
        }

        /// <summary>Waits without counting as work; what it answers is work again, from the moment that woke it.</summary>
        public async Task<Clock.Busy> Until(DateTimeOffset due, CancellationToken cancellation)
        {
            await using var cancelled = cancellation.Register(() => woken.TrySetCanceled(cancellation)).ConfigureAwait(false);
            var wait = due - clock.GetUtcNow();
            await using var timer = clock
                .CreateTimer(
                    static waiter => ((Waiter)waiter!).Wake(),
                    this,
                    wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
                    Timeout.InfiniteTimeSpan
                )
                .ConfigureAwait(false);
            var work = await woken.Task.ConfigureAwait(false);
            isTaken = true;
            return work;
        }

        public void Dispose()
        {
            subscription.Dispose();
            // From here on a signal that is still on its way finds it taken, and gives its work back itself.
            if (!woken.TrySetCanceled() && !isTaken && woken.Task.IsCompletedSuccessfully)
            {
                woken.Task.Result.Dispose();
            }
        }

        private void Wake()
        {
            var busy = clock.Work("ReceiveMessage");
            if (!woken.TrySetResult(busy))
            {
                busy.Dispose();
            }
        }
    }
}
