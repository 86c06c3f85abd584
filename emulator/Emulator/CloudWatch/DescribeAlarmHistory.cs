using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

public sealed record DescribeAlarmHistoryRequest(
    string? AlarmName,
    List<string>? AlarmTypes,
    string? HistoryItemType,
    DateTimeOffset? StartDate,
    DateTimeOffset? EndDate,
    int? MaxRecords,
    string? NextToken,
    string? ScanBy
);

public sealed record DescribeAlarmHistoryResponse(IReadOnlyList<AlarmHistoryItem> AlarmHistoryItems, string? NextToken);

public sealed record AlarmHistoryItem(
    string AlarmName,
    string AlarmType,
    DateTimeOffset Timestamp,
    string HistoryItemType,
    string HistorySummary,
    string HistoryData
);

/// <summary>What happened to alarms: configuration, states, actions; newest first unless asked otherwise.</summary>
internal sealed class DescribeAlarmHistory(Database database, Listings lists)
{
    public DescribeAlarmHistoryResponse Run(DescribeAlarmHistoryRequest request, Caller caller)
    {
        if (request.HistoryItemType is not null)
        {
            CloudWatchErrors.OneOf(request.HistoryItemType, "historyItemType", "ConfigurationUpdate", "StateUpdate", "Action");
        }

        if (request.ScanBy is not null)
        {
            CloudWatchErrors.OneOf(request.ScanBy, "scanBy", "TimestampDescending", "TimestampAscending");
        }

        if (request.MaxRecords is < 1 or > 100)
        {
            throw CloudWatchErrors.Constraint($"{request.MaxRecords}", "maxRecords", "Member must have value between 1 and 100");
        }

        var list = lists.Of("DescribeAlarmHistory", caller.Scope, request.AlarmName, request.ScanBy);
        var from = list.Number(request.NextToken);
        foreach (var type in request.AlarmTypes ?? [])
        {
            CloudWatchErrors.OneOf(type, "alarmTypes", "CompositeAlarm", "MetricAlarm");
        }

        // "If you omit this parameter, only metric alarms are returned."
        var kinds = request.AlarmTypes is { Count: > 0 } types ? types.Distinct().ToList() : ["MetricAlarm"];
        var ascending = request.ScanBy == "TimestampAscending";
        var size = request.MaxRecords ?? 100;
        var rows = database.Read(transaction =>
            transaction.Query(
                ascending ? Ascending : Descending,
                row =>
                    (
                        Id: row.GetInt64(0),
                        Item: new AlarmHistoryItem(
                            row.GetString(1),
                            row.GetString(6),
                            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
                            row.GetString(3),
                            row.GetString(4),
                            row.GetString(5)
                        )
                    ),
                caller.Account,
                caller.Region,
                request.AlarmName,
                request.HistoryItemType,
                request.StartDate?.ToUnixTimeMilliseconds(),
                request.EndDate?.ToUnixTimeMilliseconds(),
                from,
                size + 1,
                kinds.Count == 1 ? kinds[0] : null
            )
        );
        return new(rows.Take(size).Select(row => row.Item).ToList(), rows.Count > size ? list.Token(rows[size - 1].Id) : null);
    }

    private const string Matching = """
        SELECT id, alarm, time, type, open('cloudwatch_history', summary), open('cloudwatch_history', data), kind
        FROM cloudwatch_history WHERE account = $1 AND region = $2 AND ($3 IS NULL OR alarm = $3)
        AND ($4 IS NULL OR type = $4) AND ($5 IS NULL OR time >= $5) AND ($6 IS NULL OR time <= $6) AND ($9 IS NULL OR kind = $9)
        """;

    private const string Ascending = Matching + " AND ($7 IS NULL OR id > $7) ORDER BY id LIMIT $8";

    private const string Descending = Matching + " AND ($7 IS NULL OR id < $7) ORDER BY id DESC LIMIT $8";
}
