using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Disa.Bench;

/// <summary>One figure: its runs, and the yardstick's runs beside it.</summary>
/// <param name="Part">flow, operations, start, functions, native, library or audit.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Values">A run each.</param>
/// <param name="Yardstick">What it is held against; null where there is nothing of its kind.</param>
/// <param name="YardstickValues">Measured in the same minute, a run each.</param>
/// <param name="Aim">What the ratio or the value should be, in words.</param>
internal sealed record Figure(
    string Part,
    string Name,
    string Unit,
    double[] Values,
    string? Yardstick = null,
    double[]? YardstickValues = null,
    string? Aim = null
)
{
    public double Median => MedianOf(Values);

    /// <summary>The median of the runs' ratios: each run against its own yardstick.</summary>
    public double? Ratio =>
        YardstickValues is { Length: > 0 } yard ? MedianOf([.. Values.Zip(yard, (value, length) => value / length)]) : null;

    public static double MedianOf(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>All of a run, as it is kept.</summary>
/// <param name="At">When.</param>
/// <param name="Commit">What was checked out; <c>+</c> at the end where files had changed since.</param>
/// <param name="Machine">Processors and memory.</param>
/// <param name="Figures">In the order in which they were measured.</param>
internal sealed record Run(DateTimeOffset At, string Commit, string Machine, IReadOnlyList<Figure> Figures);

/// <summary>A line of the history: medians and ratios by name.</summary>
internal sealed record HistoryLine(DateTimeOffset At, string Commit, string Machine, IReadOnlyDictionary<string, double?[]> MedianAndRatio);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals
)]
[JsonSerializable(typeof(Run))]
[JsonSerializable(typeof(HistoryLine))]
internal sealed partial class ReportJson : JsonSerializerContext;

/// <summary>Prints a run as a table, beside the last one on such a machine, and keeps it.</summary>
internal static class Report
{
    /// <summary>Adds a line to the history and keeps the raw numbers: <c>bench/history/history.jsonl</c>, <c>bench/history/raw/</c>.</summary>
    public static async Task Keep(Run run, string directory)
    {
        var raw = Directory.CreateDirectory(Path.Combine(directory, "raw")).FullName;
        await File.WriteAllBytesAsync(
                Path.Combine(raw, $"{run.At.UtcDateTime.ToString("yyyyMMdd-HHmm", CultureInfo.InvariantCulture)}.json"),
                JsonSerializer.SerializeToUtf8Bytes(run, ReportJson.Default.Run)
            )
            .ConfigureAwait(false);
        var line = new HistoryLine(
            run.At,
            run.Commit,
            run.Machine,
            run.Figures.ToDictionary(Key, figure => (double?[])[Round(figure.Median), Round(figure.Ratio)])
        );
        await File.AppendAllTextAsync(
                Path.Combine(directory, "history.jsonl"),
                JsonSerializer.Serialize(line, ReportJson.Default.HistoryLine) + "\n"
            )
            .ConfigureAwait(false);
    }

    /// <summary>The newest line of the history from such a machine that has a figure.</summary>
    public static IReadOnlyDictionary<string, double?[]> Last(string directory, string machine)
    {
        var file = Path.Combine(directory, "history.jsonl");
        var last = new Dictionary<string, double?[]>(StringComparer.Ordinal);
        foreach (var line in File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            if (JsonSerializer.Deserialize(line, ReportJson.Default.HistoryLine) is { } entry && entry.Machine == machine)
            {
                foreach (var (name, values) in entry.MedianAndRatio)
                {
                    last[name] = values;
                }
            }
        }

        return last;
    }

    /// <summary>One line: what, how much, against what, and how it was the last time.</summary>
    public static void Print(Figure figure, IReadOnlyDictionary<string, double?[]> last)
    {
        var before =
            last.TryGetValue(Key(figure), out var values) && values[0] is { } median
                ? $"  (before: {Show(median)}{(values[1] is { } old ? $", {Show(old)}x" : "")})"
                : "";
        var ratio = figure.Ratio is { } times ? $"  {Show(times), 7}x of {figure.Yardstick}" : "";
        var aim = figure.Aim is null ? "" : $"  [aim: {figure.Aim}]";
        Console.WriteLine($"{figure.Name, -58} {Show(figure.Median), 9} {figure.Unit, -6}{ratio}{aim}{before}");
    }

    private static string Key(Figure figure) => $"{figure.Part}/{figure.Name}" + (figure.Yardstick is null ? "" : "/" + figure.Yardstick);

    private static double? Round(double? value) =>
        value is { } number && double.IsFinite(number)
            ? double.Parse(number.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : null;

    private static string Show(double value) =>
        value.ToString(
            value switch
            {
                >= 100 => "N0",
                >= 10 => "0.0",
                >= 1 => "0.00",
                _ => "0.000",
            },
            CultureInfo.InvariantCulture
        );
}
