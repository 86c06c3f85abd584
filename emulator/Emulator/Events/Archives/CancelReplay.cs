using Disa.Emulator.Aws;

namespace Disa.Emulator.Events;

public sealed record ReplayRequest(string? ReplayName);

public sealed record CancelReplayResponse(string ReplayArn, string State);

/// <summary>Stops a replay: CANCELLING in the answer, CANCELLED a moment later. What has been replayed stays replayed.</summary>
internal sealed class CancelReplay(Archives archives, Action signal)
{
    /// <summary>How long a replay is CANCELLING (AWS says nothing of it).</summary>
    public static readonly TimeSpan CancellingTime = TimeSpan.FromSeconds(10);

    public Task<CancelReplayResponse> Run(ReplayRequest request, Caller caller, CancellationToken cancellation)
    {
        var name = EventsErrors.Name(request.ReplayName, "replayName", Archives.LongestReplayName);
        return archives.Database.Write(transaction =>
        {
            var replay = archives.Bus.Replays.Get(transaction, caller.Scope, name) ?? throw Archives.ReplayNotFound(name);
            if (!replay.IsActive)
            {
                throw new AwsException("IllegalStatusException", $"Replay {name} is not in a valid state for this operation.");
            }

            archives.Bus.Replays.Put(
                transaction,
                caller.Scope,
                name,
                replay with
                {
                    State = "CANCELLING",
                    SettlesAt = archives.Now + CancellingTime,
                }
            );
            transaction.AfterCommit(signal);
            return new CancelReplayResponse(replay.Arn, "CANCELLING");
        });
    }
}
