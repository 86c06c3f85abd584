using Disa.Emulator.Kms;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

/// <summary>
/// What the rows of a table were before each change, where point-in-time recovery is on: from what the table is now, its changes are taken
/// back as far as a restore wants.
/// </summary>
internal static class ChangeLog
{
    public static readonly Migration Migration = new(
        "dynamodb",
        3,
        """
        CREATE TABLE dynamodb_change (
            sequence INTEGER PRIMARY KEY, space INTEGER NOT NULL, at INTEGER NOT NULL,
            hash INTEGER NOT NULL, hk BLOB NOT NULL, rk BLOB NOT NULL, value BLOB
        );
        CREATE INDEX dynamodb_change_space ON dynamodb_change (space, at);
        """
    );

    /// <summary>Keeps a row as it is, or that there is none, in the transaction that is about to change it.</summary>
    public static void Keep(Transaction transaction, TableDocument table, RowKey key, DateTimeOffset now)
    {
        if (table.ChangeSpace is { } space)
        {
            transaction.Execute(
                "INSERT INTO dynamodb_change (space, at, hash, hk, rk, value) VALUES ($1, $2, $4, $5, $6, "
                    + "(SELECT value FROM dynamodb_item WHERE space = $3 AND hash = $4 AND hk = $5 AND rk = $6 AND pk = x''))",
                space,
                now.ToUnixTimeMilliseconds(),
                table.Space,
                key.Hash,
                key.HashKey,
                key.RangeKey
            );
        }
    }

    /// <summary>Copies a table's rows as they were at a time, all that was written by then included.</summary>
    public static void CopyAsOf(Transaction transaction, TableDocument table, long to, DateTimeOffset time)
    {
        TableRows.Copy(transaction, table.Space, to);
        if (table.ChangeSpace is not { } space)
        {
            return;
        }

        var at = time.ToUnixTimeMilliseconds();
        transaction.Execute(
            "DELETE FROM dynamodb_item WHERE space = $2 AND (hash, hk, rk) IN "
                + "(SELECT hash, hk, rk FROM dynamodb_change WHERE space = $1 AND at > $3)",
            space,
            to,
            at
        );
        // What the first change after the time found is what was there at it.
        transaction.Execute(
            "INSERT INTO dynamodb_item (space, hash, hk, rk, pk, value) SELECT $2, hash, hk, rk, x'', value FROM dynamodb_change "
                + "WHERE value IS NOT NULL AND sequence IN "
                + "(SELECT MIN(sequence) FROM dynamodb_change WHERE space = $1 AND at > $3 GROUP BY hash, hk, rk)",
            space,
            to,
            at
        );
    }

    /// <summary>Forgets a portion of what no restore can want any more; answers how much.</summary>
    public static int Prune(Transaction transaction, long space, DateTimeOffset earliest, long limit) =>
        transaction.Execute(
            "DELETE FROM dynamodb_change WHERE sequence IN "
                + "(SELECT sequence FROM dynamodb_change WHERE space = $1 AND at <= $2 LIMIT $3)",
            space,
            earliest.ToUnixTimeMilliseconds(),
            limit
        );

    /// <summary>Writes what is kept of a table again under another key.</summary>
    public static void Encrypt(Transaction transaction, TableDocument table, DataKey old, DataKey fresh)
    {
        if (table.ChangeSpace is not { } space)
        {
            return;
        }

        var rows = transaction.Query(
            "SELECT sequence, value FROM dynamodb_change WHERE space = $1 AND value IS NOT NULL",
            row => (Sequence: row.GetInt64(0), Value: row.GetFieldValue<byte[]>(1)),
            space
        );
        foreach (var row in rows)
        {
            transaction.Execute(
                "UPDATE dynamodb_change SET value = $2 WHERE sequence = $1",
                row.Sequence,
                fresh.Encrypt(old.Decrypt(row.Value))
            );
        }
    }
}
