using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>One value of a metric, as other rooms publish it.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Dimensions">Its identity besides the name; order does not matter.</param>
/// <param name="Timestamp">When it was measured.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Unit">One of CloudWatch's units; None where there is none.</param>
/// <param name="StorageResolution">1 keeps seconds, 60 minutes.</param>
/// <param name="Count">How often the value came.</param>
public sealed record MetricPoint(
    string Name,
    IReadOnlyList<KeyValuePair<string, string>> Dimensions,
    DateTimeOffset Timestamp,
    double Value,
    string Unit,
    int StorageResolution,
    double Count = 1
);

/// <summary>Where metric values come in, from PutMetricData, from log lines and from the other rooms; built before the rooms, because many write to it.</summary>
public sealed class MetricSink(Database database)
{
    /// <summary>Durable once the task completes.</summary>
    public Task Put(Scope scope, string ns, IReadOnlyList<MetricPoint> points) =>
        Put(
            scope,
            ns,
            points
                .Select(point => new MetricSample(
                    point.Name,
                    Dimension.Key(point.Dimensions.Select(pair => new Dimension(pair.Key, pair.Value))),
                    point.Timestamp,
                    point.Unit,
                    point.StorageResolution,
                    Aggregate.Of(point.Value, point.Count)
                ))
                .ToList()
        );

    internal Task Put(Scope scope, string ns, IReadOnlyList<MetricSample> samples) =>
        samples.Count == 0 ? Task.CompletedTask : database.Write(transaction => MetricStore.Add(transaction, scope, ns, samples));
}

/// <summary>What PutMetricData knows of one datum: the values of one metric at one time.</summary>
internal sealed record MetricSample(
    string Name,
    string Dimensions,
    DateTimeOffset Timestamp,
    string Unit,
    int Resolution,
    Aggregate Values
);
