using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.CloudWatch.MetricMath;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

public sealed record GetMetricDataRequest(
    List<MetricDataQuery>? MetricDataQueries,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    string? ScanBy,
    int? MaxDatapoints,
    string? NextToken = null
);

public sealed record MetricDataQuery(string? Id, MetricStat? MetricStat, string? Expression, string? Label, bool? ReturnData, int? Period);

public sealed record MetricStat(Metric? Metric, int? Period, string? Stat, string? Unit);

public sealed record GetMetricDataResponse(
    IReadOnlyList<MetricDataResult> MetricDataResults,
    IReadOnlyList<MessageData> Messages,
    string? NextToken = null
);

public sealed record MetricDataResult(
    string Id,
    string Label,
    IReadOnlyList<DateTimeOffset> Timestamps,
    IReadOnlyList<double> Values,
    string StatusCode
);

public sealed record MessageData(string Code, string Value);

/// <summary>
/// Statistics of several metrics at once, and expressions over them; where there are more datapoints than asked for, in pages. A page goes
/// on where the one before ended, and a result of which there is more is PartialData.
/// </summary>
internal sealed class GetMetricData(Database database, UsageMeter meter, Listings lists)
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

        var all = new MetricQueries(queries);
        meter.Add("cloudwatch", "", "MetricsRequested", queries.Count(query => query.MetricStat is not null));
        var limit = request.MaxDatapoints switch
        {
            null => DatapointLimit,
            < 1 => throw CloudWatchErrors.Validation("The parameter MaxDatapoints must be greater than or equal to 1."),
            { } most => Math.Min(most, DatapointLimit),
        };
        var list = lists.Of(
            "GetMetricData",
            caller.Scope,
            JsonSerializer.Serialize(request with { NextToken = null, MaxDatapoints = null }, CloudWatchJson.Default.GetMetricDataRequest)
        );
        var before = list.Number(request.NextToken) ?? 0;
        var found = database.Read(transaction => all.Run(transaction, caller.Scope, start, end, query => Label(query, queries)));
        var results = queries
            .Where(query => query.ReturnData != false)
            .SelectMany(query => Results(query, found[query.Id!], request.ScanBy == "TimestampAscending"))
            .ToList();
        var page = Page(results, before, limit);
        return new(page, [], results.Sum(result => (long)result.Values.Count) > before + limit ? list.Token(before + limit) : null);
    }

    /// <summary>The datapoints behind so many of the results before; each result with those of its own, one that is over not again.</summary>
    private static List<MetricDataResult> Page(List<MetricDataResult> results, long before, int limit)
    {
        var page = new List<MetricDataResult>();
        long skip = before,
            left = limit;
        foreach (var result in results)
        {
            var skipped = (int)Math.Min(skip, result.Values.Count);
            skip -= skipped;
            var rest = result.Values.Count - skipped;
            if (rest == 0 && skipped > 0)
            {
                continue;
            }

            var taken = (int)Math.Min(rest, left);
            left -= taken;
            page.Add(
                result with
                {
                    Timestamps = [.. result.Timestamps.Skip(skipped).Take(taken)],
                    Values = [.. result.Values.Skip(skipped).Take(taken)],
                    StatusCode = taken < rest ? "PartialData" : "Complete",
                }
            );
        }

        return page;
    }

    /// <summary>The metric's name, with the statistic and the period where the queries of a request differ in them (recorded on AWS).</summary>
    private static string Label(MetricDataQuery query, List<MetricDataQuery> all)
    {
        if (query.Label is { } given)
        {
            return given;
        }

        var others = all.Where(each => each.Label is null && each.MetricStat is not null).Select(each => each.MetricStat).ToList();
        var stat = others.DistinctBy(each => each?.Stat).Count() > 1 ? " " + query.MetricStat?.Stat : "";
        var period = others.DistinctBy(each => each?.Period).Count() > 1 ? $" {query.MetricStat?.Period}" : "";
        return query.MetricStat?.Metric?.MetricName + stat + period;
    }

    /// <summary>One result for a time series, one for each of an array; a number is not a result (user guide, metric math).</summary>
    private static IEnumerable<MetricDataResult> Results(MetricDataQuery query, MathValue? value, bool ascending) =>
        value switch
        {
            Series series => [Result(query, series, query.MetricStat is null ? query.Label ?? query.Id! : series.Label, ascending)],
            SeriesArray array => array.Members.Select(member =>
                Result(query, member, $"{query.Label ?? query.Id} {member.Label}", ascending)
            ),
            null => [new(query.Id!, query.Label ?? query.Id!, [], [], "Complete")],
            _ => throw CloudWatchErrors.Validation(
                $"Error in expression '{query.Id}': The final result must be a time series or an array of time series."
            ),
        };

    private static MetricDataResult Result(MetricDataQuery query, Series series, string label, bool ascending)
    {
        var points = ascending ? series.Points : [.. series.Points.Reverse()];
        return new(query.Id!, label, [.. points.Select(point => point.Time)], [.. points.Select(point => point.Value)], "Complete");
    }
}
