using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Sns;

/// <summary>What an HTTP or HTTPS endpoint is told of its subscription: that it is to be confirmed, that it has ended.</summary>
/// <param name="Kind">SubscriptionConfirmation or UnsubscribeConfirmation.</param>
internal sealed record Notice(
    long Id,
    Scope Scope,
    string TopicArn,
    string SubscriptionArn,
    string Endpoint,
    string Kind,
    string MessageId,
    SealedText Body,
    DateTimeOffset Due,
    int Attempts
);

/// <summary>The rows of notices that wait to be posted: everything here runs inside the caller's transaction.</summary>
internal static class Notices
{
    public static readonly Migration Migration = new(
        "sns",
        3,
        """
        CREATE TABLE sns_notice (
            id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, topic TEXT NOT NULL, subscription TEXT NOT NULL,
            endpoint TEXT NOT NULL, kind TEXT NOT NULL, message_id TEXT NOT NULL, body BLOB NOT NULL, envelope TEXT NOT NULL, due INTEGER NOT NULL,
            attempts INTEGER NOT NULL, error TEXT
        );
        CREATE INDEX sns_notice_due ON sns_notice (due, id)
        """
    );

    /// <param name="notice">Its id is given here.</param>
    public static void Insert(Transaction transaction, Notice notice) =>
        transaction.Execute(
            """
            INSERT INTO sns_notice (account, region, topic, subscription, endpoint, kind, message_id, body, envelope, due, attempts)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)
            """,
            notice.Scope.Account,
            notice.Scope.Region,
            notice.TopicArn,
            notice.SubscriptionArn,
            notice.Endpoint,
            notice.Kind,
            notice.MessageId,
            notice.Body.Bytes,
            notice.Body.Envelope,
            notice.Due.ToUnixTimeMilliseconds()
        );

    public static List<Notice> Due(Transaction transaction, DateTimeOffset now, int limit) =>
        transaction.Query(
            """
            SELECT id, account, region, topic, subscription, endpoint, kind, message_id, body, envelope, due, attempts
            FROM sns_notice WHERE due <= $1 ORDER BY due, id LIMIT $2
            """,
            row => new Notice(
                row.GetInt64(0),
                new Scope(row.GetString(1), row.GetString(2)),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.GetString(6),
                row.GetString(7),
                new SealedText(row.GetFieldValue<byte[]>(8), row.GetString(9)),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
                row.GetInt32(11)
            ),
            now.ToUnixTimeMilliseconds(),
            limit
        );

    /// <summary>When the next falls due that is not due yet.</summary>
    public static DateTimeOffset? NextAfter(Transaction transaction, DateTimeOffset now) =>
        transaction.First(
            "SELECT due FROM sns_notice WHERE due > $1 ORDER BY due LIMIT 1",
            row => (long?)row.GetInt64(0),
            now.ToUnixTimeMilliseconds()
        )
            is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null;

    public static void Finish(Transaction transaction, Notice notice) =>
        transaction.Execute("DELETE FROM sns_notice WHERE id = $1", notice.Id);

    public static void Postpone(Transaction transaction, Notice notice, DateTimeOffset due, int attempts, string error) =>
        transaction.Execute(
            "UPDATE sns_notice SET due = $2, attempts = $3, error = $4 WHERE id = $1",
            notice.Id,
            due.ToUnixTimeMilliseconds(),
            attempts,
            error
        );

    /// <summary>What the subscribers of a topic that is deleted were still to be told.</summary>
    public static void DropTopic(Transaction transaction, string topicArn) =>
        transaction.Execute("DELETE FROM sns_notice WHERE topic = $1", topicArn);

    public static void Reset(Transaction transaction, string account) =>
        transaction.Execute("DELETE FROM sns_notice WHERE account = $1", account);
}
