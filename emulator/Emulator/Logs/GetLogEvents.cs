using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Logs;

internal sealed record GetLogEventsRequest
{
    public string? LogGroupName { get; init; }

    public string? LogGroupIdentifier { get; init; }

    public string? LogStreamName { get; init; }

    public long? StartTime { get; init; }

    public long? EndTime { get; init; }

    public string? NextToken { get; init; }

    public int? Limit { get; init; }

    public bool? StartFromHead { get; init; }
}

internal sealed record GetLogEventsResponse(IReadOnlyList<OutputLogEvent> Events, string NextForwardToken, string NextBackwardToken);

internal sealed record OutputLogEvent(long Timestamp, string Message, long IngestionTime);

/// <summary>
/// A stream's events by time: the newest page unless <c>startFromHead</c>. At either end the token that was given comes back,
/// which is how callers know it.
/// </summary>
internal static class GetLogEvents
{
    /// <summary>Bytes of a page, in AWS's counting.</summary>
    private const int PageBytes = 1_048_576;

    public static GetLogEventsResponse Run(LogStore logs, LogMessages messages, GetLogEventsRequest request, Caller caller)
    {
        var limit = LogsLimits.Limit(request.Limit, 10_000, 10_000);
        var group = logs.Group(caller.Scope, LogsLimits.GroupNameOf(request.LogGroupName, request.LogGroupIdentifier, caller.Scope));
        var name = LogsLimits.StreamName(request.LogStreamName);
        var from = Math.Max(request.StartTime ?? 0, group.OldestKept(logs.Now));
        var until = request.EndTime ?? long.MaxValue;
        var list = logs.Lists.Of("GetLogEvents", caller.Scope, group.Name, name);
        var (forward, position) = request.NextToken is { } token
            ? Position(list, token)
            : (request.StartFromHead == true, request.StartFromHead == true ? default : new(long.MaxValue, long.MaxValue));
        var page = logs.Database.Read(transaction =>
        {
            var stream = LogStore.Stream(transaction, group, name) ?? throw LogsErrors.NoStream();
            var rows = new List<LogEvent>();
            var bytes = 0;
            transaction.Scan(
                forward
                    ? "SELECT id, stream, time, ingested, open('logs_event', message) FROM logs_event WHERE stream = $1 AND time >= $2 AND time < $3 AND (time, id) > ($4, $5) ORDER BY time, id"
                    : "SELECT id, stream, time, ingested, open('logs_event', message) FROM logs_event WHERE stream = $1 AND time >= $2 AND time < $3 AND (time, id) < ($4, $5) ORDER BY time DESC, id DESC",
                row =>
                {
                    var log = LogStore.ReadEvent(row);
                    if (rows.Count > 0 && bytes + log.Message.Length > PageBytes)
                    {
                        return false;
                    }

                    bytes += log.Message.Length;
                    rows.Add(log);
                    return rows.Count < limit;
                },
                stream.Id,
                from,
                until,
                position.Time,
                position.Id
            );
            return rows;
        });
        if (!forward)
        {
            page.Reverse();
        }

        var read = messages.Reader(caller.Scope, group);
        return new(
            page.ConvertAll(log => new OutputLogEvent(log.Time, read(log.Message), log.Ingested)),
            page.Count > 0 ? Token(list, 'f', new(page[^1].Time, page[^1].Id)) : Again('f'),
            page.Count > 0 ? Token(list, 'b', new(page[0].Time, page[0].Id)) : Again('b')
        );

        string Again(char direction) => request.NextToken is { } given && given[0] == direction ? given : Token(list, direction, position);
    }

    private static string Token(Listing list, char direction, EventPosition position) =>
        $"{direction}/{list.Token($"{direction} {position}")}/s";

    private static (bool Forward, EventPosition Position) Position(Listing list, string token) =>
        token is [var direction and ('f' or 'b'), '/', .. var signed, '/', 's'] && list.After(signed) is { } after && after[0] == direction
            ? (direction == 'f', EventPosition.Parse(after[2..]))
            : throw list.Invalid();
}
