using System.Collections.Concurrent;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>Streams as documents, the records that writes leave in them, and the signal that there are some.</summary>
internal sealed class StreamWriter(Database database, Clock clock)
{
    /// <summary>How long a record can be read.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<long, Action[]> subscribers = new();

    public Shelf<StreamDocument> Shelf { get; } = new(database, "dynamodb.stream", DynamoDbDocuments.Default.StreamDocument);

    /// <summary>The document by ARN, as last committed; null where there is none, or where its 24 hours are over.</summary>
    public StreamDocument? Find(string streamArn) =>
        Arn.TryParse(streamArn) is { } arn
        && Shelf.Get(arn.Scope, arn.Resource) is { } stream
        && !(stream.Disabled + Retention <= clock.GetUtcNow())
            ? stream
            : null;

    /// <summary>Switches a stream on; its first shard begins with the next sequence number.</summary>
    public StreamDocument Enable(Transaction transaction, Scope scope, TableDocument table, string viewType)
    {
        var now = clock.GetUtcNow();
        var label = Label(now);
        for (var later = now; Shelf.Get(transaction, scope, $"table/{table.Name}/stream/{label}") is not null; label = Label(later))
        {
            later += TimeSpan.FromMilliseconds(1);
        }

        var first = NextSequence(transaction);
        var space = Tables.NewSpace(transaction, scope);
        var stream = new StreamDocument
        {
            Arn = $"{table.Arn}/stream/{label}",
            Label = label,
            TableName = table.Name,
            TableId = table.Id,
            Space = space,
            ViewType = viewType,
            Created = now,
            KeySchema = table.KeySchema,
            Shards = [new ShardDocument($"shardId-{now.ToUnixTimeMilliseconds():D20}-{space:x8}", 0, first, null)],
            DataKey = table.DataKey,
        };
        Put(transaction, scope, stream);
        return stream;
    }

    /// <summary>Switches a table's stream off: its records stay for their 24 hours.</summary>
    public void Disable(Transaction transaction, Scope scope, TableDocument table)
    {
        if (table.LatestStreamArn is not { } arn || Shelf.Get(transaction, scope, Arn.Parse(arn).Resource) is not { Disabled: null } stream)
        {
            return;
        }

        var last = NextSequence(transaction) - 1;
        Put(
            transaction,
            scope,
            stream with
            {
                Disabled = clock.GetUtcNow(),
                Shards = [.. stream.Shards.Select(shard => shard.Last is null ? shard with { Last = Math.Max(last, shard.First) } : shard)],
            }
        );
        Signal(transaction, stream.Space);
    }

    /// <summary>The record of a change, in the transaction of the change.</summary>
    public void Write(Transaction transaction, Table table, Item? before, Item? after, bool byService)
    {
        if (
            table.Document.StreamViewType is not { } view
            || Shelf.Get(transaction, table.Scope, Arn.Parse(table.Document.LatestStreamArn!).Resource) is not { Disabled: null } stream
        )
        {
            return;
        }

        var keys = (after ?? before)!.Only(table.Schema.Keys.All.Select(key => key.Name));
        var value = ItemCodec.Encode(
            keys,
            view.StartsWith("NEW_", StringComparison.Ordinal) ? after : null,
            view is "OLD_IMAGE" or "NEW_AND_OLD_IMAGES" ? before : null
        );
        transaction.Execute(
            "INSERT INTO dynamodb_record (stream, shard, created, event, service, value) VALUES ($1, $2, $3, $4, $5, $6)",
            stream.Space,
            stream.Shards[^1].Number,
            clock.GetUtcNow().ToUnixTimeMilliseconds(),
            before is null ? 0L
                : after is null ? 2L
                : 1L,
            byService ? 1L : 0L,
            table.Key.Encrypt(value)
        );
        Signal(transaction, stream.Space);
    }

    /// <summary>The records of a table's stream under another key.</summary>
    public void Encrypt(Transaction transaction, Scope scope, TableDocument table, DataKey old, DataKey fresh)
    {
        if (table.StreamViewType is null || Shelf.Get(transaction, scope, Arn.Parse(table.LatestStreamArn!).Resource) is not { } stream)
        {
            return;
        }

        var rows = transaction.Query(
            "SELECT sequence, value FROM dynamodb_record WHERE stream = $1",
            row => (Sequence: row.GetInt64(0), Value: row.GetFieldValue<byte[]>(1)),
            stream.Space
        );
        foreach (var row in rows)
        {
            transaction.Execute(
                "UPDATE dynamodb_record SET value = $2 WHERE sequence = $1",
                row.Sequence,
                fresh.Encrypt(old.Decrypt(row.Value))
            );
        }

        Put(transaction, scope, stream with { DataKey = fresh.Envelope });
    }

    /// <summary>Calls after each commit that wrote records, until disposed.</summary>
    public IDisposable Subscribe(long space, Action signal)
    {
        subscribers.AddOrUpdate(space, _ => [signal], (_, there) => [.. there, signal]);
        return new Subscription(() => subscribers.AddOrUpdate(space, _ => [], (_, there) => [.. there.Where(other => other != signal)]));
    }

    private static string Label(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);

    private void Put(Transaction transaction, Scope scope, StreamDocument stream) =>
        Shelf.Put(transaction, scope, Arn.Parse(stream.Arn).Resource, stream);

    /// <remarks>
    /// The subscribers are those at the commit: one that came after the write cannot have seen it, for it was not committed yet.
    /// </remarks>
    private void Signal(Transaction transaction, long space) =>
        transaction.AfterCommit(() =>
        {
            foreach (var signal in subscribers.GetValueOrDefault(space) ?? [])
            {
                signal();
            }
        });

    private static long NextSequence(Transaction transaction) =>
        (transaction.Number("SELECT seq FROM sqlite_sequence WHERE name = 'dynamodb_record'") ?? 0) + 1;

    private sealed class Subscription(Action end) : IDisposable
    {
        private Action? end = end;

        public void Dispose() => Interlocked.Exchange(ref end, null)?.Invoke();
    }
}
