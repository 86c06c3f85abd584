namespace Disa.Emulator.Sns;

/// <summary>
/// Spaces what a subscription receives, by its <c>maxReceivesPerSecond</c>: "the maximum number of deliveries per second, per subscription".
/// </summary>
/// <remarks>https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html. In memory: a restart forgets a second.</remarks>
internal sealed class ReceiveRate
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, List<DateTimeOffset>> taken = new(StringComparer.Ordinal);

    /// <summary>Takes the next time at which one more delivery is within the rate: now, or later.</summary>
    public DateTimeOffset Take(string subscriptionArn, int perSecond, DateTimeOffset now)
    {
        lock (gate)
        {
            if (!taken.TryGetValue(subscriptionArn, out var times))
            {
                taken.Add(subscriptionArn, times = []);
            }

            times.RemoveAll(time => time <= now - Second);
            var next = times.Count < perSecond ? now : times[^perSecond] + Second;
            next = next > now ? next : now;
            times.Add(next);
            return next;
        }
    }
}
