using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Extensions.Logging;

namespace Disa.Emulator.CloudWatch;

/// <summary>Stores what services publish about themselves, a minute at a time; idle while nothing happens and nothing waits in a queue.</summary>
internal sealed class ServiceMetricsWorker : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMinutes(5);

    private readonly Database database;
    private readonly ServiceMetrics metrics;
    private readonly Func<Transaction, IReadOnlyList<Gauge>> sample;
    private readonly Clock clock;
    private readonly Worker worker;
    private HashSet<ServiceMetric> sampled = [];
    private DateTimeOffset lastSample;

    public ServiceMetricsWorker(
        Database database,
        ServiceMetrics metrics,
        Func<Transaction, IReadOnlyList<Gauge>> sample,
        Clock clock,
        ILogger logger
    )
    {
        (this.database, this.metrics, this.sample, this.clock) = (database, metrics, sample, clock);
        worker = new Worker("service metrics", clock, logger, Step);
    }

    public void Start()
    {
        lastSample = Floor(clock.GetUtcNow(), SampleEvery);
        metrics.Began = worker.Signal;
        worker.Start();
    }

    public ValueTask DisposeAsync() => worker.DisposeAsync();

    private async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var taken = metrics.Take();
        var due = Floor(now, SampleEvery);
        var gauges = due > lastSample || taken.Count > 0 ? database.Read(sample) : [];
        var points = taken.Select(Point).ToList();
        if (due > lastSample)
        {
            lastSample = due;

            // What has become empty says so once.
            points.AddRange(gauges.Select(gauge => Point(gauge.Metric, due - SampleEvery, gauge.Value)));
            points.AddRange(sampled.Except(gauges.Select(gauge => gauge.Metric)).Select(metric => Point(metric, due - SampleEvery, 0)));
            sampled = [.. gauges.Select(gauge => gauge.Metric)];
        }

        if (points.Count > 0)
        {
            await database
                .Write(transaction =>
                {
                    foreach (var group in points.GroupBy(point => (point.Scope, point.Namespace)))
                    {
                        MetricStore.Add(transaction, group.Key.Scope, group.Key.Namespace, [.. group.Select(point => point.Sample)]);
                    }
                })
                .ConfigureAwait(false);
        }

        return metrics.HasAny ? Floor(now, Minute) + Minute
            : gauges.Count > 0 || sampled.Count > 0 ? due + SampleEvery
            : null;
    }

    private static (Scope Scope, string Namespace, MetricSample Sample) Point(ServiceMetricMinute minute) =>
        (minute.Metric.Scope, minute.Metric.Namespace, Sample(minute.Metric, minute.Minute, Aggregate.Of(minute.Values)));

    private static (Scope Scope, string Namespace, MetricSample Sample) Point(ServiceMetric metric, DateTimeOffset at, double value) =>
        (metric.Scope, metric.Namespace, Sample(metric, at, Aggregate.Of(value, 1)));

    private static MetricSample Sample(ServiceMetric metric, DateTimeOffset at, Aggregate values) =>
        new(metric.Name, Dimension.Key([new(metric.Dimension, metric.Resource)]), at, metric.Unit, 60, values);

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan span) => new(time.UtcTicks / span.Ticks * span.Ticks, TimeSpan.Zero);
}
