using System.Runtime.InteropServices;

namespace Disa.Emulator.Aws;

/// <summary>What a service publishes about one of its resources: a metric of a namespace <c>AWS/…</c> with one dimension.</summary>
/// <param name="Scope">The resource's account and Region.</param>
/// <param name="Namespace">Such as <c>AWS/SNS</c>.</param>
/// <param name="Name">Such as <c>NumberOfMessagesPublished</c>.</param>
/// <param name="Dimension">Such as <c>TopicName</c>.</param>
/// <param name="Resource">The dimension's value.</param>
/// <param name="Unit">One of CloudWatch's units.</param>
public readonly record struct ServiceMetric(
    Scope Scope,
    string Namespace,
    string Name,
    string Dimension,
    string Resource,
    string Unit = "Count"
);

/// <summary>The values of one metric in one minute.</summary>
/// <param name="Metric">Whose.</param>
/// <param name="Minute">Where the minute starts.</param>
/// <param name="Values">Each value with how often it came.</param>
public sealed record ServiceMetricMinute(ServiceMetric Metric, DateTimeOffset Minute, IReadOnlyDictionary<double, double> Values);

/// <summary>How much of something a resource has now: sampled every five minutes, for as long as there is any.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Value">Its value.</param>
public sealed record Gauge(ServiceMetric Metric, double Value);

/// <summary>Gathers what services publish about themselves, in memory and by the minute: an addition for each value. A killed emulator loses the last minute.</summary>
public sealed class ServiceMetrics(TimeProvider clock)
{
    private readonly Lock gate = new();
    private Dictionary<(ServiceMetric Metric, long Minute), Dictionary<double, double>> gathered = [];

    /// <summary>Called with the first value after all were taken.</summary>
    public Action Began { get; set; } = () => { };

    public void Add(ServiceMetric metric, double value = 1, double count = 1)
    {
        var minute = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        bool first;
        lock (gate)
        {
            first = gathered.Count == 0;
            ref var values = ref CollectionsMarshal.GetValueRefOrAddDefault(gathered, (metric, minute), out _);
            values ??= [];
            CollectionsMarshal.GetValueRefOrAddDefault(values, value, out _) += count;
        }

        if (first)
        {
            Began();
        }
    }

    /// <summary>Whether there is anything that was not taken.</summary>
    public bool HasAny
    {
        get
        {
            lock (gate)
            {
                return gathered.Count > 0;
            }
        }
    }

    /// <summary>Drops what was gathered for an account.</summary>
    public void Reset(string account)
    {
        lock (gate)
        {
            gathered = gathered.Where(entry => entry.Key.Metric.Scope.Account != account).ToDictionary();
        }
    }

    /// <summary>Takes the minutes that are over.</summary>
    public IReadOnlyList<ServiceMetricMinute> Take()
    {
        var current = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        Dictionary<(ServiceMetric Metric, long Minute), Dictionary<double, double>> taken;
        lock (gate)
        {
            taken = gathered;
            gathered = taken.Where(entry => entry.Key.Minute >= current).ToDictionary();
        }

        return
        [
            .. taken
                .Where(entry => entry.Key.Minute < current)
                .Select(entry => new ServiceMetricMinute(
                    entry.Key.Metric,
                    DateTimeOffset.FromUnixTimeSeconds(entry.Key.Minute * 60),
                    entry.Value
                )),
        ];
    }
}
