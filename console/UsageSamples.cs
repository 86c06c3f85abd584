using Disa.Operations.Cost;

namespace Disa.WebConsole;

/// <summary>What the emulator had counted when someone looked, for two minutes of its clock: a rate is the difference to a minute ago.</summary>
internal sealed class UsageSamples
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly List<(DateTimeOffset At, Usage Usage)> samples = [];

    public void Add(DateTimeOffset at, Usage usage)
    {
        lock (gate)
        {
            if (samples.Count > 0 && (samples[^1].Usage.Since != usage.Since || samples[^1].At > at))
            {
                samples.Clear(); // Counting began again.
            }

            if (samples.Count > 1 && at - samples[^2].At < Apart)
            {
                samples.RemoveAt(samples.Count - 1);
            }

            samples.Add((at, usage));
            while (samples.Count > 1 && samples[1].At <= at - Kept)
            {
                samples.RemoveAt(0);
            }
        }
    }

    /// <summary>How many of a unit were used, and how many a minute; the rate is null where nobody looked before.</summary>
    public (double Total, double? PerMinute) Of(string service, string unit, string? resource = null)
    {
        lock (gate)
        {
            if (samples.Count == 0)
            {
                return (0, null);
            }

            var (now, latest) = samples[^1];
            var total = Sum(latest, service, unit, resource);
            var first = samples.LastOrDefault(sample => sample.At <= now - Window);
            first = first.Usage is null ? samples[0] : first;
            var minutes = (now - first.At).TotalMinutes;
            return (total, minutes <= 0 ? null : (total - Sum(first.Usage, service, unit, resource)) / Math.Max(minutes, 1));
        }
    }

    private static double Sum(Usage usage, string service, string unit, string? resource) =>
        usage
            .Lines.Where(line => line.Service == service && line.Unit == unit && (resource is null || line.Resource == resource))
            .Sum(line => line.Amount);
}
