using System.Globalization;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Sqs;

/// <summary>A message as its row keeps it; the body may be sealed.</summary>
internal sealed record StoredMessage
{
    public long Id { get; init; }

    public required string MessageId { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>The wrapped data key that sealed the body; null where it is plain.</summary>
    public string? Envelope { get; init; }

    public IReadOnlyDictionary<string, MessageAttribute>? Attributes { get; init; }

    public required long Sent { get; init; }

    public required long Visible { get; init; }

    public long? FirstReceived { get; init; }

    public int ReceiveCount { get; init; }

    public string? Receipt { get; init; }

    public string? GroupId { get; init; }

    public string? DeduplicationId { get; init; }

    public required string Sender { get; init; }

    public string? TraceHeader { get; init; }

    public string? DeadLetterSource { get; init; }

    /// <summary>Twenty digits that grow: FIFO's SequenceNumber.</summary>
    public string SequenceNumber => Sequence(Id);

    private static readonly UInt128 SequenceStart = UInt128.Parse("18860000000000000000", CultureInfo.InvariantCulture);

    public static string Sequence(long id) => (SequenceStart + ((UInt128)id * 256)).ToString(CultureInfo.InvariantCulture);
}

/// <summary>The rows of messages: everything here runs inside the caller's transaction.</summary>
internal static class Messages
{
    public static readonly Migration[] Migrations =
    [
        new(
            "sqs",
            1,
            """
            CREATE TABLE sqs_message (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, queue TEXT NOT NULL,
                message_id TEXT NOT NULL, body BLOB NOT NULL, envelope TEXT, attributes BLOB, sent INTEGER NOT NULL, visible INTEGER NOT NULL,
                first_received INTEGER, receive_count INTEGER NOT NULL, receipt TEXT, group_id TEXT, deduplication_id TEXT,
                sender TEXT NOT NULL, trace TEXT, dead_letter_source TEXT
            );
            CREATE INDEX sqs_message_visible ON sqs_message (account, region, queue, visible, id);
            CREATE INDEX sqs_message_sent ON sqs_message (account, region, queue, sent);
            CREATE TABLE sqs_deduplication (
                account TEXT NOT NULL, region TEXT NOT NULL, queue TEXT NOT NULL, key TEXT NOT NULL, message_id TEXT NOT NULL,
                sequence TEXT NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (account, region, queue, key)
            ) WITHOUT ROWID
            """
        ),
        new("sqs", 2, "CREATE INDEX sqs_message_group ON sqs_message (account, region, queue, group_id, id) WHERE group_id IS NOT NULL"),
    ];

    private const string Columns =
        "id, message_id, body, envelope, open('sqs_message', attributes), sent, visible, first_received, receive_count, receipt, group_id, deduplication_id, sender, trace, dead_letter_source";

    public static long Insert(Transaction transaction, Queue queue, StoredMessage message) =>
        transaction.Insert(
            """
            INSERT INTO sqs_message (account, region, queue, message_id, body, envelope, attributes, sent, visible, receive_count, group_id, deduplication_id, sender, trace)
            VALUES ($1, $2, $3, $4, $5, $6, seal('sqs_message', $7), $8, $9, 0, $10, $11, $12, $13)
            """,
            queue.Account,
            queue.Region,
            queue.Name,
            message.MessageId,
            message.Body,
            message.Envelope,
            message.Attributes is null
                ? null
                : JsonSerializer.SerializeToUtf8Bytes(message.Attributes, SqsDocuments.Default.IReadOnlyDictionaryStringMessageAttribute),
            message.Sent,
            message.Visible,
            message.GroupId,
            message.DeduplicationId,
            message.Sender,
            message.TraceHeader
        );

    public static StoredMessage? Find(Transaction transaction, Queue queue, long id) =>
        transaction.First(
            $"SELECT {Columns} FROM sqs_message WHERE id = $1 AND account = $2 AND region = $3 AND queue = $4",
            Read,
            id,
            queue.Account,
            queue.Region,
            queue.Name
        );

    /// <summary>Those that can be received now, those that became visible first at the front.</summary>
    public static List<StoredMessage> Visible(Transaction transaction, Queue queue, long now, int limit) =>
        transaction.Query(
            $"SELECT {Columns} FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND visible <= $4 ORDER BY visible, id LIMIT $5",
            Read,
            queue.Account,
            queue.Region,
            queue.Name,
            now,
            limit
        );

