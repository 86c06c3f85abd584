using System.Globalization;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record FilterLogEventsRequest
{
    public string? LogGroupName { get; init; }

    public string? LogGroupIdentifier { get; init; }

    public IReadOnlyList<string>? LogStreamNames { get; init; }

    public string? LogStreamNamePrefix { get; init; }

    public long? StartTime { get; init; }

    public long? EndTime { get; init; }

    public string? FilterPattern { get; init; }

    public string? NextToken { get; init; }

    public int? Limit { get; init; }

    /// <summary>Taken and without meaning, as on AWS since 2019: events always come by time.</summary>
    public bool? Interleaved { get; init; }
}

internal sealed record FilterLogEventsResponse(
    IReadOnlyList<FilteredLogEvent> Events,
    IReadOnlyList<SearchedLogStream> SearchedLogStreams,
    string? NextToken
);

internal sealed record FilteredLogEvent(string LogStreamName, long Timestamp, string Message, long IngestionTime, string EventId);

internal sealed record SearchedLogStream(string LogStreamName, bool SearchedCompletely);

/// <summary>The events of a group, or of some of its streams, that match a pattern, by time.</summary>
internal static class FilterLogEvents
{
    private const int PageBytes = 1_048_576;

    public static FilterLogEventsResponse Run(LogStore logs, LogMessages messages, FilterLogEventsRequest request, Caller caller)
    {
        if (request.LogStreamNames is not null && request.LogStreamNamePrefix is not null)
        {
            throw LogsErrors.Invalid("Log stream name prefix and log stream names are mutually exclusive parameters.");
        }

        var limit = LogsLimits.Limit(request.Limit, 10_000, 10_000);
        var pattern = FilterPattern.Parse(request.FilterPattern ?? "");
        var group = logs.Group(caller.Scope, LogsLimits.GroupNameOf(request.LogGroupName, request.LogGroupIdentifier, caller.Scope));
        var list = logs.Lists.Of("FilterLogEvents", caller.Scope, group.Name);
        var from = Math.Max(request.StartTime ?? 0, group.OldestKept(logs.Now));
        var until = request.EndTime is { } end ? end + 1 : long.MaxValue;
        var (time, id) = list.After(request.NextToken) is { } after ? EventPosition.Parse(after) : default;
        var read = messages.Reader(caller.Scope, group);
        return logs.Database.Read(transaction =>
        {
            var streams = transaction
                .Query(
                    "SELECT id, name, created, first, last, ingested FROM logs_stream WHERE grp = $1 ORDER BY name",
                    LogStore.ReadStream,
                    group.Id
                )
                .Where(stream =>
                    request.LogStreamNames?.Contains(stream.Name)
                    ?? stream.Name.StartsWith(request.LogStreamNamePrefix ?? "", StringComparison.Ordinal)
                )
                .ToDictionary(stream => stream.Id, stream => stream.Name);
            if (request.LogStreamNames?.FirstOrDefault(name => !streams.ContainsValue(name)) is not null)
            {
                throw LogsErrors.NoStream();
            }

            var events = new List<FilteredLogEvent>();
            var (bytes, last, more) = (0, new EventPosition(time, id), false);
            transaction.Scan(
                "SELECT id, stream, time, ingested, open('logs_event', message) FROM logs_event WHERE grp = $1 AND time >= $2 AND time < $3 AND (time, id) > ($4, $5) ORDER BY time, id",
                row =>
                {
                    var log = LogStore.ReadEvent(row);
                    if (streams.TryGetValue(log.Stream, out var stream) && read(log.Message) is var message && pattern.Matches(message))
                    {
                        if (events.Count >= limit || (events.Count > 0 && bytes + log.Message.Length > PageBytes))
                        {
                            more = true;
                            return false;
                        }

                        bytes += log.Message.Length;
                        events.Add(new(stream, log.Time, message, log.Ingested, log.Id.ToString("D56", CultureInfo.InvariantCulture)));
                    }

                    last = new EventPosition(log.Time, log.Id);
                    return true;
                },
                group.Id,
                from,
                until,
                time,
                id
            );
            // AWS leaves searchedLogStreams empty since 2019.
            return new FilterLogEventsResponse(events, [], more ? list.Token(last.ToString()) : null);
        });
    }
}
