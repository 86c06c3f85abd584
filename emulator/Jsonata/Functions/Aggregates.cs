using Disa.Jsonata.Values;

namespace Disa.Jsonata.Functions;

/// <summary>One number of many.</summary>
internal static class Aggregates
{
    public static Value? Sum(Call call, Value?[] arguments) =>
        Numbers(arguments) is { } numbers ? new NumberValue(numbers.Aggregate(0.0, (sum, number) => sum + number)) : null;

    public static Value? Count(Call call, Value?[] arguments) => new NumberValue(arguments.Array(0)?.Count ?? 0);

    public static Value? Max(Call call, Value?[] arguments) => Any(arguments) is { } numbers ? new NumberValue(numbers.Max()) : null;

    public static Value? Min(Call call, Value?[] arguments) => Any(arguments) is { } numbers ? new NumberValue(numbers.Min()) : null;

    public static Value? Average(Call call, Value?[] arguments) =>
        Any(arguments) is { } numbers ? new NumberValue(numbers.Sum() / arguments.Array(0)!.Count) : null;

    private static IEnumerable<double>? Numbers(Value?[] arguments) =>
        arguments.Array(0)?.Select(item => item is NumberValue number ? number.Value : double.NaN);

    private static IEnumerable<double>? Any(Value?[] arguments) => arguments.Array(0) is { Count: > 0 } ? Numbers(arguments) : null;
}
