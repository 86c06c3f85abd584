using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record DescribeReplayResponse
{
    public required string ReplayName { get; init; }

    public required string ReplayArn { get; init; }

    public string? Description { get; init; }

    public required string State { get; init; }

    public required string EventSourceArn { get; init; }

    public required ReplayDestination Destination { get; init; }

    public required DateTimeOffset EventStartTime { get; init; }

    public required DateTimeOffset EventEndTime { get; init; }

    public DateTimeOffset? EventLastReplayedTime { get; init; }

    public required DateTimeOffset ReplayStartTime { get; init; }

    public DateTimeOffset? ReplayEndTime { get; init; }
}

/// <summary>Answers a replay and how far it has come.</summary>
internal sealed class DescribeReplay(Archives archives)
{
    public DescribeReplayResponse Run(ReplayRequest request, Caller caller)
    {
        var replay = archives.FindReplay(request.ReplayName, caller.Scope);
        return new()
        {
            ReplayName = replay.Name,
            ReplayArn = replay.Arn,
            Description = replay.Description,
            State = replay.State,
            EventSourceArn = replay.EventSourceArn,
            Destination = replay.Destination,
            EventStartTime = replay.EventStartTime,
            EventEndTime = replay.EventEndTime,
            EventLastReplayedTime = replay.LastReplayed,
            ReplayStartTime = replay.Started,
            ReplayEndTime = replay.Ended,
        };
    }
}
