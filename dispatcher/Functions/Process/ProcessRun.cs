using System.Collections.Concurrent;
using System.Globalization;

namespace Disa.Functions.Process;

/// <summary>One call of the process function: the outcomes of its items so far.</summary>
internal sealed class ProcessRun(string? execution, SendOptions options, EventClock clock)
{
    private readonly int[] outcomes = new int[Enum.GetValues<Outcome>().Length];
    private int undecided;
    private long givenBack;
    private Exception? first;

    public string? Execution => execution;

    public SendOptions Options => options;

    public EventClock Clock => clock;

    public ConcurrentBag<double> InsertToSent { get; } = [];

    public (int Count, DateTimeOffset? Until) Paced { get; set; }

    /// <summary>When the workflow is to come again: for what was paced, or for what was given back.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            var given = Interlocked.Read(ref givenBack);
            DateTimeOffset? left = given == 0 ? null : new DateTimeOffset(given, TimeSpan.Zero);
            return left is null || Paced.Until < left ? Paced.Until : left;
        }
    }

    public int Of(Outcome outcome) => outcomes[(int)outcome];

    public void Add(Outcome outcome, int count = 1) => Interlocked.Add(ref outcomes[(int)outcome], count);

    /// <summary>Something was given back until then; of several times, the first is as good as any.</summary>
    public void LeftUntil(DateTimeOffset time) => Interlocked.CompareExchange(ref givenBack, time.UtcTicks, 0);

    public void Undecided(IReadOnlyCollection<WorkItem> items, Exception error)
    {
        Interlocked.Add(ref undecided, items.Count);
        Interlocked.CompareExchange(ref first, error, null);
    }

    /// <summary>Measures the outcomes and returns them.</summary>
    /// <exception cref="ItemsUndecidedException">Some items have no outcome.</exception>
    /// <exception cref="ItemsInFlightException">Some items may be another sender's.</exception>
    public ProcessResult Result(Log log, string stack)
    {
        var result = new ProcessResult(
            Of(Outcome.Sent),
            Of(Outcome.Failed),
            Of(Outcome.Retried),
            Of(Outcome.Rejected),
            Of(Outcome.Deferred),
            Of(Outcome.Skipped),
            Paced.Count,
            Until is { } until ? Instant.Text(until) : null
        );

        // Both or none: the alarm is on their share, and needs a point of each.
        var isShare = result.Sent + result.Failed > 0;
        Measure Share(string name, int count) => isShare ? Measure.Level(name, "Count", count) : Measure.Count(name, 0);
        log.Measure(
            stack,
            Clock.Now,
            Share("Sent", result.Sent),
            Share("Failed", result.Failed),
            Measure.Count("Retried", result.Retried),
            Measure.Count("Rejected", result.Rejected),
            Measure.Count("Paced", result.Paced),
            new("InsertToSent", "Milliseconds", [.. InsertToSent])
        );
        if (first is { } error)
        {
            throw new ItemsUndecidedException(undecided, error);
        }

        return Of(Outcome.InFlight) is > 0 and var inFlight ? throw new ItemsInFlightException(inFlight) : result;
    }
}

/// <summary>Some items have no outcome yet.</summary>
public sealed class ItemsUndecidedException(int count, Exception first)
    : Exception(
        string.Create(CultureInfo.InvariantCulture, $"{count} item(s) have no outcome; the first because: {first?.Message}"),
        first
    );

/// <summary>Someone else holds the claim of items that have no status yet.</summary>
public sealed class ItemsInFlightException(int count)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{count} item(s) are in flight; ask again when their leases have ended."));
