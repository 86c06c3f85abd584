using Disa.Emulator.Faults;
using Disa.Emulator.Time;

namespace Disa.Emulator.Lambda;

/// <summary>
/// Records that a lane delivers once more though they are done, as a poller does that takes over from another one: single ones in a
/// batch of their own, or the last two batches, the newer first and cut elsewhere. What comes of these is of no consequence to the
/// checkpoint; a stop forgets them, and loses nothing.
/// </summary>
internal sealed class StreamReplays(FaultPlan faults, Clock clock)
{
    private const int Most = 100;
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);

    private readonly Queue<(DateTimeOffset Due, IReadOnlyList<StreamEntry> Records)> waiting = new();
    private IReadOnlyList<StreamEntry> last = [];

    /// <summary>When the next is to be delivered; null for none.</summary>
    public DateTimeOffset? Due => waiting.TryPeek(out var next) ? next.Due : null;

    /// <summary>A batch was delivered: decides what of it comes again.</summary>
    public void Delivered(IReadOnlyList<StreamEntry> records)
    {
        if (!faults.IsActive)
        {
            last = [];
            return;
        }

        var due = clock.GetUtcNow() + Later;
        var again = records.Where(_ => faults.RepeatsRecord()).ToList();
        if (again.Count > 0)
        {
            waiting.Enqueue((due, again));
        }

        if (faults.RepeatsBatches())
        {
            var middle = (records.Count + 1) / 2;
            Enqueue(due, [.. records.Skip(middle)]);
            Enqueue(due, [.. last.TakeLast(Most), .. records.Take(middle)]);
        }

        last = records;
    }

    /// <summary>What is to be delivered again now; null for nothing.</summary>
    public IReadOnlyList<StreamEntry>? Take(DateTimeOffset now) =>
        waiting.TryPeek(out var next) && next.Due <= now ? waiting.Dequeue().Records : null;

    private void Enqueue(DateTimeOffset due, IReadOnlyList<StreamEntry> records)
    {
        if (records.Count > 0)
        {
            waiting.Enqueue((due, records));
        }
    }
}
