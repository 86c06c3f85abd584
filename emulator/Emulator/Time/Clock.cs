namespace Disa.Emulator.Time;

/// <summary>
/// The emulator's clock: real time plus an offset that <c>disa time +D</c> grows. Timers made here fall due by this clock.
/// </summary>
/// <remarks>
/// Moving forward goes from due time to due time, and waits at each until the work that it woke is done, so that an hour of
/// schedules, alarm periods and backoffs happens in its order, only faster. What belongs to real processes (the time a
/// function may run) is measured on <see cref="Wall"/>.
/// </remarks>
public sealed class Clock(TimeProvider wall) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ClockTimer> timers = [];

    /// <summary>From which moments of real time which offset was in force; the first holds for all before it.</summary>
    private readonly List<(DateTimeOffset From, TimeSpan Offset)> offsets = [(DateTimeOffset.MinValue, TimeSpan.Zero)];

    private TimeSpan offset;
    private int busy;
    private Busy? newest;
    private TaskCompletionSource? idle;
    private Move? move;

    /// <summary>Held where <see cref="Armed"/> is looked at.</summary>
    internal Lock Gate => gate;

    /// <summary>The timers that have not fallen due.</summary>
    internal List<ClockTimer> Armed => timers;

    /// <summary>Real time, which nothing moves.</summary>
    public TimeProvider Wall => wall;

    public TimeSpan Offset
    {
        get
        {
            lock (gate)
            {
                return offset;
            }
        }
    }

    /// <summary>How much work is in progress. For tests: it is nothing once every request is answered and every worker has done its step.</summary>
    internal int UnderWay
    {
        get
        {
            lock (gate)
            {
                return busy;
            }
        }
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => wall.GetUtcNow() + Offset;

    /// <summary>What is in progress, by the names that <see cref="Work"/> was given, newest first.</summary>
    internal IReadOnlyList<string> InProgress
    {
        get
        {
            lock (gate)
            {
                var names = new List<string>();
                for (var one = newest; one is not null; one = one.Older)
                {
                    names.Add(one.What);
                }

                return names;
            }
        }
    }

    /// <summary>Says that work is in progress that a moving clock must wait for; dispose it at the end.</summary>
    /// <param name="what">What it is, for those who wait too long for it.</param>
    public Busy Work(string what)
    {
        var one = new Busy(this, what);
        lock (gate)
        {
            busy++;
            one.Older = newest;
            newest?.Newer = one;
            newest = one;
        }

        return one;
    }

    /// <summary>Sets the offset that was stored when the emulator last ran.</summary>
    public void Restore(TimeSpan stored)
    {
        lock (gate)
        {
            offset = stored;
            offsets[0] = (DateTimeOffset.MinValue, stored);
        }
    }

    /// <summary>What this clock showed at a moment of real time; that moment itself where it is still to come.</summary>
    internal DateTimeOffset Shown(DateTimeOffset real)
    {
        if (real > wall.GetUtcNow())
        {
            return real;
        }

        lock (gate)
        {
            return real + offsets.FindLast(entry => entry.From <= real).Offset;
        }
    }

    /// <summary>Where the clock is being moved to; null while it stands.</summary>
    public DateTimeOffset? MovingTo
    {
        get
        {
            lock (gate)
            {
                return move?.Target;
            }
        }
    }

    /// <summary>Stops the move that is in progress, at the due time that it has reached. Its caller sees it cancelled.</summary>
    /// <returns>Completes when the clock stands; at once where nothing moves it.</returns>
    public Task Stop()
    {
        lock (gate)
        {
            _ = move?.Stopping.CancelAsync(); // What waits for it goes on elsewhere, and not under this lock.
            return move?.Ended.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Completes when the clock is not being moved.</summary>
    internal Task Standing
    {
        get
        {
            lock (gate)
            {
                return move?.Ended.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Moves the clock forward through every due time on the way.</summary>
    /// <param name="span">How far; not negative.</param>
    /// <param name="patience">How long, in real time, work that a due time woke may take before the clock moves on regardless.</param>
    /// <param name="store">
    /// Keeps the offset: called before the move and after it, because a power cut on the way must not turn the clock back behind what
    /// was written on the way.
    /// </param>
    /// <param name="cancellation">Ends the move where it is: the clock stays at the due time that it has reached.</param>
    /// <exception cref="ClockMovingException">It is being moved already: two moves at once would be one that nobody asked for.</exception>
    public async Task Advance(
        TimeSpan span,
        TimeSpan patience,
        Func<TimeSpan, Task>? store = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        var target = GetUtcNow() + span;
        var stopping = new CancellationTokenSource();
        await using var gone = cancellation.Register(stopping.Cancel).ConfigureAwait(false);
        var current = new Move(target, stopping);
        lock (gate)
        {
            if (move is { } other)
            {
                throw new ClockMovingException(other.Target);
            }

            move = current;
        }

        try
        {
            await Store(Offset + span).ConfigureAwait(false);
            await Settle(patience, stopping.Token).ConfigureAwait(false);
            while (NextDue() is { } due && due <= target)
            {
                MoveTo(due);
                await Settle(patience, stopping.Token).ConfigureAwait(false);
            }

            MoveTo(target);
            await Settle(patience, stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            try
            {
                await Store(Offset).ConfigureAwait(false);
            }
            finally
            {
                lock (gate)
                {
                    move = null;
                    Remember();
                }

                current.Ended.SetResult();
            }
        }

        Task Store(TimeSpan reached) => store?.Invoke(reached) ?? Task.CompletedTask;
    }

    /// <summary>Completes when nothing is in progress, or when patience (real time) ends; true for the first.</summary>
    public async Task<bool> Settle(TimeSpan patience, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Task waiting;
        lock (gate)
        {
            if (busy == 0)
            {
                return true;
            }

            idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting = idle.Task;
        }

        try
        {
            await waiting.WaitAsync(patience, System, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            // Something takes long (a function that hangs): time goes on, as it does.
            return false;
        }
    }

    /// <summary>A timer on this clock. Single-shot: a worker asks for its next due time itself.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan && period != TimeSpan.Zero)
        {
            throw new NotSupportedException("Due times are single: a worker asks for its next one.");
        }

        var timer = new ClockTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Remember()
    {
        const int most = 1000;
        if (offsets.Count == most)
        {
            offsets.RemoveAt(1);
        }

        offsets.Add((wall.GetUtcNow(), offset));
    }

    private DateTimeOffset? NextDue()
    {
        lock (gate)
        {
            return timers.Count == 0 ? null : timers.Min(timer => timer.Due);
        }
    }

    private void MoveTo(DateTimeOffset target)
    {
        List<ClockTimer> fired;
        lock (gate)
        {
            var ahead = target - (wall.GetUtcNow() + offset);
            if (ahead > TimeSpan.Zero)
            {
                offset += ahead;
            }

            fired = timers.Where(timer => timer.Due <= target).OrderBy(timer => timer.Due).ToList();
            timers.RemoveAll(timer => timer.Due <= target);
            foreach (var timer in timers)
            {
                timer.Rearm(target);
            }

            busy += fired.Count;
        }

        foreach (var timer in fired)
        {
            timer.Fire();
            Leave();
        }
    }

    private void Leave(Busy? over = null)
    {
        TaskCompletionSource? done = null;
        lock (gate)
        {
            if (over is not null)
            {
                over.Newer?.Older = over.Older;
                over.Older?.Newer = over.Newer;
                newest = newest == over ? over.Older : newest;
            }

            if (--busy == 0)
            {
                (done, idle) = (idle, null);
            }
        }

        done?.SetResult();
    }

    /// <summary>Work in progress, until it is disposed.</summary>
    public sealed class Busy : IDisposable
    {
        private readonly Clock clock;
        private int left = 1;

        internal Busy(Clock clock, string what) => (this.clock, What) = (clock, what);

        internal string What { get; }

        /// <summary>The neighbours in the list of what is in progress; under the clock's lock.</summary>
        internal Busy? Older { get; set; }

        internal Busy? Newer { get; set; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref left, 0) == 1)
            {
                clock.Leave(this);
            }
        }
    }

    private sealed record Move(DateTimeOffset Target, CancellationTokenSource Stopping)
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
