using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch.MetricMath;

/// <summary>The queries of one request or alarm: metrics are read, expressions evaluated, each once, in the order in which they need each other.</summary>
internal sealed class MetricQueries
{
    private const int DefaultPeriod = 60;

    private readonly Dictionary<string, MetricDataQuery> queries;
    private readonly Dictionary<string, MathNode> expressions;

    /// <exception cref="AwsException">A query is not as AWS takes it, or an expression cannot be read.</exception>
    public MetricQueries(IReadOnlyList<MetricDataQuery> given)
    {
        foreach (var query in given)
        {
            Check(query);
        }

        if (given.GroupBy(query => query.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw CloudWatchErrors.Validation($"The values for parameter id in MetricDataQueries are not unique: {twice.Key}");
        }

        queries = given.ToDictionary(query => query.Id!);
        expressions = given.Where(query => query.Expression is not null).ToDictionary(query => query.Id!, Parse);
        foreach (var (id, node) in expressions)
        {
            CheckReferences(id, node);
        }

        InOrder();
    }

    /// <summary>Seconds: an alarm's expression has the longest period of its metrics.</summary>
    public int Period =>
        queries.Values.Select(query => query.MetricStat?.Period ?? query.Period ?? 0).DefaultIfEmpty(0).Max() is > 0 and var longest
            ? longest
            : DefaultPeriod;

    /// <summary>The result of each query by its id; null where there is no data to draw a number from.</summary>
    public Dictionary<string, MathValue?> Run(
        Transaction transaction,
        Scope scope,
        DateTimeOffset start,
        DateTimeOffset end,
        Func<MetricDataQuery, string> label
    )
    {
        var metrics = queries
            .Values.Where(query => query.MetricStat is not null)
            .ToDictionary(query => query.Id!, query => Read(transaction, scope, query, start, end, label(query)));
        return Evaluate(metrics, start, end);
    }

    /// <summary>Whether a query comes to one time series, whatever values its metrics have; an alarm needs that.</summary>
    public bool IsOneSeries(string id)
    {
        var metrics = queries
            .Values.Where(query => query.MetricStat is not null)
            .ToDictionary(
                query => query.Id!,
                query => new Series([(DateTimeOffset.UnixEpoch, 1)], query.MetricStat!.Period!.Value, "", query.Id!)
            );
        return Evaluate(metrics, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(Period))[id] is Series;
    }

    private Dictionary<string, MathValue?> Evaluate(Dictionary<string, Series> metrics, DateTimeOffset start, DateTimeOffset end)
    {
        var results = metrics.ToDictionary(pair => pair.Key, MathValue? (pair) => pair.Value, StringComparer.Ordinal);
        var range = new MathRange(Floor(start, Period), end, Period);
        foreach (var id in InOrder())
        {
            var evaluator = new MathEvaluator(
                name => results[name] ?? throw new NoDataException(),
                part => Metrics(results, part),
                queries[id].Period is { } own ? range with { Period = own, Start = Floor(start, own) } : range
            );
            try
            {
                results[id] = evaluator.Run(expressions[id]);
            }
            catch (NoDataException)
            {
                results[id] = null;
            }
            catch (MathException failure)
            {
                throw Error(id, failure);
            }
        }

        return results;
    }

    private List<Series> Metrics(Dictionary<string, MathValue?> results, string part) =>
        [
            .. queries
                .Values.Where(query => query.MetricStat is not null && query.Id!.Contains(part, StringComparison.Ordinal))
                .Select(query => (Series)results[query.Id!]!),
        ];

    private static Series Read(
        Transaction transaction,
        Scope scope,
        MetricDataQuery query,
        DateTimeOffset start,
        DateTimeOffset end,
        string label
    )
    {
        var stat = query.MetricStat!;
        var statistic = Statistic.TryParse(stat.Stat!)!;
        var points = Periods.Of(
            transaction,
            scope,
            stat.Metric!.Namespace!,
            stat.Metric.MetricName!,
            Dimension.Key(stat.Metric.Dimensions),
            start,
            end,
            stat.Period!.Value,
            stat.Unit,
            byUnit: false
        );
        return new(
            [
                .. points
                    .Select(point => (point.Start, Value: statistic.Of(point.Values)))
                    .Where(point => point.Value is not null)
                    .Select(point => (point.Start, point.Value!.Value)),
            ],
            stat.Period.Value,
            label,
            query.Id!
        );
    }

    /// <summary>The grid that metrics are gathered on: whole minutes, below a minute whole periods.</summary>
    private static DateTimeOffset Floor(DateTimeOffset time, int period)
    {
        var grain = Math.Min(period, 60);
        return DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds() / grain * grain);
    }

