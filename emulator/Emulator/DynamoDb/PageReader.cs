using System.Text;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.DynamoDb;

/// <summary>One page of a Query or Scan: rows in order until the limit, 1 MB, or the end.</summary>
internal sealed class PageReader(Transaction transaction, Table table, SecondaryIndex? index)
{
    private const int MaxBytes = 1024 * 1024;

    private readonly List<Item> items = [];
    private long indexBytes;
    private long tableBytes;
    private double fetchedUnits;
    private Item? last;
    private bool isFull;

    public required Condition? Filter { get; init; }

    public required Expressions.Projection? Projection { get; init; }

    public required int? Limit { get; init; }

    public required bool IsConsistent { get; init; }

    public required bool CountsOnly { get; init; }

    /// <summary>A local index that does not have all that is asked for: the rest comes from the table, at the price of a read for each item.</summary>
    public required bool Fetches { get; init; }

    public int Count { get; private set; }

    public int ScannedCount { get; private set; }

    public List<Item>? Items => CountsOnly ? null : items;

    /// <summary>Where the next page goes on; null at the end.</summary>
    public Item? LastEvaluatedKey =>
        !isFull || last is null ? null : last.Only(table.Schema.Keys.All.Concat(index?.Keys.All ?? []).Select(key => key.Name).Distinct());

    private long Space => index?.Document.Space ?? table.Document.Space;

    /// <summary>The rows of one partition, by the sort key.</summary>
    public void Query(RowKey partition, KeyRange range, RowKey? start, byte[] startRow, bool forward)
    {
        var sql = new StringBuilder("SELECT value, hk, rk, pk FROM dynamodb_item WHERE space = $1 AND hash = $2 AND hk = $3");
        List<object?> values = [Space, partition.Hash, partition.HashKey];
        Bound(sql, values, "rk", range.Low, range.LowIncluded ? ">=" : ">");
        Bound(sql, values, "rk", range.High, range.HighIncluded ? "<=" : "<");
        if (start is { } from)
        {
            sql.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $" AND (rk, pk) {(forward ? ">" : "<")} (${values.Count + 1}, ${values.Count + 2})"
            );
            values.Add(from.RangeKey);
            values.Add(startRow);
        }

        sql.Append(forward ? " ORDER BY rk, pk" : " ORDER BY rk DESC, pk DESC");
        transaction.Scan(sql.ToString(), Take, [.. values]);
    }

    /// <summary>All rows whose partitions' hashes lie in a range.</summary>
    public void Scan(long fromHash, long toHash, RowKey? start, byte[] startRow)
    {
        const string all = "SELECT value, hk, rk, pk FROM dynamodb_item WHERE space = $1 AND hash >= $2 AND hash < $3";
        const string order = " ORDER BY hash, hk, rk, pk";
        if (start is { } from)
        {
            transaction.Scan(
                all + " AND (hash, hk, rk, pk) > ($4, $5, $6, $7)" + order,
                Take,
                Space,
                Math.Max(fromHash, from.Hash),
                toHash,
                from.Hash,
                from.HashKey,
                from.RangeKey,
                startRow
            );
        }
        else
        {
            transaction.Scan(all + order, Take, Space, fromHash, toHash);
        }
    }

    public Capacity Capacity()
    {
        var capacity = new Capacity();
        if (index is null)
        {
            capacity.AddTable(DynamoDb.Capacity.ReadUnits(tableBytes, IsConsistent));
        }
        else
        {
            capacity.AddIndex(index, DynamoDb.Capacity.ReadUnits(indexBytes, IsConsistent));
            capacity.AddTable(fetchedUnits);
        }

        return capacity;
    }

    private static void Bound(StringBuilder sql, List<object?> values, string column, byte[]? bound, string comparator)
    {
        if (bound is not null)
        {
            values.Add(bound);
            sql.Append(System.Globalization.CultureInfo.InvariantCulture, $" AND {column} {comparator} ${values.Count}");
        }
    }

    private bool Take(SqliteDataReader row)
    {
        var item = ItemCodec.Decode(table.Key.Decrypt(row.GetFieldValue<byte[]>(0)));
        var size = item.Size();
        if (index is null)
        {
            tableBytes += size;
        }
        else
        {
            indexBytes += size;
        }

        if (Fetches && DynamoDb.Items.Read(transaction, table, RowKey.Of(table.Schema.Keys, item)) is { } whole)
        {
            item = whole;
            fetchedUnits += DynamoDb.Capacity.ReadUnits(whole.Size(), IsConsistent);
        }

        ScannedCount++;
        last = item;
        if (Filter is null || Filter.Holds(item))
        {
            Count++;
            if (!CountsOnly)
            {
                items.Add(Projection is null ? item : Projection.Apply(item));
            }
        }

        isFull = ScannedCount >= Limit || tableBytes + indexBytes >= MaxBytes;
        return !isFull;
    }
}

/// <summary>Between which sort keys, as bytes; null is open.</summary>
internal readonly record struct KeyRange(byte[]? Low, bool LowIncluded, byte[]? High, bool HighIncluded)
{
    public static KeyRange Of(KeyCondition.Part? part)
    {
        if (part is null)
        {
            return default;
        }

        var key = RowKey.Bytes(part.Value);
        return part.Comparator switch
        {
            "=" => new(key, true, key, true),
            "<" => new(null, false, key, false),
            "<=" => new(null, false, key, true),
            ">" => new(key, false, null, false),
            ">=" => new(key, true, null, false),
            "BETWEEN" => new(key, true, RowKey.Bytes(part.High!), true),
            _ => new(key, true, After(key), false),
        };
    }

    /// <summary>The keys of several attributes of which the first are given, and the one after them is compared.</summary>
    /// <param name="equal">The encoded values of those that are given.</param>
    /// <param name="part">The comparison of the next; null where there is none.</param>
    public static KeyRange Of(List<byte> equal, KeyCondition.Part? part)
    {
        if (part is null)
        {
            return equal.Count == 0 ? default : new([.. equal], true, After([.. equal]), false);
        }

        byte[] With(AttributeValue value, bool isWhole = true)
        {
            var bytes = new List<byte>(equal);
            KeyTuple.Add(bytes, RowKey.Bytes(value), isWhole);
            return [.. bytes];
        }

        byte[]? start = equal.Count == 0 ? null : [.. equal];
        var end = start is null ? null : After(start);
        var key = With(part.Value, part.Comparator != "begins_with");
        return part.Comparator switch
        {
            "<" => new(start, true, key, false),
            "<=" => new(start, true, After(key), false),
            ">" => new(After(key), true, end, false),
            ">=" => new(key, true, end, false),
            "BETWEEN" => new(key, true, After(With(part.High!)), false),
            _ => new(key, true, After(key), false),
        };
    }

    /// <summary>The first key behind all that begin with a prefix; null where there is none.</summary>
    private static byte[]? After(byte[] prefix)
    {
        for (var i = prefix.Length - 1; i >= 0; i--)
        {
            if (prefix[i] < 255)
            {
                var after = prefix[..(i + 1)];
                after[i]++;
                return after;
            }
        }

        return null;
    }
}
