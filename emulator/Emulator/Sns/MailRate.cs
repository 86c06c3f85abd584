namespace Disa.Emulator.Sns;

/// <summary>AWS delivers at most 10 mails a second for an account: each mail gets its slot, a second's worth may go at once.</summary>
internal sealed class MailRate
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(900);

    private readonly Lock gate = new();
    private readonly Dictionary<string, DateTimeOffset> next = new(StringComparer.Ordinal);

    /// <summary>When this mail may go: now, or later.</summary>
    public DateTimeOffset Slot(string account, DateTimeOffset now)
    {
        lock (gate)
        {
            var earliest = next.TryGetValue(account, out var time) && time > now - Burst ? time : now - Burst;
            next[account] = earliest + Interval;
            return earliest > now ? earliest : now;
        }
    }
}
