using System.Globalization;
using System.Text;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Logs;

internal sealed record PutLogEventsRequest
{
    public string? LogGroupName { get; init; }

    public string? LogStreamName { get; init; }

    public IReadOnlyList<InputLogEvent>? LogEvents { get; init; }

    /// <summary>Taken and not looked at, as on AWS since 2023.</summary>
    public string? SequenceToken { get; init; }
}

internal sealed record InputLogEvent(long Timestamp, string? Message);

internal sealed record PutLogEventsResponse(string NextSequenceToken, RejectedLogEventsInfo? RejectedLogEventsInfo);

internal sealed record RejectedLogEventsInfo(int? TooNewLogEventStartIndex, int? TooOldLogEventEndIndex, int? ExpiredLogEventEndIndex);

/// <summary>Adds a batch of events to a stream. There is no natural key: a batch sent twice is there twice, as on AWS.</summary>
internal static class PutLogEvents
{
    private const int BatchBytes = 1_048_576;

    /// <summary>Bytes that each event counts beside its text (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html).</summary>
    public const int EventOverhead = 26;

    private const long Day = 86_400_000;

    public static async Task<PutLogEventsResponse> Run(
        LogStore logs,
        LogMessages messages,
        LogIngestion ingested,
        PutLogEventsRequest request,
        Caller caller
    )
    {
        var (groupName, streamName) = (LogsLimits.GroupName(request.LogGroupName), LogsLimits.StreamName(request.LogStreamName));
        var events = request.LogEvents is { Count: >= 1 and <= 10_000 } given
            ? given
            : throw LogsErrors.Invalid(
                "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and 10000"
            );
        Check(events);
        var group = logs.Group(caller.Scope, groupName);
        var now = logs.Now;
        var tooOld = events.TakeWhile(log => log.Timestamp < now - (14 * Day)).Count();
        var expired = events.TakeWhile(log => log.Timestamp < group.OldestKept(now)).Count();
        var tooNew = events.TakeWhile(log => log.Timestamp <= now + (Day / 12)).Count();
        var taken = events.Take(tooNew).Skip(Math.Max(tooOld, expired)).ToList();
        var write = messages.Writer(caller.Scope, group);
        var rows = taken.ConvertAll(log => (log.Timestamp, write(log.Message!)));
        var token = await logs
            .Database.Write(transaction =>
            {
                var current = logs.Group(transaction, caller.Scope, groupName);
                var stream = LogStore.Stream(transaction, current, streamName) ?? throw LogsErrors.NoStream();
                logs.Append(transaction, caller.Scope, current, stream, rows);
                return transaction.Number("SELECT max(id) FROM logs_event") ?? 0;
            })
            .ConfigureAwait(false);
        await ingested.After(caller.Scope, group, taken.ConvertAll(log => (log.Timestamp, log.Message!))).ConfigureAwait(false);
        return new(
            token.ToString("D56", CultureInfo.InvariantCulture),
            tooOld > 0 || expired > 0 || tooNew < events.Count
                ? new(tooNew < events.Count ? tooNew : null, tooOld > 0 ? tooOld : null, expired > 0 ? expired : null)
                : null
        );
    }

    private static void Check(IReadOnlyList<InputLogEvent> events)
    {
        var bytes = 0L;
        for (var i = 0; i < events.Count; i++)
        {
            if (string.IsNullOrEmpty(events[i].Message))
            {
                throw LogsErrors.Constraint("", $"logEvents.{i + 1}.member.message", "Member must have length greater than or equal to 1");
            }

            bytes += Encoding.UTF8.GetByteCount(events[i].Message!) + EventOverhead;
            if (i > 0 && events[i].Timestamp < events[i - 1].Timestamp)
            {
                throw LogsErrors.Invalid("Log events in a single PutLogEvents request must be in chronological order.");
            }
        }

        if (bytes > BatchBytes)
        {
            throw LogsErrors.Invalid($"Upload too large: {bytes} bytes exceeds limit of {BatchBytes}");
        }

        if (events[^1].Timestamp - events[0].Timestamp > Day)
        {
            throw LogsErrors.Invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
        }
    }
}
