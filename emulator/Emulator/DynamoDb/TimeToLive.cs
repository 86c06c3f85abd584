using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>Deletes items whose time to live is over, late as AWS does, and says in the stream that the service did it.</summary>
/// <remarks>AWS deletes within a few days (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html); here it is <see cref="Lateness"/>.</remarks>
internal sealed class TimeToLive(Database database, Clock clock, Tables tables, Items items)
{
    /// <summary>How long after its time an item is still there.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMinutes(10);

    private const int Batch = 100;
    private static readonly TimeSpan TooOld = TimeSpan.FromDays(5 * 365);

    /// <summary>Keeps the list of what expires when, in the transaction that changes the item; true where something new is due.</summary>
    public static bool Track(Transaction transaction, Table table, RowKey key, Item? before, Item? after)
    {
        if (table.Document.TimeToLiveAttribute is not { } attribute)
        {
            return false;
        }

        var (old, fresh) = (Due(before, attribute), Due(after, attribute));
        if (old == fresh)
        {
            return false;
        }

        if (old is { } gone)
        {
            transaction.Execute(
                "DELETE FROM dynamodb_expiry WHERE due = $1 AND space = $2 AND hk = $3 AND rk = $4",
                gone,
                table.Document.Space,
                key.HashKey,
                key.RangeKey
            );
        }

        if (fresh is { } due)
        {
            transaction.Execute(
                "INSERT OR REPLACE INTO dynamodb_expiry VALUES ($1, $2, $3, $4, $5, $6, $7)",
                due,
                table.Document.Space,
                key.HashKey,
                key.RangeKey,
                table.Scope.Account,
                table.Scope.Region,
                table.Name
            );
        }

        return fresh is not null;
    }

    /// <summary>Makes the list again, after the attribute was named or given up.</summary>
    public void Restart(Transaction transaction, Table table)
    {
        transaction.Execute("DELETE FROM dynamodb_expiry WHERE space = $1", table.Document.Space);
        transaction.Scan(
            "SELECT hk, rk, hash, value FROM dynamodb_item WHERE space = $1",
            row =>
            {
                Track(
                    transaction,
                    table,
                    new RowKey(row.GetInt64(2), row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)),
                    null,
                    ItemCodec.Decode(table.Key.Decrypt(row.GetFieldValue<byte[]>(3)))
                );
                return true;
            },
            table.Document.Space
        );
        if (items.ExpiryChanged is { } signal)
        {
            transaction.AfterCommit(signal);
        }
    }

    /// <summary>Deletes what is due; answers when the next is.</summary>
    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var now = clock.GetUtcNow();
            var limit = (now - Lateness).ToUnixTimeSeconds();
            var count = await database
                .Write(transaction =>
                {
                    var due = transaction.Query(
                        "SELECT due, space, hk, rk, account, region, name FROM dynamodb_expiry WHERE due <= $1 ORDER BY due LIMIT $2",
                        row =>
                            (
                                Due: row.GetInt64(0),
                                Space: row.GetInt64(1),
                                HashKey: row.GetFieldValue<byte[]>(2),
                                RangeKey: row.GetFieldValue<byte[]>(3),
                                Scope: new Aws.Scope(row.GetString(4), row.GetString(5)),
                                Name: row.GetString(6)
                            ),
                        limit,
                        (long)Batch
                    );
                    foreach (var entry in due)
                    {
                        transaction.Execute(
                            "DELETE FROM dynamodb_expiry WHERE due = $1 AND space = $2 AND hk = $3 AND rk = $4",
                            entry.Due,
                            entry.Space,
                            entry.HashKey,
                            entry.RangeKey
                        );
                        if (
                            tables.Shelf.Get(transaction, entry.Scope, entry.Name)
                                is { Status: not "DELETING", TimeToLiveAttribute: { } attribute } document
                            && document.Space == entry.Space
                        )
                        {
                            try
                            {
                                Expire(
                                    transaction,
                                    tables.Open(entry.Scope, document),
                                    new RowKey(RowKey.HashOf(entry.HashKey), entry.HashKey, entry.RangeKey),
                                    attribute,
                                    now
                                );
                            }
                            catch (Aws.AwsException)
                            {
                                // The table's key cannot be used now: in an hour again.
                                transaction.Execute(
                                    "INSERT OR REPLACE INTO dynamodb_expiry VALUES ($1, $2, $3, $4, $5, $6, $7)",
                                    now.ToUnixTimeSeconds() + 3600,
                                    entry.Space,
                                    entry.HashKey,
                                    entry.RangeKey,
                                    entry.Scope.Account,
                                    entry.Scope.Region,
                                    entry.Name
                                );
                            }
                        }
                    }

                    return due.Count;
                })
                .ConfigureAwait(false);
            if (count < Batch)
            {
                break;
            }
        }

        var next = database.Read(transaction => transaction.Number("SELECT MIN(due) FROM dynamodb_expiry"));
        return next is { } seconds
            ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, 253402300000)) + Lateness + TimeSpan.FromSeconds(1)
            : null;
    }

    private void Expire(Transaction transaction, Table table, RowKey key, string attribute, DateTimeOffset now)
    {
        // An item that expired more than five years ago is taken for a mistake and stays.
        if (
            Items.Read(transaction, table, key) is { } item
            && Due(item, attribute) is { } due
            && due > (now - TooOld).ToUnixTimeSeconds()
            && due <= (now - Lateness).ToUnixTimeSeconds()
        )
        {
            items.Change(transaction, table, key, item, null, byService: true);
        }
    }

    private static long? Due(Item? item, string attribute) =>
        item is not null
        && item.TryGetValue(attribute, out var value)
        && value.Type == AttributeType.N
        && value.N.ToInt64() is > 0 and var seconds
            ? seconds
            : null;
}
