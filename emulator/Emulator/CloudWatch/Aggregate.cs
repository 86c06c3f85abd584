using System.Buffers.Binary;

namespace Disa.Emulator.CloudWatch;

/// <summary>What is kept of the values in one stretch of time: enough for every statistic.</summary>
/// <param name="Spread">Each distinct value with how often it came, ascending; null where statistic sets hid the values, and with them percentiles.</param>
internal sealed record Aggregate(
    double Count,
    double Sum,
    double Minimum,
    double Maximum,
    IReadOnlyList<(double Value, double Count)>? Spread
)
{
    /// <summary>From here on, values that differ in their fourth digit only are kept as one.</summary>
    private const int FinestSpread = 1000;

    public static Aggregate Of(double value, double count) => new(count, value * count, value, value, [(value, count)]);

    /// <summary>Of many values at once, each with how often it came; not empty.</summary>
    public static Aggregate Of(IReadOnlyDictionary<double, double> values)
    {
        var coarse = values.Count > FinestSpread;
        var spread = new SortedDictionary<double, double>();
        foreach (var (value, count) in values)
        {
            var key = coarse ? ThreeDigits(value) : value;
            spread[key] = spread.GetValueOrDefault(key) + count;
        }

        return new(
            values.Values.Sum(),
            values.Sum(pair => pair.Key * pair.Value),
            values.Keys.Min(),
            values.Keys.Max(),
            [.. spread.Select(pair => (pair.Key, pair.Value))]
        );
    }

    public static Aggregate OfSet(double sampleCount, double sum, double minimum, double maximum) =>
        new(sampleCount, sum, minimum, maximum, minimum.Equals(maximum) ? [(minimum, sampleCount)] : null);

    public Aggregate Add(Aggregate other) =>
        new(
            Count + other.Count,
            Sum + other.Sum,
            Math.Min(Minimum, other.Minimum),
            Math.Max(Maximum, other.Maximum),
            Spread is null || other.Spread is null ? null : Merge(Spread, other.Spread)
        );

    public static Aggregate? Total(IEnumerable<Aggregate> parts)
    {
        Aggregate? total = null;
        foreach (var part in parts)
        {
            total = total is null ? part : total.Add(part);
        }

        return total;
    }

    /// <summary>The spread as bytes for the store: pairs of doubles.</summary>
    public byte[]? Pack()
    {
        if (Spread is null)
        {
            return null;
        }

        var bytes = new byte[Spread.Count * 16];
        for (var i = 0; i < Spread.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * 16), Spread[i].Value);
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan((i * 16) + 8), Spread[i].Count);
        }

        return bytes;
    }

    public static IReadOnlyList<(double, double)>? Unpack(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        var pairs = new (double, double)[bytes.Length / 16];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (
                BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * 16)),
                BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan((i * 16) + 8))
            );
        }

        return pairs;
    }

    private static List<(double, double)> Merge(
        IReadOnlyList<(double Value, double Count)> left,
        IReadOnlyList<(double Value, double Count)> right
    )
    {
        var coarse = left.Count + right.Count > FinestSpread;
        var merged = new SortedDictionary<double, double>();
        foreach (var (value, count) in left.Concat(right))
        {
            var key = coarse ? ThreeDigits(value) : value;
            merged[key] = merged.GetValueOrDefault(key) + count;
        }

        return merged.Select(pair => (pair.Key, pair.Value)).ToList();
    }

    private static double ThreeDigits(double value)
    {
        if (value == 0)
        {
            return 0;
        }

        var scale = Math.Pow(10, 2 - Math.Floor(Math.Log10(Math.Abs(value))));
        return double.IsFinite(scale) ? Math.Round(value * scale) / scale : value;
    }
}
