using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Disa.Functions.Retry;

/// <summary>
/// The audit on a schedule: goes on where the last run stopped, for as long as the function has time; what nobody would take up again is made
/// due, page by page. Numbers become metrics, and findings log lines.
/// </summary>
/// <remarks>
/// Natural key: the item as the audit saw it; what has changed since is left alone. Two runs at once read pages twice, and count them so;
/// they adopt nothing twice.
/// </remarks>
public sealed class AuditRun(
    AmazonDynamoDBClient client,
    string controlTable,
    Audit audit,
    DueAgain dueAgain,
    TableShape shape,
    TimeSpan olderThan,
    string stack,
    Log log,
    TimeProvider time
)
{
    public const string Source = "disa.audit";

    private const int Logged = 20;
    private const int AdoptedAtOnce = 8;
    private const int SegmentsAtOnce = 4;

    /// <summary>Below the 60 s that the function has: the rest is for the pages that were begun, the record and the report.</summary>
    public static readonly TimeSpan AtMost = TimeSpan.FromSeconds(40);

    /// <param name="input">The schedule's input.</param>
    /// <param name="cancellation">Ends the calls.</param>
    /// <param name="atMost">How long pages are begun; null for <see cref="AtMost"/>.</param>
    public async Task<AuditReport> RunAsync(RetryEvent input, CancellationToken cancellation, TimeSpan? atMost = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        var clock = new EventClock(Instant.TryParse(input.Time, out var at) ? at : null, time);
        var start = clock.Now;
        var pass = await AuditPass.ReadAsync(client, controlTable, start, cancellation).ConfigureAwait(false);
        var findings = new List<AuditFinding>();
        var adopted = 0;
        var gate = new Lock();
        var open = Enumerable.Range(0, AuditPass.Segments).Where(i => !pass.Done[i]);
        await Parallel
            .ForEachAsync(
                open,
                new ParallelOptions { MaxDegreeOfParallelism = SegmentsAtOnce, CancellationToken = cancellation },
                async (segment, token) =>
                {
                    while (!pass.Done[segment] && clock.Now - start < (atMost ?? AtMost))
                    {
                        var page = await audit
                            .PageAsync(pass.From[segment], (segment, AuditPass.Segments), start, olderThan, token)
                            .ConfigureAwait(false);
                        var taken = await AdoptAsync(page.Findings, clock, token).ConfigureAwait(false);
                        lock (gate)
                        {
                            pass.Count.Add(page.Count);
                            findings.AddRange(page.Findings.Take(Logged - findings.Count));
                            adopted += taken;
                        }

                        pass.From[segment] = page.Next;
                        pass.Done[segment] = page.Next is null;
                    }
                }
            )
            .ConfigureAwait(false);

        if (pass.IsDone)
        {
            pass.CompletedAt = start;
        }

        await pass.WriteAsync(client, controlTable, clock.Now, cancellation).ConfigureAwait(false);
        return Report(pass, findings, adopted, start);
    }

    private AuditReport Report(AuditPass pass, List<AuditFinding> findings, int adopted, DateTimeOffset now)
    {
        foreach (var finding in findings)
        {
            log.Write("error", "Unaccounted for.", ("id", finding.Id), ("kind", finding.Kind), ("why", finding.Why));
        }

        var count = pass.Count;
        log.Write(
            count.Unaccounted > 0 ? "error" : "info",
            pass.IsDone ? "Audited the table." : "Audited a part of the table; the next run goes on from there.",
            ("total", Text(count.Total)),
            ("unaccounted", Text(count.Unaccounted)),
            ("adopted", Text(adopted)),
            ("progress", pass.Progress.ToString("P0", CultureInfo.InvariantCulture)),
            ("states", string.Join(' ', count.States.Select(pair => $"{pair.Key}={Text(pair.Value)}")))
        );
        var measures = new List<Measure>
        {
            Measure.Count("Adopted", adopted),
            Measure.Level("AuditProgress", "Percent", Math.Round(100 * pass.Progress)),
            Measure.Level("AuditAge", "Seconds", Math.Round(pass.Age(now).TotalSeconds)),
            Measure.Level("Unaccounted", "Count", count.Unaccounted),
        };
        if (pass.IsDone)
        {
            measures.Add(Measure.Level("Parked", "Count", count.States.GetValueOrDefault("Parked")));
        }

        log.Measure(stack, now, measures);
        return new(
            Instant.Text(now),
            olderThan.TotalMinutes,
            pass.IsDone,
            count.Total,
            count.States,
            count.OldestDue is { } oldest && oldest < now ? (now - oldest).TotalSeconds : 0,
            count.Unaccounted,
            findings,
            Remembered: true,
            adopted,
            pass.Progress,
            pass.CompletedAt is { } completed ? Instant.Text(completed) : null
        );
    }

    /// <summary>What the stream lost, or an execution left behind, goes the way of everything else: the index, the breaker, a claim.</summary>
    private async Task<int> AdoptAsync(IReadOnlyList<AuditFinding> findings, EventClock clock, CancellationToken cancellation)
    {
        var adopted = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AdoptedAtOnce, CancellationToken = cancellation };
        await Parallel
            .ForEachAsync(
                findings.Where(finding => finding.Kind != "UnknownStatus"),
                parallel,
                async (finding, token) =>
                {
                    var key = ItemKey.Of(finding.Item, shape.KeyNames);
                    if (await dueAgain.MakeAsync(key, finding.Item, "Adopted", clock.Now, token).ConfigureAwait(false))
                    {
                        Interlocked.Increment(ref adopted);
                        log.Write("warn", "Adopted: it is due now.", ("id", finding.Id), ("kind", finding.Kind));
                    }
                }
            )
            .ConfigureAwait(false);
        return adopted;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
