namespace Disa.Emulator.Time;

/// <summary>A timer that falls due by the emulator's clock, whether time passes or is moved.</summary>
internal sealed class ClockTimer(Clock clock, TimerCallback callback, object? state) : ITimer
{
    /// <summary>The longest span that the runtime's timers take is 49 days; a later one wakes early, sees so, and waits again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private ITimer? real;

    public DateTimeOffset Due { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (clock.Gate)
        {
            clock.Armed.Remove(this);
            real?.Dispose();
            real = null;
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return true;
            }

            if (dueTime > TimeSpan.Zero)
            {
                Due = clock.GetUtcNow() + dueTime;
                clock.Armed.Add(this);
                Start(dueTime);
                return true;
            }
        }

        Fire();
        return true;
    }

    public void Rearm(DateTimeOffset now) => Start(Due - now);

    public void Fire() => callback(state);

    public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Start(TimeSpan dueTime)
    {
        real?.Dispose();
        real = clock.Wall.CreateTimer(
            static timer => ((ClockTimer)timer!).Elapsed(),
            this,
            dueTime < Longest ? dueTime : Longest,
            Timeout.InfiniteTimeSpan
        );
    }

    private void Elapsed()
    {
        Clock.Busy firing;
        lock (clock.Gate)
        {
            if (!clock.Armed.Contains(this))
            {
                return;
            }

            var left = Due - clock.GetUtcNow();
            if (left > TimeSpan.Zero)
            {
                // Never earlier than asked: the runtime's timers have a millisecond's grain.
                Start(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left);
                return;
            }

            // A clock that is being moved sees the timer, or what it does, at every moment.
            firing = clock.Work("a timer");
            clock.Armed.Remove(this);
            real?.Dispose();
            real = null;
        }

        using (firing)
        {
            Fire();
        }
    }
}