    /// <summary>
    /// FIFO: as many as possible of one group, in their order, before those of the next, and none of a group that has an earlier one in flight
    /// or delayed. Groups come by when their oldest message became visible: one that was given back waits behind the others.
    /// </summary>
    public static List<StoredMessage> VisibleInOrder(Transaction transaction, Queue queue, long now, int limit)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var found = new List<StoredMessage>();
        transaction.Scan(
            "SELECT id, group_id FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND visible <= $4 ORDER BY visible, id",
            row =>
            {
                var group = row.GetString(1);
                if (seen.Contains(group))
                {
                    return true;
                }

                if (
                    transaction.Number(
                        "SELECT MIN(id) FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND group_id = $4",
                        queue.Account,
                        queue.Region,
                        queue.Name,
                        group
                    ) == row.GetInt64(0)
                )
                {
                    seen.Add(group);
                    AddGroup(transaction, queue, group, now, limit, found);
                }

                return found.Count < limit;
            },
            queue.Account,
            queue.Region,
            queue.Name,
            now
        );
        return found;
    }

    private static void AddGroup(Transaction transaction, Queue queue, string group, long now, int limit, List<StoredMessage> found) =>
        transaction.Scan(
            $"SELECT {Columns} FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND group_id = $4 ORDER BY id",
            row =>
            {
                if (row.GetInt64(6) > now)
                {
                    return false;
                }

                found.Add(Read(row));
                return found.Count < limit;
            },
            queue.Account,
            queue.Region,
            queue.Name,
            group
        );

    public static void MarkReceived(Transaction transaction, StoredMessage message, string receipt, long now, long visible) =>
        transaction.Execute(
            "UPDATE sqs_message SET receive_count = receive_count + 1, receipt = $2, visible = $3, first_received = COALESCE(first_received, $4) WHERE id = $1",
            message.Id,
            receipt,
            visible,
            now
        );

    public static void SetVisible(Transaction transaction, long id, long visible) =>
        transaction.Execute("UPDATE sqs_message SET visible = $2 WHERE id = $1", id, visible);

    /// <summary>To another queue, as a new message there: standard queues keep the time it was sent, FIFO queues start again.</summary>
    public static void Move(Transaction transaction, StoredMessage message, Queue target, string? source, long now)
    {
        transaction.Execute(
            """
            INSERT INTO sqs_message (account, region, queue, message_id, body, envelope, attributes, sent, visible, receive_count, group_id, deduplication_id, sender, trace, dead_letter_source)
            SELECT $2, $3, $4, message_id, body, envelope, attributes, $5, $6, 0, group_id, deduplication_id, sender, trace, $7 FROM sqs_message WHERE id = $1
            """,
            message.Id,
            target.Account,
            target.Region,
            target.Name,
            target.Fifo ? now : message.Sent,
            now,
            source
        );
        Delete(transaction, message.Id);
    }

    public static void Delete(Transaction transaction, long id) => transaction.Execute("DELETE FROM sqs_message WHERE id = $1", id);

    public static void Clear(Transaction transaction, Queue queue)
    {
        transaction.Execute(
            "DELETE FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3",
            queue.Account,
            queue.Region,
            queue.Name
        );
        transaction.Execute(
            "DELETE FROM sqs_deduplication WHERE account = $1 AND region = $2 AND queue = $3",
            queue.Account,
            queue.Region,
            queue.Name
        );
    }

    public static void Reset(Transaction transaction, string account)
    {
        transaction.Execute("DELETE FROM sqs_message WHERE account = $1", account);
        transaction.Execute("DELETE FROM sqs_deduplication WHERE account = $1", account);
    }

    /// <summary>Drops what has outlived the queue's retention: as on AWS, the retention that the queue has now.</summary>
    public static void Expire(Transaction transaction, Queue queue, DateTimeOffset now)
    {
        transaction.Execute(
            "DELETE FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND sent <= $4",
            queue.Account,
            queue.Region,
            queue.Name,
            (now - queue.Retention).ToUnixTimeMilliseconds()
        );
        transaction.Execute(
            "DELETE FROM sqs_deduplication WHERE account = $1 AND region = $2 AND queue = $3 AND expires <= $4",
            queue.Account,
            queue.Region,
            queue.Name,
            now.ToUnixTimeMilliseconds()
        );
    }

