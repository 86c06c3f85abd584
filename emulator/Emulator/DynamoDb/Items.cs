using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>What a write did: for capacity and metrics.</summary>
/// <param name="Size">The larger of the item before and after, in bytes.</param>
/// <param name="Indexes">What each index took, in write units.</param>
internal readonly record struct WriteCost(int Size, List<(SecondaryIndex Index, int Units)>? Indexes);

/// <summary>The rows: an item, its index entries, its time to live and its stream record change together or not at all.</summary>
internal sealed class Items(Clock clock, StreamWriter streams, LateIndexes late)
{
    private const string Put = "INSERT INTO dynamodb_item VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO UPDATE SET value = excluded.value";
    private const string Delete = "DELETE FROM dynamodb_item WHERE space = $1 AND hash = $2 AND hk = $3 AND rk = $4 AND pk = $5";
    private const string Get = "SELECT value FROM dynamodb_item WHERE space = $1 AND hash = $2 AND hk = $3 AND rk = $4 AND pk = x''";

    /// <summary>Called when something new will expire.</summary>
    public Action? ExpiryChanged { get; set; }

    public static Item? Read(Transaction transaction, Table table, RowKey key) =>
        transaction.First(Get, row => row.GetFieldValue<byte[]>(0), table.Document.Space, key.Hash, key.HashKey, key.RangeKey) is { } value
            ? ItemCodec.Decode(table.Key.Decrypt(value))
            : null;

    /// <summary>Replaces what is there by an item, or by nothing.</summary>
    /// <param name="before">What is there.</param>
    /// <param name="after">What shall be there; null deletes.</param>
    /// <param name="byService">True where the time to live is over, and not a user, deletes.</param>
    public WriteCost Change(Transaction transaction, Table table, RowKey key, Item? before, Item? after, bool byService = false)
    {
        if (after is null && before is null)
        {
            return new(0, null);
        }

        var size = Math.Max(before?.Size() ?? 0, after?.Size() ?? 0);
        if (after is not null && before is not null && before.SameAs(after))
        {
            // Nothing changes: no row, no index entry, no record.
            return new(size, null);
        }

        ChangeLog.Keep(transaction, table.Document, key, clock.GetUtcNow());
        if (after is null)
        {
            transaction.Execute(Delete, table.Document.Space, key.Hash, key.HashKey, key.RangeKey, Array.Empty<byte>());
        }
        else
        {
            transaction.Execute(
                Put,
                table.Document.Space,
                key.Hash,
                key.HashKey,
                key.RangeKey,
                Array.Empty<byte>(),
                table.Key.Encrypt(ItemCodec.Encode(after))
            );
        }

        if (TimeToLive.Track(transaction, table, key, before, after) && ExpiryChanged is { } signal)
        {
            transaction.AfterCommit(signal);
        }

        var indexes = ChangeIndexes(transaction, table, key, before, after);
        streams.Write(transaction, table, before, after, byService);
        return new(size, indexes);
    }

    /// <summary>Writes an index's entry of an item: also what fills a new index.</summary>
    public static void PutEntry(Transaction transaction, Table table, SecondaryIndex index, RowKey key, Item entry)
    {
        var at = RowKey.Of(index.Keys, entry);
        transaction.Execute(
            Put,
            index.Document.Space,
            at.Hash,
            at.HashKey,
            at.RangeKey,
            key.Joined(),
            table.Key.Encrypt(ItemCodec.Encode(entry))
        );
    }

    /// <summary>Takes an item's entry out of an index.</summary>
    /// <param name="at">Where it lies in the index.</param>
    public static void DeleteEntry(Transaction transaction, SecondaryIndex index, RowKey key, RowKey at) =>
        transaction.Execute(Delete, index.Document.Space, at.Hash, at.HashKey, at.RangeKey, key.Joined());

    private static bool HasMoved(KeyAttributes keys, Item old, Item fresh)
    {
        foreach (var attribute in keys.All)
        {
            if (!old[attribute.Name].Equals(fresh[attribute.Name]))
            {
                return true;
            }
        }

        return false;
    }

    private List<(SecondaryIndex Index, int Units)>? ChangeIndexes(
        Transaction transaction,
        Table table,
        RowKey key,
        Item? before,
        Item? after
    )
    {
        List<(SecondaryIndex, int)>? costs = null;
        foreach (var index in table.Schema.Indexes)
        {
            var (old, fresh) = (index.Entry(before), index.Entry(after));
            if ((old is null && fresh is null) || (old is not null && old.SameAs(fresh)))
            {
                continue;
            }

            var units = 0;
            var moved = old is not null && (fresh is null || HasMoved(index.Keys, old, fresh));
            var isKept = late.Keeps(transaction, table, index, key, old);
            if (moved)
            {
                if (!isKept)
                {
                    DeleteEntry(transaction, index, key, RowKey.Of(index.Keys, old!));
                }

                units += Capacity.WriteUnits(old!.Size());
            }

            if (fresh is not null)
            {
                if (!isKept)
                {
                    PutEntry(transaction, table, index, key, fresh);
                }

                units += Capacity.WriteUnits(moved || old is null ? fresh.Size() : Math.Max(old.Size(), fresh.Size()));
            }

            (costs ??= []).Add((index, units));
        }

        return costs;
    }
}
