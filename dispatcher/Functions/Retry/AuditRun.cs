using System.Globalization;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Retry;

/// <summary>The audit on a schedule: its number becomes a metric, its findings log lines, and what nobody would take up again is made due.</summary>
/// <remarks>Natural key: the item as the audit saw it; what has changed since is left alone.</remarks>
public sealed class AuditRun(Audit audit, DueAgain dueAgain, TableShape shape, TimeSpan olderThan, string stack, Log log, TimeProvider time)
{
    public const string Source = "disa.audit";

    /// <summary>Below the 60 s that the function has: the rest is for the record and the report.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(40);

    private const int Logged = 20;
    private const int AtOnce = 8;

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

        var adopted = await AdoptAsync(report.Findings, clock, cancellation).ConfigureAwait(false);
        log.Write(
            report.Unaccounted > 0 ? "error" : report.Complete ? "info" : "warn", report.Complete ? "Audited." : "Audited a part: the table is too large for one call.",
            ("total", report.Total.ToString(CultureInfo.InvariantCulture)), ("unaccounted", report.Unaccounted.ToString(CultureInfo.InvariantCulture)), ("adopted", adopted.ToString(CultureInfo.InvariantCulture)),
            ("states", string.Join(' ', report.States.Select(pair => $"{pair.Key}={pair.Value.ToString(CultureInfo.InvariantCulture)}"))));
        log.Measure(stack, start, Measure.Level("Unaccounted", "Count", report.Unaccounted), Measure.Count("Adopted", adopted),
            Measure.Level("Parked", "Count", report.States.GetValueOrDefault("Parked")));
        return report with { Findings = [.. report.Findings.Take(Logged)], Adopted = adopted };
    }

    /// <summary>What the stream lost, or an execution left behind, goes the way of everything else: the index, the breaker, a claim.</summary>
    private async Task<int> AdoptAsync(IReadOnlyList<AuditFinding> findings, EventClock clock, CancellationToken cancellation)
    {
        var adopted = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(findings.Where(finding => finding.Kind != "UnknownStatus"), parallel, async (finding, token) =>
        {
            var key = ItemKey.Of(finding.Item, shape.KeyNames);
            if (await dueAgain.MakeAsync(key, finding.Item, "Adopted", clock.Now, token).ConfigureAwait(false))
            {
                Interlocked.Increment(ref adopted);
                log.Write("warn", "Adopted: it is due now.", ("id", finding.Id), ("kind", finding.Kind));
            }
        }).ConfigureAwait(false);
        return adopted;
    }
}
