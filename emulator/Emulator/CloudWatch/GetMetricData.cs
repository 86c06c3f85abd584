using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

public sealed record GetMetricDataRequest(
    List<MetricDataQuery>? MetricDataQueries,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    string? ScanBy,
    int? MaxDatapoints
);

public sealed record MetricDataQuery(string? Id, MetricStat? MetricStat, string? Label, bool? ReturnData);

public sealed record MetricStat(Metric? Metric, int? Period, string? Stat, string? Unit);

public sealed record GetMetricDataResponse(IReadOnlyList<MetricDataResult> MetricDataResults, IReadOnlyList<MessageData> Messages);

public sealed record MetricDataResult(
    string Id,
    string Label,
    IReadOnlyList<DateTimeOffset> Timestamps,
    IReadOnlyList<double> Values,
    string StatusCode
);

public sealed record MessageData(string Code, string Value);

/// <summary>Statistics of several metrics at once; expressions are refused.</summary>
internal sealed class GetMetricData(Database database, UsageMeter meter)
{
    private const int QueryLimit = 500;
    private const int DatapointLimit = 100_800;

    public GetMetricDataResponse Run(GetMetricDataRequest request, Caller caller)
    {
        if (request.MetricDataQueries is not { Count: > 0 } queries)
        {
            throw CloudWatchErrors.Validation("The parameter MetricDataQueries is required.");
        }

        if (queries.Count > QueryLimit)
        {
            throw CloudWatchErrors.Validation($"The collection MetricDataQueries must not have a size greater than {QueryLimit}.");
        }

        if (request.StartTime is not { } start || request.EndTime is not { } end)
        {
            throw CloudWatchErrors.Validation($"The parameter {(request.StartTime is null ? "StartTime" : "EndTime")} is required.");
        }

        if (start >= end)
        {
            throw CloudWatchErrors.Validation("The parameter EndTime must be greater than StartTime");
        }

        if (request.ScanBy is not null)
        {
            CloudWatchErrors.OneOf(request.ScanBy, "scanBy", "TimestampDescending", "TimestampAscending");
        }

        if (queries.GroupBy(query => query.Id).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw CloudWatchErrors.Validation($"The values for parameter id in MetricDataQueries are not unique: {twice.Key}");
        }

        meter.Add("cloudwatch", "", "MetricsRequested", queries.Count);
        var limit = request.MaxDatapoints ?? DatapointLimit;
        var results = database.Read(transaction =>
            queries
                .Where(query => query.ReturnData != false)
                .Select(query =>
                    One(transaction, query, Label(query, queries), caller.Scope, start, end, request.ScanBy == "TimestampAscending")
                )
                .ToList()
        );
        return results.Sum(result => result.Values.Count) <= limit
            ? new(results, [])
            : throw AwsException.NotImplemented("paging of monitoring:GetMetricData: ask for fewer datapoints");
    }

    /// <summary>The metric's name, with the statistic and the period where the queries of a request differ in them (recorded on AWS).</summary>
    private static string Label(MetricDataQuery query, List<MetricDataQuery> all)
    {
        if (query.Label is { } given)
        {
            return given;
        }

        var others = all.Where(each => each.Label is null).Select(each => each.MetricStat).ToList();
        var stat = others.DistinctBy(each => each?.Stat).Count() > 1 ? " " + query.MetricStat?.Stat : "";
        var period = others.DistinctBy(each => each?.Period).Count() > 1 ? $" {query.MetricStat?.Period}" : "";
        return query.MetricStat?.Metric?.MetricName + stat + period;
    }

    private static MetricDataResult One(
        Transaction transaction,
        MetricDataQuery query,
        string label,
        Scope scope,
        DateTimeOffset start,
        DateTimeOffset end,
        bool ascending
    )
    {
        if (
            string.IsNullOrEmpty(query.Id)
            || !char.IsAsciiLetterLower(query.Id[0])
            || !query.Id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
        )
        {
            throw CloudWatchErrors.Validation(
                $"The value {query.Id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$."
            );
        }

        if (
            query.MetricStat is not { Metric: { } metric, Period: { } period, Stat: { } stat }
            || metric.MetricName is null
            || metric.Namespace is null
        )
        {
            throw CloudWatchErrors.Validation($"The query {query.Id} needs a MetricStat with Metric, Period and Stat.");
        }

        GetMetricStatistics.CheckPeriod(period, "Period");
        var statistic = Statistic.TryParse(stat) ?? throw AwsException.NotImplemented($"the statistic {stat}");
        var points = Periods
            .Of(
                transaction,
                scope,
                metric.Namespace,
                metric.MetricName,
                Dimension.Key(metric.Dimensions),
                start,
                end,
                period,
                query.MetricStat.Unit,
                byUnit: false
            )
            .Select(point => (point.Start, Value: statistic.Of(point.Values)))
            .Where(point => point.Value is not null)
            .ToList();
        if (!ascending)
        {
            points.Reverse();
        }

        return new(
            query.Id,
            label,
            points.Select(point => point.Start).ToList(),
            points.Select(point => point.Value!.Value).ToList(),
            "Complete"
        );
    }
}
