using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Kms;

/// <summary>The keys of one id in several Regions: what they share changes in all of them at once.</summary>
internal sealed class RelatedKeys(Keys keys)
{
    /// <summary>The same key elsewhere.</summary>
    public IEnumerable<KmsKey> Others(Transaction? transaction, KmsKey key) =>
        key.MultiRegion is { } set
            ? set.Regions.Where(region => region != key.Region).Select(region => In(transaction, region, key)).OfType<KmsKey>()
            : [];

    /// <summary>Null of a key that is in one Region only.</summary>
    public KmsKey? PrimaryOf(Transaction? transaction, KmsKey key) =>
        key.MultiRegion is not { } set ? null
        : set.PrimaryRegion == key.Region ? key
        : In(transaction, set.PrimaryRegion, key);

    /// <summary>Puts a key and makes the same change in its relatives.</summary>
    public KmsKey Share(Transaction transaction, KmsKey key, Func<KmsKey, KmsKey> change)
    {
        foreach (var other in Others(transaction, key).ToList())
        {
            keys.Put(transaction, change(other));
        }

        var changed = change(key);
        keys.Put(transaction, changed);
        return changed;
    }

    /// <summary>The material of that id which the primary has and its replica has not.</summary>
    public KeyMaterial? Offered(Transaction transaction, KmsKey replica, string id)
    {
        var own = replica.Materials.Count;
        return PrimaryOf(transaction, replica) is { } primary && own < primary.Materials.Count && primary.Materials[own].Id == id
            ? primary.Materials[own]
            : null;
    }

    /// <summary>Whether what was imported for a rotation is in every Region.</summary>
    public bool AllHavePending(Transaction? transaction, KmsKey primary) =>
        Others(transaction, primary)
            .All(replica => replica.Materials.Count == primary.Materials.Count && replica.Materials[^1].Wrapped is not null);

    /// <summary>What the primary gives up before it was rotated in, its replicas do too.</summary>
    public void DropPending(Transaction transaction, KmsKey key, string id)
    {
        if (!key.IsPrimary)
        {
            return;
        }

        foreach (var replica in Others(transaction, key).Where(one => one.Materials.Count > 0 && one.Materials[^1].Id == id).ToList())
        {
            keys.Put(transaction, Imported.Without(replica, replica.Materials.Count - 1));
        }
    }

    /// <summary>After a key is deleted: the others no longer count it, and a primary that waited for the last replica goes on.</summary>
    public void Leave(Transaction transaction, KmsKey gone, DateTimeOffset now)
    {
        foreach (var other in Others(transaction, gone).ToList())
        {
            var left = other with
            {
                MultiRegion = other.MultiRegion! with { ReplicaRegions = [.. other.MultiRegion.ReplicaRegions.Except([gone.Region])] },
            };
            keys.Put(
                transaction,
                left is { State: KmsKey.PendingReplicaDeletion, MultiRegion.ReplicaRegions.Count: 0 }
                    ? left with
                    {
                        State = KmsKey.PendingDeletion,
                        DeletionDate = now.AddDays(left.PendingWindowInDays ?? 30),
                    }
                    : left
            );
        }
    }

    /// <param name="transaction">Null asks for what is committed.</param>
    private KmsKey? In(Transaction? transaction, string region, KmsKey key)
    {
        var scope = new Scope(key.Account, region);
        return transaction is null ? keys.Shelf.Get(scope, key.KeyId) : keys.Shelf.Get(transaction, scope, key.KeyId);
    }
}
