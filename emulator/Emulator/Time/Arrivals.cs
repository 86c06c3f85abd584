namespace Disa.Emulator.Time;

/// <summary>
/// Tells those who wait at a place (a queue, an activity) that something may be there for them; carries nothing, they look themselves.
/// </summary>
/// <param name="clock">By which they wait.</param>
/// <param name="operation">The operation that waits, for those who wait too long for it.</param>
internal sealed class Arrivals(Clock clock, string operation)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Action>> listeners = new(StringComparer.Ordinal);

    /// <summary>Calls <paramref name="signal"/> whenever it may be worth looking, until it is disposed. The signal must be cheap.</summary>
    public IDisposable Subscribe(string arn, Action signal)
    {
        lock (gate)
        {
            if (!listeners.TryGetValue(arn, out var list))
            {
                listeners.Add(arn, list = []);
            }

            list.Add(signal);
        }

        return new Subscription(this, arn, signal);
    }

    public void Signal(string arn)
    {
        Action[] called;
        lock (gate)
        {
            if (!listeners.TryGetValue(arn, out var list))
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
    public Waiter Wait(string arn) => new(this, clock, operation, arn);

    private void Remove(string arn, Action signal)
    {
        lock (gate)
        {
            if (listeners.TryGetValue(arn, out var list) && list.Remove(signal) && list.Count == 0)
            {
                listeners.Remove(arn);
            }
        }
    }

    private sealed class Subscription(Arrivals arrivals, string arn, Action signal) : IDisposable
    {
        public void Dispose() => arrivals.Remove(arn, signal);
    }

    /// <summary>One receiver that waits.</summary>
    /// <remarks>
    /// A signal takes up work on the clock for whoever is woken. It may come before anybody waits, or after, and then nobody takes
    /// that work over: it ends with the waiter, or else a clock being moved would wait for it for ever.
    /// </remarks>
    internal sealed class Waiter : IDisposable
    {
        private readonly Clock clock;
        private readonly string operation;
        private readonly IDisposable subscription;
        private readonly TaskCompletionSource<Clock.Busy> woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool isTaken;

        public Waiter(Arrivals arrivals, Clock clock, string operation, string arn)
        {
            this.clock = clock;
            this.operation = operation;
            subscription = arrivals.Subscribe(arn, Wake);
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
            var busy = clock.Work(operation);
            if (!woken.TrySetResult(busy))
            {
                busy.Dispose();
            }
        }
    }
}
