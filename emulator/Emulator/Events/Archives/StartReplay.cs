using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record StartReplayRequest(
    string? ReplayName,
    string? Description,
    string? EventSourceArn,
    DateTimeOffset? EventStartTime,
    DateTimeOffset? EventEndTime,
    ReplayDestination? Destination
);

public sealed record StartReplayResponse(string ReplayArn, string State, DateTimeOffset ReplayStartTime);

/// <summary>Begins to put an archive's events of a time on their bus again.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html; the refusals, and in which order they come, as recorded
/// on AWS 22-05-2024 (localstack's snapshot test_archive_and_replay).
/// </remarks>
internal sealed class StartReplay(Archives archives, Action signal)
{
    /// <summary>"You can have a maximum of ten active concurrent replays per account per AWS Region."</summary>
    private const int MostActive = 10;

    /// <summary>How long a replay is STARTING: on AWS it takes minutes until it is over.</summary>
    public static readonly TimeSpan StartingTime = TimeSpan.FromMinutes(1);

    public async Task<StartReplayResponse> Run(StartReplayRequest request, Caller caller, CancellationToken cancellation)
    {
        var scope = caller.Scope;
        var name = EventsErrors.Name(request.ReplayName, "replayName", Archives.LongestReplayName);
        Archives.CheckDescription(request.Description);
        var source = EventsErrors.Text(request.EventSourceArn, "eventSourceArn", 1600);
        var start = Required(request.EventStartTime, "eventStartTime");
        var end = Required(request.EventEndTime, "eventEndTime");
        var bus = Destination(request, caller);
        if (start >= end)
        {
            throw Invalid("EventEndTime", "EventStartTime must be before EventEndTime.");
        }

        var now = archives.Now;
        var replay = await archives
            .Database.Write(transaction =>
            {
                var archiveName = source[(source.LastIndexOf('/') + 1)..];
                if (archives.Bus.Archives.Get(transaction, scope, archiveName) is not { } archive || archive.Arn != source)
                {
                    throw Invalid("EventSourceArn", $"Archive {archiveName} does not exist.");
                }

                if (archive.Bus != bus)
                {
                    throw Invalid("Destination.Arn", "Cross event bus replay is not permitted.");
                }

                if (archives.Bus.Replays.Get(transaction, scope, name) is not null)
                {
                    throw new AwsException("ResourceAlreadyExistsException", $"Replay {name} already exists.");
                }

                if (archives.Bus.Replays.List(transaction, scope).Values.Count(one => one.IsActive) >= MostActive)
                {
                    throw new AwsException(
                        "LimitExceededException",
                        $"The maximum number of {MostActive} concurrent replays has been reached."
                    );
                }

                var begun = new Replay
                {
                    Name = name,
                    Arn = Replay.ArnOf(name, scope),
                    Description = request.Description,
                    EventSourceArn = archive.Arn,
                    ArchiveKey = archive.Key,
                    Bus = bus,
                    Destination = request.Destination!,
                    EventStartTime = start,
                    EventEndTime = end,
                    Started = now,
                    State = "STARTING",
                    SettlesAt = now + StartingTime,
                };
                archives.Bus.Replays.Put(transaction, scope, name, begun);
                transaction.AfterCommit(signal);
                return begun;
            })
            .ConfigureAwait(false);
        return new(replay.Arn, replay.State, replay.Started);
    }

    /// <summary>The bus's name.</summary>
    private string Destination(StartReplayRequest request, Caller caller)
    {
        if (request.Destination is null)
        {
            throw EventsErrors.Validation(
                "1 validation error detected: Value null at 'destination' failed to satisfy constraint: Member must not be null"
            );
        }

        var arn = EventsErrors.Text(request.Destination.Arn, "destination.arn", 1600);
        if (Arn.TryParse(arn) is not { Service: "events" } parsed || parsed.After("event-bus/") is not { } name)
        {
            throw Invalid("Destination.Arn", "Must contain an event bus ARN.");
        }

        if (request.Destination.FilterArns is { Count: 0 or > 1600 })
        {
            throw EventsErrors.Validation(
                "1 validation error detected: Value at 'destination.filterArns' failed to satisfy constraint: Member must have length "
                    + (request.Destination.FilterArns.Count == 0 ? "greater than or equal to 1" : "less than or equal to 1600")
            );
        }

        return parsed.Scope == caller.Scope ? archives.Rules.BusName(name, caller.Scope) : throw EventsErrors.BusNotFound(name);
    }

    private static DateTimeOffset Required(DateTimeOffset? time, string member) =>
        time
        ?? throw EventsErrors.Validation(
            $"1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        );

    private static AwsException Invalid(string parameter, string reason) =>
        EventsErrors.Validation($"Parameter {parameter} is not valid. Reason: {reason}");
}
