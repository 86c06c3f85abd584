using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Sns;

/// <summary>One message on its way to one subscription. Its id is the natural key of what it causes.</summary>
internal sealed record Delivery(
    long Id,
    long Message,
    string SubscriptionArn,
    string Protocol,
    DateTimeOffset Due,
    int Attempts,
    string? GroupId
)
{
    /// <summary>Whether it waited for its turn: its due time is one at which its subscription may receive.</summary>
    public bool HasSlot { get; init; }
}

/// <summary>The rows of published messages and their deliveries: everything here runs inside the caller's transaction.</summary>
internal static class Deliveries
{
    public static readonly Migration[] Migrations =
    [
        new(
            "sns",
            1,
            """
            CREATE TABLE sns_message (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, topic TEXT NOT NULL, message_id TEXT NOT NULL,
                content BLOB NOT NULL, envelope TEXT NOT NULL
            );
            CREATE TABLE sns_delivery (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, message INTEGER NOT NULL, subscription TEXT NOT NULL, protocol TEXT NOT NULL,
                due INTEGER NOT NULL, attempts INTEGER NOT NULL, group_id TEXT, has_slot INTEGER NOT NULL, error TEXT
            );
            CREATE INDEX sns_delivery_due ON sns_delivery (due, id);
            CREATE INDEX sns_delivery_message ON sns_delivery (message);
            CREATE INDEX sns_delivery_subscription ON sns_delivery (subscription, group_id, id);
            CREATE TABLE sns_deduplication (
                topic TEXT NOT NULL, key TEXT NOT NULL, account TEXT NOT NULL, message_id TEXT NOT NULL, sequence TEXT NOT NULL, expires INTEGER NOT NULL,
                PRIMARY KEY (topic, key)
            ) WITHOUT ROWID;
            CREATE TABLE sns_mail (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL UNIQUE, recipient TEXT NOT NULL,
                sender TEXT NOT NULL, subject TEXT NOT NULL, body BLOB NOT NULL, envelope TEXT NOT NULL, received INTEGER NOT NULL,
                message_id TEXT, topic TEXT, kind TEXT NOT NULL, smtp_due INTEGER, smtp_attempts INTEGER NOT NULL, smtp_error TEXT
            );
            CREATE INDEX sns_mail_smtp ON sns_mail (smtp_due) WHERE smtp_due IS NOT NULL
            """
        ),
        new("sns", 2, "CREATE INDEX sns_mail_message ON sns_mail (message_id) WHERE message_id IS NOT NULL"),
        Notices.Migration,
    ];

    /// <summary>Of a FIFO group, a subscription gets the next one only once it has those before.</summary>
    private const string First =
        "(group_id IS NULL OR NOT EXISTS (SELECT 1 FROM sns_delivery e WHERE e.subscription = d.subscription AND e.group_id = d.group_id AND e.id < d.id))";

    private const string ByHttp = "protocol IN ('http', 'https')";

    /// <summary>As far as it is looked for whose turn it is.</summary>
    private const int Window = 1000;

    public static long InsertMessage(Transaction transaction, Topic topic, string messageId, SealedText content) =>
        transaction.Insert(
            "INSERT INTO sns_message (account, region, topic, message_id, content, envelope) VALUES ($1, $2, $3, $4, $5, $6)",
            topic.Account,
            topic.Region,
            topic.Arn,
            messageId,
            content.Bytes,
            content.Envelope
        );

    public static (string Account, string Region, SealedText Content)? Message(Transaction transaction, long id) =>
        transaction.First(
            "SELECT account, region, content, envelope FROM sns_message WHERE id = $1",
            row =>
                ((string, string, SealedText)?)
                    (row.GetString(0), row.GetString(1), new SealedText(row.GetFieldValue<byte[]>(2), row.GetString(3))),
            id
        );

    public static void Insert(
        Transaction transaction,
        Topic topic,
        long message,
        Subscription subscription,
        DateTimeOffset due,
        string? groupId
    ) =>
        transaction.Execute(
            "INSERT INTO sns_delivery (account, message, subscription, protocol, due, attempts, group_id, has_slot) VALUES ($1, $2, $3, $4, $5, 0, $6, 0)",
            topic.Account,
            message,
            subscription.Arn,
            subscription.Protocol,
            due.ToUnixTimeMilliseconds(),
            topic.Fifo ? groupId : null
        );

