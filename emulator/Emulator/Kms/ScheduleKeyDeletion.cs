using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ScheduleKeyDeletionRequest(string? KeyId, int? PendingWindowInDays) : IKeyRequest;

internal sealed record ScheduleKeyDeletionResponse(string KeyId, DateTimeOffset? DeletionDate, string KeyState, int PendingWindowInDays);

/// <summary>Stops all use of a key, and deletes it after 7 to 30 days unless that is cancelled.</summary>
internal sealed class ScheduleKeyDeletion(Keys keys)
{
    public async Task<ScheduleKeyDeletionResponse> Run(ScheduleKeyDeletionRequest request, Caller caller, CancellationToken cancellation)
    {
        var days = request.PendingWindowInDays ?? 30;
        new Checks().Key(request.KeyId).Range("pendingWindowInDays", days, 7, 30).Throw();
        var key = await keys.Change(request.KeyId, caller, "ScheduleKeyDeletion", key => Scheduled(key, days)).ConfigureAwait(false);
        return new(key.Arn, key.DeletionDate, key.State, days);
    }

    /// <summary>A primary's days begin when the last of its replicas is deleted.</summary>
    private KmsKey Scheduled(KmsKey key, int days)
    {
        var waits = key is { IsPrimary: true, MultiRegion.ReplicaRegions.Count: > 0 };
        return Keys.NotPendingDeletion(key).State == KmsKey.Updating
            ? throw KmsErrors.InState(key)
            : key with
            {
                State = waits ? KmsKey.PendingReplicaDeletion : KmsKey.PendingDeletion,
                DeletionDate = waits ? null : keys.Clock.GetUtcNow().AddDays(days),
                PendingWindowInDays = days,
                SettlesAt = null,
                SettledState = null,
            };
    }
}
