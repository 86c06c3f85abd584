using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudWatch;

public sealed record PutMetricDataRequest(string? Namespace, List<MetricDatum>? MetricData);

public sealed record MetricDatum(
    string? MetricName,
    List<Dimension>? Dimensions,
    DateTimeOffset? Timestamp,
    double? Value,
    StatisticSet? StatisticValues,
    List<double>? Values,
    List<double>? Counts,
    string? Unit,
    int? StorageResolution
);

public sealed record StatisticSet(double? SampleCount, double? Sum, double? Minimum, double? Maximum);

/// <summary>Takes metric values in: single ones, arrays with counts, or statistic sets.</summary>
internal sealed class PutMetricData(MetricSink sink, Clock clock)
{
    private const int DatumLimit = 1000;
    private const int ValueLimit = 150;
    private const double Greatest = 1.7976931348623157e308;

    /// <summary>Values outside are refused (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html).</summary>
    private static readonly TimeSpan OldestAge = TimeSpan.FromDays(14);
    private static readonly TimeSpan FurthestAhead = TimeSpan.FromHours(2);

    internal static readonly string[] Units =
    [
        "Seconds",
        "Microseconds",
        "Milliseconds",
        "Bytes",
        "Kilobytes",
        "Megabytes",
        "Gigabytes",
        "Terabytes",
        "Bits",
        "Kilobits",
        "Megabits",
        "Gigabits",
        "Terabits",
        "Percent",
        "Count",
        "Bytes/Second",
        "Kilobytes/Second",
        "Megabytes/Second",
        "Gigabytes/Second",
        "Terabytes/Second",
        "Bits/Second",
        "Kilobits/Second",
        "Megabits/Second",
        "Gigabits/Second",
        "Terabits/Second",
        "Count/Second",
        "None",
    ];

    public Task Run(PutMetricDataRequest request, Caller caller, CancellationToken cancellation)
    {
        var ns = Namespace(request.Namespace);
        if (request.MetricData is not { Count: > 0 } data)
        {
            throw CloudWatchErrors.Missing("MetricData");
        }

        if (data.Count > DatumLimit)
        {
            throw CloudWatchErrors.InvalidValue($"The collection MetricData must not have a size greater than {DatumLimit}.");
        }

        return sink.Put(caller.Scope, ns, data.Select((datum, i) => Sample(datum, $"MetricData.member.{i + 1}")).ToList());
    }

    private static string Namespace(string? ns)
    {
        if (string.IsNullOrEmpty(ns))
        {
            throw CloudWatchErrors.Missing("Namespace");
        }

        if (ns.Length > 255 || ns[0] == ':' || ns.StartsWith("AWS/", StringComparison.Ordinal) || ns.Any(char.IsControl))
        {
            throw CloudWatchErrors.InvalidValue($"The value {ns} for parameter Namespace is invalid.");
        }

        return ns;
    }

    private MetricSample Sample(MetricDatum datum, string path)
    {
        if (string.IsNullOrEmpty(datum.MetricName))
        {
            throw CloudWatchErrors.Missing($"{path}.MetricName");
        }

        if (datum.MetricName.Length > 255)
        {
            throw CloudWatchErrors.InvalidValue($"The value {datum.MetricName} for parameter {path}.MetricName is invalid.");
        }

        var now = clock.GetUtcNow();
        var timestamp = datum.Timestamp ?? now;
        if (timestamp < now - OldestAge)
        {
            throw CloudWatchErrors.InvalidValue($"The parameter {path}.Timestamp must specify a time within the past two weeks.");
        }

        if (timestamp > now + FurthestAhead)
        {
            throw CloudWatchErrors.InvalidValue(
                $"The parameter {path}.Timestamp must specify a time no more than two hours in the future."
            );
        }

        if (datum.StorageResolution is not (null or 1 or 60))
        {
            throw CloudWatchErrors.InvalidValue(
                $"The value {datum.StorageResolution} for parameter {path}.StorageResolution is invalid. Valid values are 1 and 60."
            );
        }

        if (datum.Unit is not null && !Units.Contains(datum.Unit))
        {
            throw CloudWatchErrors.InvalidValue($"The parameter {path}.Unit must be a value in the set [ {string.Join(", ", Units)} ].");
        }

        return new MetricSample(
            datum.MetricName,
            Dimension.Key(Dimension.Check(datum.Dimensions, $"{path}.Dimensions")),
            timestamp,
            datum.Unit ?? "None",
            datum.StorageResolution ?? 60,
            Values(datum, path)
        );
    }

    private static Aggregate Values(MetricDatum datum, string path)
    {
        Exclude(datum.Value is not null, "Value", datum.StatisticValues is not null, "StatisticValues", path);
        Exclude(datum.Value is not null, "Value", datum.Values is not null, "Values", path);
        Exclude(datum.StatisticValues is not null, "StatisticValues", datum.Counts is not null, "Counts", path);
        if (datum.Value is { } value)
        {
            return Aggregate.Of(Finite(value, $"{path}.Value"), 1);
        }

        if (datum.StatisticValues is { } set)
        {
            var count = Finite(set.SampleCount, $"{path}.StatisticValues.SampleCount");
            var aggregate = Aggregate.OfSet(
                count,
                Finite(set.Sum, $"{path}.StatisticValues.Sum"),
                Finite(set.Minimum, $"{path}.StatisticValues.Minimum"),
                Finite(set.Maximum, $"{path}.StatisticValues.Maximum")
            );
            return aggregate.Minimum > aggregate.Maximum
                ? throw CloudWatchErrors.InvalidCombination(
                    $"The parameter {path}.StatisticValues.Minimum must be less than or equal to {path}.StatisticValues.Maximum."
                )
                : aggregate;
        }

        if (datum.Values is not { Count: > 0 } values)
        {
            throw CloudWatchErrors.Missing($"{path}.Value");
        }

        if (values.Count > ValueLimit)
        {
            throw CloudWatchErrors.InvalidValue($"The collection {path}.Values must not have a size greater than {ValueLimit}.");
        }

        if (datum.Counts is { } counts && counts.Count != values.Count)
        {
            throw CloudWatchErrors.InvalidValue($"The parameters {path}.Values and {path}.Counts must be of the same size.");
        }

        return Aggregate.Total(
            values.Select(
                (each, i) =>
                    Aggregate.Of(
                        Finite(each, $"{path}.Values.member.{i + 1}"),
                        datum.Counts is { } given ? Finite(given[i], $"{path}.Counts.member.{i + 1}") : 1
                    )
            )
        )!;
    }

    private static void Exclude(bool one, string oneName, bool other, string otherName, string path)
    {
        if (one && other)
        {
            throw CloudWatchErrors.InvalidCombination(
                $"The parameters {path}.{oneName} and {path}.{otherName} are mutually exclusive and you have specified both."
            );
        }
    }

    private static double Finite(double? value, string path) =>
        value switch
        {
            null => throw CloudWatchErrors.Missing(path),
            { } number when !double.IsFinite(number) || Math.Abs(number) > Greatest => throw CloudWatchErrors.InvalidValue(
                $"The value {number.ToString(CultureInfo.InvariantCulture)} for parameter {path} is invalid."
            ),
            { } number => number,
        };
}
