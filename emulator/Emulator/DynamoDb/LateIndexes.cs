using Disa.Emulator.Faults;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>
/// Global secondary indexes that show a change only after a while, where that was asked for: until then the entry before stays, then
/// it becomes what the item is by that time. What is late is on disk, in the transaction of the change, so nothing stays away for ever.
/// </summary>
/// <remarks>
/// AWS promises no time: "updates are propagated within a fraction of a second under normal conditions", longer in others
/// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html).
/// </remarks>
internal sealed class LateIndexes(Database database, Clock clock, FaultPlan faults, Tables tables)
{
    public static readonly Migration Migration = new(
        "dynamodb",
        2,
        """
        CREATE TABLE dynamodb_late (
            space INTEGER NOT NULL, pk BLOB NOT NULL, due INTEGER NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL,
            item_hk BLOB NOT NULL, item_rk BLOB NOT NULL, hk BLOB, rk BLOB,
            PRIMARY KEY (space, pk)
        ) WITHOUT ROWID;
        CREATE INDEX dynamodb_late_due ON dynamodb_late (due);
        """
    );

    private const int Batch = 100;

    /// <summary>Whether anything may be late; changed by writes only, which follow each other.</summary>
    private volatile bool any = true;

    /// <summary>Called when something is late.</summary>
    public Action Changed { get; set; } = () => { };

    /// <summary>Whether a change of an item is to be kept from an index for now.</summary>
    /// <param name="shown">The entry that the index has.</param>
    public bool Keeps(Transaction transaction, Table table, SecondaryIndex index, RowKey key, Item? shown)
    {
        if (!index.IsGlobal || (!any && !faults.IsActive))
        {
            return false;
        }

        var pk = key.Joined();
        if (any && transaction.Number("SELECT 1 FROM dynamodb_late WHERE space = $1 AND pk = $2", index.Document.Space, pk) is not null)
        {
            return true;
        }

        if (faults.IndexLag() is not { } lag)
        {
            return false;
        }

        var at = shown is null ? default(RowKey?) : RowKey.Of(index.Keys, shown);
        transaction.Execute(
            "INSERT INTO dynamodb_late VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            index.Document.Space,
            pk,
            (clock.GetUtcNow() + lag).ToUnixTimeMilliseconds(),
            table.Scope.Account,
            table.Scope.Region,
            table.Name,
            key.HashKey,
            key.RangeKey,
            at?.HashKey,
            at?.RangeKey
        );
        any = true;
        transaction.AfterCommit(Changed);
        return true;
    }

    /// <summary>Brings the entries up to date that are due; answers when the next are.</summary>
    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var due = database.Read(transaction =>
            transaction.Query(
                "SELECT space, pk, account, region, name, item_hk, item_rk, hk, rk FROM dynamodb_late WHERE due <= $1 ORDER BY due LIMIT $2",
                row => new Late(
                    row.GetInt64(0),
                    row.GetFieldValue<byte[]>(1),
                    new Aws.Scope(row.GetString(2), row.GetString(3)),
                    row.GetString(4),
                    Key(row.GetFieldValue<byte[]>(5), row.GetFieldValue<byte[]>(6)),
                    row.IsDBNull(7) ? null : Key(row.GetFieldValue<byte[]>(7), row.GetFieldValue<byte[]>(8))
                ),
                now,
                (long)Batch
            )
        );
        await database
            .Write(transaction =>
            {
                foreach (var late in due)
                {
                    Show(transaction, late);
                }

                any = transaction.Number("SELECT 1 FROM dynamodb_late LIMIT 1") is not null;
            })
            .ConfigureAwait(false);
        var next = database.Read(transaction => transaction.Number("SELECT MIN(due) FROM dynamodb_late"));
        return next is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    private void Show(Transaction transaction, Late late)
    {
        if (
            transaction.Execute("DELETE FROM dynamodb_late WHERE space = $1 AND pk = $2", late.Space, late.Row) == 0
            || tables.Shelf.Get(transaction, late.Scope, late.Table) is not { } document
        )
        {
            return;
        }

        Table table;
        try
        {
            table = tables.Open(late.Scope, document);
        }
        catch (Aws.AwsException)
        {
            // The table's key cannot be used now: in an hour again.
            transaction.Execute(
                "INSERT INTO dynamodb_late VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                late.Space,
                late.Row,
                clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds(),
                late.Scope.Account,
                late.Scope.Region,
                late.Table,
                late.Item.HashKey,
                late.Item.RangeKey,
                late.Shown?.HashKey,
                late.Shown?.RangeKey
            );
            return;
        }

        // A table or an index of the same name that was made again has another space.
        if (table.Schema.Indexes.FirstOrDefault(one => one.Document.Space == late.Space) is not { } index)
        {
            return;
        }

        if (late.Shown is { } shown)
        {
            Items.DeleteEntry(transaction, index, late.Item, shown);
        }

        if (index.Entry(Items.Read(transaction, table, late.Item)) is { } entry)
        {
            Items.PutEntry(transaction, table, index, late.Item, entry);
        }
    }

    private static RowKey Key(byte[] hashKey, byte[] rangeKey) => new(RowKey.HashOf(hashKey), hashKey, rangeKey);

    private sealed record Late(long Space, byte[] Row, Aws.Scope Scope, string Table, RowKey Item, RowKey? Shown);
}
