using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record DescribeLogStreamsRequest
{
    public string? LogGroupName { get; init; }

    public string? LogGroupIdentifier { get; init; }

    public string? LogStreamNamePrefix { get; init; }

    public string? OrderBy { get; init; }

    public bool? Descending { get; init; }

    public string? NextToken { get; init; }

    public int? Limit { get; init; }
}

internal sealed record DescribeLogStreamsResponse(IReadOnlyList<LogStreamDescription> LogStreams, string? NextToken);

internal sealed record LogStreamDescription
{
    public required string LogStreamName { get; init; }

    public required long CreationTime { get; init; }

    public long? FirstEventTimestamp { get; init; }

    public long? LastEventTimestamp { get; init; }

    public long? LastIngestionTime { get; init; }

    /// <summary>Only of a stream that has events (recorded on AWS).</summary>
    public string? UploadSequenceToken { get; init; }

    public required string Arn { get; init; }

    /// <summary>AWS answers 0 here since 2019.</summary>
    public long StoredBytes { get; init; }
}

/// <summary>A group's streams, by name or by their last event, a page at a time.</summary>
internal static class DescribeLogStreams
{
    public static DescribeLogStreamsResponse Run(LogStore logs, DescribeLogStreamsRequest request, Caller caller)
    {
        var order = request.OrderBy ?? "LogStreamName";
        if (order is not ("LogStreamName" or "LastEventTime"))
        {
            throw LogsErrors.Constraint(order, "orderBy", "Member must satisfy enum value set: [LogStreamName, LastEventTime]");
        }

        if (order == "LastEventTime" && request.LogStreamNamePrefix is not null)
        {
            throw LogsErrors.Invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        var limit = LogsLimits.Limit(request.Limit, 50, 50);
        var name = LogsLimits.GroupNameOf(request.LogGroupName, request.LogGroupIdentifier, caller.Scope);
        var list = logs.Lists.Of(
            "DescribeLogStreams",
            caller.Scope,
            name,
            request.LogStreamNamePrefix,
            order,
            $"{request.Descending == true}"
        );
        list.After(request.NextToken);
        var group = logs.Group(caller.Scope, name);
        var streams = logs.Database.Read(transaction =>
            transaction.Query(
                "SELECT id, name, created, first, last, ingested FROM logs_stream WHERE grp = $1 ORDER BY name",
                LogStore.ReadStream,
                group.Id
            )
        );
        IEnumerable<LogStream> sorted = streams
            .Where(stream => stream.Name.StartsWith(request.LogStreamNamePrefix ?? "", StringComparison.Ordinal))
            .OrderBy(stream => order == "LastEventTime" ? stream.Last ?? stream.Created : 0)
            .ThenBy(stream => stream.Name, StringComparer.Ordinal);
        if (request.Descending == true)
        {
            sorted = sorted.Reverse();
        }

        var (page, next) = list.PageByCount(sorted, limit, request.NextToken);
        return new(
            page.ConvertAll(stream => new LogStreamDescription
            {
                LogStreamName = stream.Name,
                CreationTime = stream.Created,
                FirstEventTimestamp = stream.First,
                LastEventTimestamp = stream.Last,
                LastIngestionTime = stream.Ingested,
                UploadSequenceToken = stream.Ingested is null ? null : stream.Id.ToString("D56", CultureInfo.InvariantCulture),
                Arn = $"{LogStore.ArnOf(caller.Scope, group.Name)}:log-stream:{stream.Name}",
            }),
            next
        );
    }
}
