using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record ListReplaysRequest(string? NamePrefix, string? State, string? EventSourceArn, string? NextToken, int? Limit);

public sealed record ListReplaysResponse(IReadOnlyList<ReplayEntry> Replays, string? NextToken);

public sealed record ReplayEntry(
    string ReplayName,
    string EventSourceArn,
    string State,
    DateTimeOffset EventStartTime,
    DateTimeOffset EventEndTime,
    DateTimeOffset? EventLastReplayedTime,
    DateTimeOffset ReplayStartTime,
    DateTimeOffset? ReplayEndTime
);

/// <summary>The replays of the account, by the start of their name, their archive or their state.</summary>
internal sealed class ListReplays(Archives archives)
{
    public ListReplaysResponse Run(ListReplaysRequest request, Caller caller)
    {
        Archives.CheckFilters(
            "ListReplays",
            request.State,
            request.EventSourceArn,
            request.NamePrefix,
            "CANCELLED",
            "CANCELLING",
            "COMPLETED",
            "FAILED",
            "RUNNING",
            "STARTING"
        );
        var found = archives
            .Bus.Replays.List(caller.Scope)
            .Values.Where(replay =>
                (request.NamePrefix is not { } prefix || replay.Name.StartsWith(prefix, StringComparison.Ordinal))
                && (request.EventSourceArn is null || replay.EventSourceArn == request.EventSourceArn)
                && (request.State is null || replay.State == request.State)
            );
        var (page, next) = archives
            .Rules.Lists.Of("ListReplays", caller.Scope)
            .Page(found, replay => replay.Name, EventsErrors.PageSize(request.Limit), request.NextToken);
        return new(
            [
                .. page.Select(replay => new ReplayEntry(
                    replay.Name,
                    replay.EventSourceArn,
                    replay.State,
                    replay.EventStartTime,
                    replay.EventEndTime,
                    replay.LastReplayed,
                    replay.Started,
                    replay.Ended
                )),
            ],
            next
        );
    }
}
