namespace Disa.Contract;

/// <summary>Exponential backoff with full jitter: any delay up to a bound that doubles with each attempt.</summary>
/// <param name="First">The bound after the first attempt.</param>
/// <param name="Longest">The bound of the bound.</param>
/// <param name="MaxAttempts">Attempts after which a message is parked.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Longest, int MaxAttempts)
{
    /// <summary>Never at once: the item is to be later than the batch that it failed in.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <param name="attempts">Attempts so far, at least 1.</param>
    /// <param name="chance">Between 0 and 1.</param>
    public TimeSpan Delay(int attempts, double chance)
    {
        return TimeSpan.FromSeconds(Math.Max(Shortest.TotalSeconds, Bound(attempts).TotalSeconds * chance));
    }

    /// <summary>The longest that a delay can be.</summary>
    /// <param name="attempts">Attempts so far, at least 1.</param>
    public TimeSpan Bound(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, 40))));
}
