using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record ScheduleKeyDeletionRequest(string? KeyId, int? PendingWindowInDays);

internal sealed record ScheduleKeyDeletionResponse(string KeyId, DateTimeOffset DeletionDate, string KeyState, int PendingWindowInDays);

/// <summary>Stops all use of a key, and deletes it after 7 to 30 days unless that is cancelled.</summary>
internal sealed class ScheduleKeyDeletion(Keys keys)
{
    public async Task<ScheduleKeyDeletionResponse> Run(ScheduleKeyDeletionRequest request, Caller caller, CancellationToken cancellation)
    {
        var days = request.PendingWindowInDays ?? 30;
        if (days is < 7 or > 30)
        {
            throw KmsErrors.Constraint(
                days.ToString(System.Globalization.CultureInfo.InvariantCulture),
                "pendingWindowInDays",
                days < 7 ? "Member must have value greater than or equal to 7" : "Member must have value less than or equal to 30"
            );
        }

        var key = await keys.Change(
                request.KeyId,
                caller,
                "ScheduleKeyDeletion",
                key =>
                    Keys.NotPendingDeletion(key) with
                    {
                        State = KmsKey.PendingDeletion,
                        DeletionDate = keys.Clock.GetUtcNow().AddDays(days),
                        PendingWindowInDays = days,
                    }
            )
            .ConfigureAwait(false);
        return new(key.Arn, key.DeletionDate!.Value, key.State, days);
    }
}
