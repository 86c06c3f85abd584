namespace Disa.Emulator.Kms;

/// <summary>What happens to keys by themselves: deletion when its window is over, rotation when it is due.</summary>
internal sealed class KeyUpkeep(Keys keys)
{
    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = keys.Clock.GetUtcNow();
        foreach (var (scope, id, seen) in keys.Shelf.All().Where(entry => Due(entry.Value) <= now).ToList())
        {
            cancellation.ThrowIfCancellationRequested();
            await keys
                .Database.Write(transaction =>
                {
                    var key = keys.Shelf.Get(transaction, scope, id);
                    if (key is null || Due(key) > now)
                    {
                        return;
                    }

                    if (!key.IsPendingDeletion)
                    {
                        keys.Shelf.Put(
                            transaction,
                            scope,
                            id,
                            key with
                            {
                                Materials = [.. key.Materials, keys.NewMaterial("AUTOMATIC")],
                                NextRotationDate = now.AddDays(key.RotationPeriodInDays ?? 365),
                            }
                        );
                        return;
                    }

                    keys.Shelf.Remove(transaction, scope, id);
                    foreach (var alias in keys.Aliases.List(transaction, scope).Values.Where(alias => alias.TargetKeyId == id))
                    {
                        keys.Aliases.Remove(transaction, scope, alias.AliasName);
                    }

                    transaction.AfterCommit(() => keys.Forget(key));
                })
                .ConfigureAwait(false);
        }

        return keys.Shelf.All().Min(entry => Due(entry.Value));
    }

    /// <summary>A disabled key is not rotated; it is once it is enabled again.</summary>
    private static DateTimeOffset? Due(KmsKey key) =>
        key.State switch
        {
            KmsKey.PendingDeletion => key.DeletionDate,
            KmsKey.Enabled => key.NextRotationDate,
            _ => null,
        };
}
