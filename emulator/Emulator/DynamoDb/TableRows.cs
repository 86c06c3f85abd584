using Disa.Emulator.Kms;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

/// <summary>What is done to all rows of a table or an index at once, in one write.</summary>
internal static class TableRows
{
    public static (long Count, long Size) Count(Transaction transaction, long space) =>
        transaction.First(
            "SELECT COUNT(*), COALESCE(SUM(LENGTH(value)), 0) FROM dynamodb_item WHERE space = $1",
            row => (row.GetInt64(0), row.GetInt64(1)),
            space
        );

    public static void Copy(Transaction transaction, long from, long to) =>
        transaction.Execute(
            "INSERT INTO dynamodb_item (space, hash, hk, rk, pk, value) "
                + "SELECT $2, hash, hk, rk, pk, value FROM dynamodb_item WHERE space = $1",
            from,
            to
        );

    /// <summary>Fills indexes: an item whose value has the wrong type for an index's key is left out of it.</summary>
    public static void Fill(Transaction transaction, Table table, List<string> indexes)
    {
        foreach (var index in table.Schema.Indexes.Where(index => indexes.Contains(index.Name)))
        {
            transaction.Scan(
                "SELECT hk, rk, hash, value FROM dynamodb_item WHERE space = $1",
                row =>
                {
                    var item = ItemCodec.Decode(table.Key.Decrypt(row.GetFieldValue<byte[]>(3)));
                    if (
                        index.Entry(item) is { } entry
                        && index.Keys.All.All(key => entry[key.Name].Type == key.Type && entry[key.Name].Length() != 0)
                    )
                    {
                        Items.PutEntry(
                            transaction,
                            table,
                            index,
                            new RowKey(row.GetInt64(2), row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)),
                            entry
                        );
                    }

                    return true;
                },
                table.Document.Space
            );
        }
    }

    /// <summary>Writes every row again under another key.</summary>
    public static void Encrypt(Transaction transaction, long space, DataKey old, DataKey fresh)
    {
        var rows = transaction.Query(
            "SELECT hash, hk, rk, pk, value FROM dynamodb_item WHERE space = $1",
            row =>
                (
                    Hash: row.GetInt64(0),
                    HashKey: row.GetFieldValue<byte[]>(1),
                    RangeKey: row.GetFieldValue<byte[]>(2),
                    Row: row.GetFieldValue<byte[]>(3),
                    Value: row.GetFieldValue<byte[]>(4)
                ),
            space
        );
        foreach (var row in rows)
        {
            transaction.Execute(
                "UPDATE dynamodb_item SET value = $6 WHERE space = $1 AND hash = $2 AND hk = $3 AND rk = $4 AND pk = $5",
                space,
                row.Hash,
                row.HashKey,
                row.RangeKey,
                row.Row,
                fresh.Encrypt(old.Decrypt(row.Value))
            );
        }
    }
}
