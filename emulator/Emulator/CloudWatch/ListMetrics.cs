using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.CloudWatch;

public sealed record ListMetricsRequest(
    string? Namespace,
    string? MetricName,
    List<DimensionFilter>? Dimensions,
    string? NextToken,
    string? RecentlyActive
);

public sealed record DimensionFilter(string? Name, string? Value);

public sealed record ListMetricsResponse(IReadOnlyList<Metric> Metrics, string? NextToken);

public sealed record Metric(string? Namespace, string? MetricName, List<Dimension>? Dimensions);

/// <summary>The metrics that had values in the past two weeks, 500 a page.</summary>
internal sealed class ListMetrics(Database database, Clock clock, Listings lists)
{
    private const int PageSize = 500;
    private static readonly TimeSpan Recently = TimeSpan.FromHours(3);

    public ListMetricsResponse Run(ListMetricsRequest request, Caller caller)
    {
        if (request.RecentlyActive is not (null or "PT3H"))
        {
            throw CloudWatchErrors.InvalidValue("The value of RecentlyActive must be PT3H.");
        }

        var since = clock.GetUtcNow() - (request.RecentlyActive is null ? MetricStore.Listed : Recently);
        var list = lists.Of("ListMetrics", caller.Scope);
        var after = list.Number(request.NextToken) ?? 0;
        var found = new List<(long Id, Metric Metric)>();
        database.Read(transaction =>
        {
            transaction.Scan(
                """
                SELECT id, namespace, name, dimensions FROM cloudwatch_metric WHERE account = $1 AND region = $2 AND id > $3 AND seen >= $4
                AND ($5 IS NULL OR namespace = $5) AND ($6 IS NULL OR name = $6) ORDER BY id
                """,
                row =>
                {
                    var dimensions = Dimension.FromKey(row.GetString(3));
                    if (
                        request.Dimensions?.All(filter =>
                            dimensions.Exists(each => each.Name == filter.Name && (filter.Value is null || each.Value == filter.Value))
                        ) != false
                    )
                    {
                        found.Add((row.GetInt64(0), new Metric(row.GetString(1), row.GetString(2), dimensions)));
                    }

                    return found.Count <= PageSize;
                },
                caller.Account,
                caller.Region,
                after,
                since.ToUnixTimeSeconds(),
                request.Namespace,
                request.MetricName
            );
            return found;
        });
        return new(
            found.Take(PageSize).Select(entry => entry.Metric).ToList(),
            found.Count > PageSize ? list.Token(found[PageSize - 1].Id) : null
        );
    }
}
