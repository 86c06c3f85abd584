namespace Disa.Functions;

/// <summary>Time as data: starts at the time that came with the event and goes on from there, whatever this machine's clock says.</summary>
public sealed class EventClock
{
    private readonly DateTimeOffset start;
    private readonly TimeProvider time;
    private readonly DateTimeOffset wallStart;
    private readonly long startedAt;

    /// <param name="start">The event's time; this machine's only where the event has none.</param>
    /// <param name="time">Measures what has passed since.</param>
    public EventClock(DateTimeOffset? start, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.time = time;
        this.start = start ?? time.GetUtcNow();
        wallStart = time.GetUtcNow();
        startedAt = time.GetTimestamp();
    }

    /// <summary>A clock that starts at the event's time or at this machine's, whichever is later: an event may have waited for retries.</summary>
    public static EventClock NotBefore(DateTimeOffset? start, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow();
        return new(start > now ? start : now, time);
    }

    /// <summary>A process that was frozen may find that its timer stood still while the clock on the wall went on: the longer of the two has passed.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var (passed, onTheWall) = (time.GetElapsedTime(startedAt), time.GetUtcNow() - wallStart);
            return start + (onTheWall > passed ? onTheWall : passed);
        }
    }
}
