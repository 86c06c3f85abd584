using System.Globalization;

namespace Disa.Functions.Retry;

/// <summary>The audit on a schedule: its number becomes a metric, its findings log lines.</summary>
public sealed class AuditRun(Audit audit, TimeSpan olderThan, string stack, Log log, TimeProvider time)
{
    public const string Source = "disa.audit";

    /// <summary>Below the 60 s that the function has: the rest is for the record and the report.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(45);

    private const int Logged = 20;

    public async Task<AuditReport> RunAsync(RetryEvent input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var clock = new EventClock(Instant.TryParse(input.Time, out var at) ? at : null, time);
        var start = clock.Now;
        var report = await audit.RunAsync(start, olderThan, () => clock.Now - start > AtMost, cancellation).ConfigureAwait(false);
        foreach (var finding in report.Findings.Take(Logged))
        {
            log.Write("error", "Unaccounted for.", ("id", finding.Id), ("kind", finding.Kind), ("why", finding.Why));
        }

        log.Write(
            report.Unaccounted > 0 ? "error" : report.Complete ? "info" : "warn", report.Complete ? "Audited." : "Audited a part: the table is too large for one call.",
            ("total", report.Total.ToString(CultureInfo.InvariantCulture)), ("unaccounted", report.Unaccounted.ToString(CultureInfo.InvariantCulture)),
            ("states", string.Join(' ', report.States.Select(pair => $"{pair.Key}={pair.Value.ToString(CultureInfo.InvariantCulture)}"))));
        log.Measure(stack, start, ("Unaccounted", "Count", report.Unaccounted), ("Parked", "Count", report.States.GetValueOrDefault("Parked")));
        return report with { Findings = [.. report.Findings.Take(Logged)] };
    }
}