    /// <summary>Deliveries that failed and are tried again, the earliest first.</summary>
    public static List<Upcoming> Upcoming(Transaction transaction, string account, int limit) =>
        transaction.Query(
            "SELECT subscription, due FROM sns_delivery WHERE account = $1 AND attempts > 0 ORDER BY due LIMIT $2",
            row => new Upcoming("sns", "retry", row.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
            account,
            limit
        );

    /// <summary>
    /// Those to be tried now, but for those by HTTP; of a FIFO group, only the first that a subscription does not have yet.
    /// </summary>
    public static List<Delivery> Due(Transaction transaction, DateTimeOffset now, int limit) =>
        transaction.Query(
            $"SELECT id, message, subscription, protocol, due, attempts, group_id FROM sns_delivery d WHERE due <= $1 AND NOT {ByHttp} AND {First} ORDER BY due, id LIMIT $2",
            Read,
            now.ToUnixTimeMilliseconds(),
            limit
        );

    public static DateTimeOffset? NextDue(Transaction transaction) =>
        transaction.First(
            $"SELECT due FROM sns_delivery d WHERE NOT {ByHttp} AND {First} ORDER BY due LIMIT 1",
            row => (long?)row.GetInt64(0)
        )
            is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null;

    /// <summary>Those to be posted now: of each subscription the first few, so that a slow one leaves room for the others.</summary>
    public static List<Delivery> DueByHttp(Transaction transaction, DateTimeOffset now, int ofEach) =>
        transaction.Query(
            $"""
            SELECT id, message, subscription, protocol, due, attempts, group_id, has_slot FROM (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY subscription ORDER BY due, id) AS place
                FROM (SELECT * FROM sns_delivery WHERE due <= $1 AND {ByHttp} ORDER BY due, id LIMIT {Window})
            ) WHERE place <= $2 ORDER BY due, id
            """,
            row => Read(row) with { HasSlot = row.GetInt64(7) == 1 },
            now.ToUnixTimeMilliseconds(),
            ofEach
        );

    /// <summary>When the next by HTTP falls due that is not due yet.</summary>
    public static DateTimeOffset? NextByHttp(Transaction transaction, DateTimeOffset now) =>
        transaction.First(
            $"SELECT due FROM sns_delivery WHERE due > $1 AND {ByHttp} ORDER BY due LIMIT 1",
            row => (long?)row.GetInt64(0),
            now.ToUnixTimeMilliseconds()
        )
            is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null;

    /// <summary>It waits for the time at which its subscription may receive it.</summary>
    public static void WaitForSlot(Transaction transaction, Delivery delivery, DateTimeOffset slot) =>
        transaction.Execute("UPDATE sns_delivery SET due = $2, has_slot = 1 WHERE id = $1", delivery.Id, slot.ToUnixTimeMilliseconds());

    /// <summary>The delivery is over: false where another try of it was faster.</summary>
    public static bool Finish(Transaction transaction, Delivery delivery)
    {
        if (transaction.Execute("DELETE FROM sns_delivery WHERE id = $1", delivery.Id) == 0)
        {
            return false;
        }

        DropMessage(transaction, delivery.Message);
        return true;
    }

    public static void Postpone(Transaction transaction, Delivery delivery, DateTimeOffset due, int attempts, string? error) =>
        transaction.Execute(
            "UPDATE sns_delivery SET due = $2, attempts = $3, error = $4, has_slot = 0 WHERE id = $1",
            delivery.Id,
            due.ToUnixTimeMilliseconds(),
            attempts,
            error
        );

    /// <summary>Forgets what a subscription that ends did not get yet.</summary>
    public static void Drop(Transaction transaction, string subscriptionArn)
    {
        var messages = transaction.Query(
            "SELECT DISTINCT message FROM sns_delivery WHERE subscription = $1",
            row => row.GetInt64(0),
            subscriptionArn
        );
        transaction.Execute("DELETE FROM sns_delivery WHERE subscription = $1", subscriptionArn);
        messages.ForEach(message => DropMessage(transaction, message));
    }

    /// <summary>A message that nobody waits for any more goes.</summary>
    public static void DropMessage(Transaction transaction, long message) =>
        transaction.Execute(
            "DELETE FROM sns_message WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM sns_delivery WHERE message = $1)",
            message
        );

    public static (string MessageId, string Sequence)? FindDuplicate(
        Transaction transaction,
        string topicArn,
        string key,
        DateTimeOffset now
    ) =>
        transaction.First(
            "SELECT message_id, sequence FROM sns_deduplication WHERE topic = $1 AND key = $2 AND expires > $3",
            row => ((string, string)?)(row.GetString(0), row.GetString(1)),
            topicArn,
            key,
            now.ToUnixTimeMilliseconds()
        );

    public static void RememberDuplicate(
        Transaction transaction,
        Topic topic,
        string key,
        string messageId,
        string sequence,
        DateTimeOffset now
    )
    {
        transaction.Execute("DELETE FROM sns_deduplication WHERE topic = $1 AND expires <= $2", topic.Arn, now.ToUnixTimeMilliseconds());
        transaction.Execute(
            "INSERT OR REPLACE INTO sns_deduplication VALUES ($1, $2, $3, $4, $5, $6)",
            topic.Arn,
            key,
            topic.Account,
            messageId,
            sequence,
            now.AddMinutes(5).ToUnixTimeMilliseconds()
        );
    }

    public static void Reset(Transaction transaction, string account)
    {
        transaction.Execute("DELETE FROM sns_message WHERE account = $1", account);
        transaction.Execute("DELETE FROM sns_delivery WHERE account = $1", account);
        transaction.Execute("DELETE FROM sns_deduplication WHERE account = $1", account);
        transaction.Execute("DELETE FROM sns_mail WHERE account = $1", account);
        Notices.Reset(transaction, account);
    }

    private static Delivery Read(SqliteDataReader row) =>
        new(
            row.GetInt64(0),
            row.GetInt64(1),
            row.GetString(2),
            row.GetString(3),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)),
            row.GetInt32(5),
            row.IsDBNull(6) ? null : row.GetString(6)
        );
}
