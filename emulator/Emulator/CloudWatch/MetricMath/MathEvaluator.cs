namespace Disa.Emulator.CloudWatch.MetricMath;

/// <summary>Evaluates an expression over the results of the other queries.</summary>
/// <remarks>Two series meet at the timestamps that both have: a period in which one has no value has no result, which is what FILL is for.</remarks>
internal sealed class MathEvaluator(Func<string, MathValue> find, Func<string, IReadOnlyList<Series>> metrics, MathRange range)
{
    /// <summary>Metrics and expressions of one request (API reference, GetMetricData).</summary>
    private const int MostSeries = 500;

    public MathValue Run(MathNode node) =>
        node switch
        {
            Number number => new Scalar(number.Value),
            Text text => new Word(text.Value),
            Reference reference => find(reference.Id),
            Negation negation => Map(Run(negation.Operand), value => -value),
            Binary binary => Combine(binary.Operator, Run(binary.Left), Run(binary.Right)),
            ArrayOf array => Gather(array),
            Call { IsWord: true } word => new Word(word.Function),
            Call { Function: "METRICS" } call => Metrics(call),
            Call { Function: "IF" } call => MathChoice.If([.. call.Arguments.Select(Run)]),
            Call call => MathFunctions.Run(call.Function, [.. call.Arguments.Select(Run)], range),
            _ => throw new MathException("It cannot be evaluated."),
        };

    private SeriesArray Gather(ArrayOf array)
    {
        var members = array.Members.Select(Run).SelectMany(Members).Take(MostSeries + 1).ToList();
        return members.Count <= MostSeries
            ? new SeriesArray(members)
            : throw new MathException($"An array can hold at most {MostSeries} time series.");
    }

    private SeriesArray Metrics(Call call) =>
        call.Arguments switch
        {
            [] => new(metrics("")),
            [Text part] => new(metrics(part.Value)),
            _ => throw new MathException("METRICS takes nothing or one text."),
        };

    private static IEnumerable<Series> Members(MathValue value) =>
        value switch
        {
            Series series => [series],
            SeriesArray array => array.Members,
            _ => throw new MathException("An array holds time series only."),
        };

    private static MathValue Map(MathValue value, Func<double, double> change) =>
        value switch
        {
            Scalar scalar => new Scalar(change(scalar.Value)),
            Series series => series.Each(change),
            SeriesArray array => new SeriesArray([.. array.Members.Select(member => member.Each(change))]),
            _ => throw new MathException("A text is not a number."),
        };

    private static MathValue Combine(string sign, MathValue left, MathValue right)
    {
        var apply = Operator(sign);
        return (left, right) switch
        {
            (Scalar a, Scalar b) => new Scalar(apply(a.Value, b.Value)),
            (_, Scalar b) => Map(left, a => apply(a, b.Value)),
            (Scalar a, _) => Map(right, b => apply(a.Value, b)),
            (Series a, Series b) => Pair(a, b, apply),
            (SeriesArray a, Series b) => new SeriesArray([.. a.Members.Select(member => Pair(member, b, apply))]),
            (Series a, SeriesArray b) => new SeriesArray([
                .. b.Members.Select(member => Pair(a, member, apply) with { Label = member.Label }),
            ]),
            _ => throw new MathException($"The operator {sign} does not take two arrays or a text."),
        };
    }

    private static Series Pair(Series left, Series right, Func<double, double, double> apply)
    {
        var other = right.ByTime();
        return left.With(
            left.Points.Where(point => other.ContainsKey(point.Time)).Select(point => (point.Time, apply(point.Value, other[point.Time])))
        ) with
        {
            Period = Math.Max(left.Period, right.Period),
        };
    }

    private static Func<double, double, double> Operator(string sign) =>
        sign switch
        {
            "+" => (a, b) => a + b,
            "-" => (a, b) => a - b,
            "*" => (a, b) => a * b,
            "/" => (a, b) => a / b,
            "^" => Math.Pow,
            "==" => (a, b) => Bit(a.Equals(b)),
            "!=" => (a, b) => Bit(!a.Equals(b)),
            "<" => (a, b) => Bit(a < b),
            "<=" => (a, b) => Bit(a <= b),
            ">" => (a, b) => Bit(a > b),
            ">=" => (a, b) => Bit(a >= b),
            "AND" or "&&" => (a, b) => Bit(a != 0 && b != 0),
            _ => (a, b) => Bit(a != 0 || b != 0),
        };

    private static double Bit(bool value) => value ? 1 : 0;
}