    private static void Check(MetricDataQuery query)
    {
        if (
            string.IsNullOrEmpty(query.Id)
            || query.Id.Length > 255
            || !char.IsAsciiLetterLower(query.Id[0])
            || !query.Id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
        )
        {
            throw CloudWatchErrors.Validation(
                $"The value {query.Id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
            );
        }

        if (query.Expression is not null == query.MetricStat is not null)
        {
            throw query.Expression is null
                ? CloudWatchErrors.Validation($"The query {query.Id} needs a MetricStat with Metric, Period and Stat.")
                : CloudWatchErrors.Validation(
                    $"The parameters MetricDataQueries.member.Expression and MetricDataQueries.member.MetricStat are mutually exclusive and you have specified both."
                );
        }

        if (query.MetricStat is { } stat)
        {
            CheckStat(query.Id, stat);
        }

        if (query.Period is { } period)
        {
            GetMetricStatistics.CheckPeriod(period, "Period");
        }
    }

    private static void CheckStat(string id, MetricStat stat)
    {
        if (stat is not { Metric: { MetricName: not null, Namespace: not null }, Period: { } period, Stat: { } name })
        {
            throw CloudWatchErrors.Validation($"The query {id} needs a MetricStat with Metric, Period and Stat.");
        }

        GetMetricStatistics.CheckPeriod(period, "Period");
        if (Statistic.TryParse(name) is null)
        {
            throw AwsException.NotImplemented($"the statistic {name}");
        }
    }

    private static MathNode Parse(MetricDataQuery query)
    {
        var text = query.Expression!;
        if (text.Length > MathParser.LongestExpression)
        {
            throw CloudWatchErrors.Constraint(
                text[..100] + "...",
                "metricDataQueries.1.member.expression",
                $"Member must have length less than or equal to {MathParser.LongestExpression}"
            );
        }

        if (text.AsSpan().TrimStart().StartsWith("SELECT ", StringComparison.OrdinalIgnoreCase))
        {
            throw AwsException.NotImplemented("Metrics Insights queries");
        }

        try
        {
            return MathParser.Parse(text);
        }
        catch (MathException failure)
        {
            throw Error(query.Id!, failure);
        }
    }

    private void CheckReferences(string id, MathNode node)
    {
        foreach (var reference in node.All().OfType<Reference>())
        {
            if (!queries.ContainsKey(reference.Id))
            {
                throw Error(id, new($"Unknown id '{reference.Id}'."));
            }
        }
    }

    /// <summary>Expressions, each behind those that it refers to.</summary>
    private List<string> InOrder()
    {
        var order = new List<string>();
        var entered = new HashSet<string>(StringComparer.Ordinal);
        void Visit(string id)
        {
            if (!expressions.TryGetValue(id, out var node) || order.Contains(id))
            {
                return;
            }

            if (!entered.Add(id))
            {
                throw Error(id, new("It refers to itself."));
            }

            foreach (var reference in node.All().OfType<Reference>())
            {
                Visit(reference.Id);
            }

            order.Add(id);
        }

        foreach (var id in expressions.Keys)
        {
            Visit(id);
        }

        return order;
    }

    private static AwsException Error(string id, MathException failure) =>
        CloudWatchErrors.Validation($"Error in expression '{id}': {failure.Message}");
}
