using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Kms;

/// <summary>What happens to keys when it is due: deletion, rotation, the end of imported material and of passing states.</summary>
internal sealed class KeyUpkeep(Keys keys)
{
    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = keys.Clock.GetUtcNow();
        foreach (var (scope, id, _) in keys.Shelf.All().Where(entry => Due(entry.Value) <= now).ToList())
        {
            cancellation.ThrowIfCancellationRequested();
            await keys
                .Database.Write(transaction =>
                {
                    if (keys.Shelf.Get(transaction, scope, id) is { } key && Due(key) <= now)
                    {
                        Advance(transaction, scope, key, now);
                    }
                })
                .ConfigureAwait(false);
        }

        return keys.Shelf.All().Min(entry => Due(entry.Value));
    }

    private void Advance(Transaction transaction, Scope scope, KmsKey key, DateTimeOffset now)
    {
        if (key.State == KmsKey.PendingDeletion && key.DeletionDate <= now)
        {
            Delete(transaction, scope, key, now);
        }
        else if (key.IsInTransition && key.SettlesAt <= now)
        {
            keys.Put(transaction, key with { State = key.SettledState ?? KmsKey.Enabled, SettlesAt = null, SettledState = null });
        }
        else if (Expiry(key) <= now)
        {
            keys.Put(transaction, Imported.Expired(key, now));
            transaction.AfterCommit(() => keys.Forget(key));
        }
        else
        {
            Rotate(transaction, key, now);
        }
    }

    private void Rotate(Transaction transaction, KmsKey key, DateTimeOffset now)
    {
        var material = keys.NewMaterial("AUTOMATIC");
        keys.Related.Share(
            transaction,
            key,
            each =>
                each with
                {
                    Materials = [.. each.Materials, material],
                    NextRotationDate = now.AddDays(each.RotationPeriodInDays ?? 365),
                }
        );
    }

    private void Delete(Transaction transaction, Scope scope, KmsKey key, DateTimeOffset now)
    {
        keys.Related.Leave(transaction, key, now);
        keys.Shelf.Remove(transaction, scope, key.KeyId);
        foreach (var alias in keys.Aliases.List(transaction, scope).Values.Where(alias => alias.TargetKeyId == key.KeyId))
        {
            keys.Aliases.Remove(transaction, scope, alias.AliasName);
        }

        transaction.AfterCommit(() => keys.Forget(key));
    }

    private static DateTimeOffset? Due(KmsKey key) => Earlier(Next(key), Expiry(key));

    /// <summary>A disabled key is not rotated; it is once it is enabled again. A replica is rotated with its primary.</summary>
    private static DateTimeOffset? Next(KmsKey key) =>
        key.State switch
        {
            KmsKey.PendingDeletion => key.DeletionDate,
            KmsKey.Creating or KmsKey.Updating => key.SettlesAt,
            KmsKey.Enabled when !key.IsReplica => key.NextRotationDate,
            _ => null,
        };

    private static DateTimeOffset? Expiry(KmsKey key) => key.Materials.Min(material => material.ValidTo);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
