using System.Collections.Concurrent;
using Disa.Emulator.Time;

namespace Disa.Emulator.Http;

/// <summary>
/// When presigned URLs were signed, by the emulator's clock: their signers looked at real time, which names the second only. The first use
/// tells whether a clock that was moved in that second was moved before.
/// </summary>
internal sealed class PresignedUrls(Clock clock)
{
    private const int Most = 1000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> firstUses = new(StringComparer.Ordinal);

    /// <param name="signature">Of the URL.</param>
    /// <param name="date">Its X-Amz-Date.</param>
    public DateTimeOffset Signed(string signature, DateTimeOffset date)
    {
        var now = clock.Wall.GetUtcNow();
        if (date > now)
        {
            // By the emulator's clock already.
            return date;
        }

        if (now - date < Second && firstUses.Count < Most)
        {
            firstUses.TryAdd(signature, now);
        }
        else if (firstUses.Count >= Most)
        {
            firstUses.Clear();
        }

        var latest = date + Second;
        var moment =
            firstUses.TryGetValue(signature, out var used) && used < latest ? used
            : latest < now ? latest
            : now;
        return date + (clock.Shown(moment) - moment);
    }
}
