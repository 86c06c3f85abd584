using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudWatch;
using Disa.Emulator.Faults;
using Disa.Jsonata;

namespace Disa.Emulator.Logs;

/// <summary>A value that a log line carries for CloudWatch.</summary>
internal sealed record EmbeddedMetric(string Namespace, MetricPoint Point);

/// <summary>
/// The embedded metric format: a JSON line whose <c>_aws.CloudWatchMetrics</c> says which of its members are metrics. What is not
/// valid is not a metric, without an error, as on AWS.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
/// </summary>
internal sealed class EmbeddedMetrics(MetricSink sink, FaultPlan faults)
{
    private const int MetricsOfDirective = 100;
    private const int DimensionsOfSet = 30;
    private const int ValuesOfMetric = 100;

    public async Task Send(Scope scope, IEnumerable<string> messages)
    {
        foreach (var ns in messages.SelectMany(Kept).GroupBy(metric => metric.Namespace))
        {
            await sink.Put(scope, ns.Key, [.. ns.Select(metric => metric.Point)]).ConfigureAwait(false);
        }
    }

    private IReadOnlyList<EmbeddedMetric> Kept(string message) =>
        Extract(message) is { Count: > 0 } found && !faults.LosesMetrics() ? found : [];

    public static IReadOnlyList<EmbeddedMetric> Extract(string message)
    {
        if (!message.Contains("\"CloudWatchMetrics\"", StringComparison.Ordinal) || !message.AsSpan().TrimStart().StartsWith("{"))
        {
            return [];
        }

        JsonDocument document;
        try
        {
            document = JsonInput.Document(message);
        }
        catch (JsonException)
        {
            return [];
        }

        using (document)
        {
            var root = document.RootElement;
            if (
                !root.TryGetProperty("_aws", out var aws)
                || aws.ValueKind != JsonValueKind.Object
                || !aws.TryGetProperty("CloudWatchMetrics", out var directives)
                || directives.ValueKind != JsonValueKind.Array
                || !aws.TryGetProperty("Timestamp", out var timestamp)
                || !timestamp.TryGetInt64Number(out var milliseconds)
            )
            {
                return [];
            }

            var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            return directives.EnumerateArray().SelectMany(directive => Read(directive, root, time)).ToList();
        }
    }

    private static List<EmbeddedMetric> Read(JsonElement directive, JsonElement root, DateTimeOffset time)
    {
        var found = new List<EmbeddedMetric>();
        if (
            directive.ValueKind != JsonValueKind.Object
            || Text(directive, "Namespace") is not { Length: > 0 } ns
            || !directive.TryGetProperty("Metrics", out var metrics)
            || metrics.ValueKind != JsonValueKind.Array
            || metrics.GetArrayLength() > MetricsOfDirective
        )
        {
            return found;
        }

        var sets = DimensionSets(directive, root);
        foreach (var metric in metrics.EnumerateArray())
        {
            if (
                metric.ValueKind != JsonValueKind.Object
                || Text(metric, "Name") is not { Length: > 0 } name
                || !root.TryGetProperty(name, out var value)
            )
            {
                continue;
            }

            var unit = Text(metric, "Unit") ?? "None";
            var resolution =
                metric.TryGetProperty("StorageResolution", out var storage) && storage.TryGetInt64Number(out var seconds) && seconds == 1
                    ? 1
                    : 60;
            foreach (var number in Numbers(value))
            {
                found.AddRange(sets.Select(set => new EmbeddedMetric(ns, new MetricPoint(name, set, time, number, unit, resolution))));
            }
        }

        return found;
    }

    /// <summary>Each set of dimensions is a metric of its own; none at all is one metric without dimensions.</summary>
    private static List<IReadOnlyList<KeyValuePair<string, string>>> DimensionSets(JsonElement directive, JsonElement root)
    {
        if (!directive.TryGetProperty("Dimensions", out var sets) || sets.ValueKind != JsonValueKind.Array || sets.GetArrayLength() == 0)
        {
            return
            [
                [],
            ];
        }

        var found = new List<IReadOnlyList<KeyValuePair<string, string>>>();
        foreach (
            var set in sets.EnumerateArray().Where(set => set.ValueKind == JsonValueKind.Array && set.GetArrayLength() <= DimensionsOfSet)
        )
        {
            var dimensions = new List<KeyValuePair<string, string>>();
            foreach (var key in set.EnumerateArray())
            {
                if (key.ValueKind == JsonValueKind.String && Text(root, key.GetString()!) is { Length: > 0 } value)
                {
                    dimensions.Add(new(key.GetString()!, value));
                }
            }

            // A set that names a member which is not there, or no string, is no metric.
            if (dimensions.Count == set.GetArrayLength())
            {
                found.Add(dimensions);
            }
        }

        return found;
    }

    private static List<double> Numbers(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => [value.GetDouble()],
            JsonValueKind.Array
                when value.GetArrayLength() <= ValuesOfMetric
                    && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number) =>
            [
                .. value.EnumerateArray().Select(item => item.GetDouble()),
            ],
            _ => [],
        };

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

internal static class JsonNumbers
{
    /// <summary>A whole number, whichever way it is written.</summary>
    public static bool TryGetInt64Number(this JsonElement json, out long number)
    {
        number = 0;
        if (json.ValueKind != JsonValueKind.Number || !json.TryGetDouble(out var value) || Math.Abs(value) > 1e15)
        {
            return false;
        }

        number = (long)value;
        return true;
    }
}