    /// <summary>When the next message becomes visible that is not yet; null where none will by itself.</summary>
    public static long? NextVisible(Transaction transaction, Queue queue, long now) =>
        transaction.Number(
            "SELECT MIN(visible) FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND visible > $4",
            queue.Account,
            queue.Region,
            queue.Name,
            now
        );

    /// <summary>Messages that could be received, that are in flight, and that are delayed; without those whose retention is over.</summary>
    /// <remarks>The many, which are visible, are counted in an index alone; so are those to subtract, of which there are few.</remarks>
    public static (long Visible, long InFlight, long Delayed) Count(Transaction transaction, Queue queue, DateTimeOffset now) =>
        transaction.First(
            """
            SELECT
                (SELECT COUNT(*) FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND visible <= $4)
                    - (SELECT COUNT(*) FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND sent <= $5 AND +visible <= $4),
                (SELECT COUNT(*) FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND visible > $4 AND +sent > $5 AND receipt IS NOT NULL),
                (SELECT COUNT(*) FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND visible > $4 AND +sent > $5 AND receipt IS NULL)
            """,
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            queue.Account,
            queue.Region,
            queue.Name,
            now.ToUnixTimeMilliseconds(),
            (now - queue.Retention).ToUnixTimeMilliseconds()
        );

    public static bool IsEmpty(Transaction transaction, Queue queue) =>
        transaction.Number(
            "SELECT 1 FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 LIMIT 1",
            queue.Account,
            queue.Region,
            queue.Name
        )
            is null;

    public static long InFlight(Transaction transaction, Queue queue, long now) =>
        transaction
            .Number(
                "SELECT COUNT(*) FROM sqs_message WHERE account = $1 AND region = $2 AND queue = $3 AND visible > $4 AND receipt IS NOT NULL",
                queue.Account,
                queue.Region,
                queue.Name,
                now
            )!
            .Value;

    public static (string MessageId, string Sequence)? FindDuplicate(Transaction transaction, Queue queue, string key, long now) =>
        transaction.First(
            "SELECT message_id, sequence FROM sqs_deduplication WHERE account = $1 AND region = $2 AND queue = $3 AND key = $4 AND expires > $5",
            row => ((string, string)?)(row.GetString(0), row.GetString(1)),
            queue.Account,
            queue.Region,
            queue.Name,
            key,
            now
        );

    public static void RememberDuplicate(
        Transaction transaction,
        Queue queue,
        string key,
        string messageId,
        string sequence,
        long expires
    ) =>
        transaction.Execute(
            "INSERT OR REPLACE INTO sqs_deduplication VALUES ($1, $2, $3, $4, $5, $6, $7)",
            queue.Account,
            queue.Region,
            queue.Name,
            key,
            messageId,
            sequence,
            expires
        );

    private static StoredMessage Read(SqliteDataReader row) =>
        new()
        {
            Id = row.GetInt64(0),
            MessageId = row.GetString(1),
            Body = row.GetFieldValue<byte[]>(2),
            Envelope = row.IsDBNull(3) ? null : row.GetString(3),
            Attributes = row.IsDBNull(4)
                ? null
                : JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(4), SqsDocuments.Default.IReadOnlyDictionaryStringMessageAttribute),
            Sent = row.GetInt64(5),
            Visible = row.GetInt64(6),
            FirstReceived = row.IsDBNull(7) ? null : row.GetInt64(7),
            ReceiveCount = row.GetInt32(8),
            Receipt = row.IsDBNull(9) ? null : row.GetString(9),
            GroupId = row.IsDBNull(10) ? null : row.GetString(10),
            DeduplicationId = row.IsDBNull(11) ? null : row.GetString(11),
            Sender = row.GetString(12),
            TraceHeader = row.IsDBNull(13) ? null : row.GetString(13),
            DeadLetterSource = row.IsDBNull(14) ? null : row.GetString(14),
        };
}
