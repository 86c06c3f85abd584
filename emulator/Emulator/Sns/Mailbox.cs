using System.Globalization;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Sns;

/// <summary>A mail as the mailbox shows it.</summary>
/// <param name="Kind">confirmation, notification or sms.</param>
internal sealed record Mail(
    string Id,
    string To,
    string From,
    string Subject,
    string Body,
    DateTimeOffset ReceivedAt,
    string? MessageId,
    string? TopicArn,
    string Kind
);

/// <summary>A mail that is sealed, ready to be put in the mailbox.</summary>
/// <param name="Key">What it is the mail of: the same key again is the same mail.</param>
internal sealed record SealedMail(
    Scope Scope,
    string Key,
    string To,
    string From,
    string Subject,
    SealedText Body,
    string? MessageId,
    string? TopicArn,
    string Kind
);

/// <summary>The e-mail that SNS sent, kept where one can read it; with an SMTP server it goes there too.</summary>
internal sealed class Mailbox(Database database, Clock clock, TextSeal seal, Links links, bool sendsBySmtp)
{
    private const int PageSize = 500;

    /// <summary>The kind of text messages.</summary>
    private const string Sms = "sms";

    private readonly Lock gate = new();
    private Action? arrived;

    /// <summary>Called after each commit that put a mail here.</summary>
    public IDisposable Subscribe(Action signal)
    {
        lock (gate)
        {
            arrived += signal;
        }

        return new Subscription(this, signal);
    }

    public string Confirmation(string topicArn, string token) => ConfirmationMail.Body(topicArn, links.Confirm(topicArn, token));

    public string Notification(string text, Sns.Subscription subscription) =>
        NotificationMail.Body(text, links.Unsubscribe(subscription.Arn));

    /// <summary>A text message, ready to be put here; no SMTP server gets it.</summary>
    public async Task<SealedMail> SealText(Scope scope, string key, string number, string text, string messageId, string? topicArn) =>
        await Seal(scope, key, number, null, "SMS", text, messageId, topicArn, Sms).ConfigureAwait(false);

    public async Task Text(Scope scope, string key, string number, string text, string messageId, string? topicArn)
    {
        var mail = await SealText(scope, key, number, text, messageId, topicArn).ConfigureAwait(false);
        await database.Write(transaction => Put(transaction, mail)).ConfigureAwait(false);
    }

    public async Task<SealedMail> Seal(
        Scope scope,
        string key,
        string to,
        string? displayName,
        string subject,
        string body,
        string? messageId,
        string? topicArn,
        string kind
    ) =>
        new(
            scope,
            key,
            to,
            NotificationMail.From(displayName),
            subject,
            await seal.Seal(body, null, Caller.Service("sns.amazonaws.com", scope), null).ConfigureAwait(false),
            messageId,
            topicArn,
            kind
        );

    /// <summary>Natural key: the mail's key. A delivery that is repeated leaves one mail.</summary>
    public void Put(Transaction transaction, SealedMail mail)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        transaction.Execute(
            """
            INSERT OR IGNORE INTO sns_mail (account, region, key, recipient, sender, subject, body, envelope, received, message_id, topic, kind, smtp_due, smtp_attempts)
            VALUES ($1, $2, $3, $4, $5, seal('sns_mail', $6), $7, $8, $9, $10, $11, $12, $13, 0)
            """,
            mail.Scope.Account,
            mail.Scope.Region,
            mail.Key,
            mail.To,
            mail.From,
            mail.Subject,
            mail.Body.Bytes,
            mail.Body.Envelope,
            now,
            mail.MessageId,
            mail.TopicArn,
            mail.Kind,
            sendsBySmtp && mail.Kind != Sms ? now : null
        );
        transaction.AfterCommit(Signal);
    }

    /// <summary>Oldest first.</summary>
    public List<Mail> List(long after, string? to, int limit) =>
        database
            .Read(transaction =>
                transaction.Query(
                    $"SELECT {Columns} FROM sns_mail WHERE id > $1 AND ($2 IS NULL OR recipient = $2) ORDER BY id LIMIT $3",
                    Read,
                    after,
                    to,
                    limit
                )
            )
            .ConvertAll(Open);

    /// <summary>Newest first, from the one before <paramref name="before"/> on; those that contain the text in subject, body or address.</summary>
    public List<Mail> Newest(long before, string? to, string? text, int limit)
    {
        var found = new List<Mail>();
        while (found.Count < limit)
        {
            var page = database
                .Read(transaction =>
                    transaction.Query(
                        $"SELECT {Columns} FROM sns_mail WHERE id < $1 AND ($2 IS NULL OR recipient = $2) ORDER BY id DESC LIMIT $3",
                        Read,
                        before,
                        to,
                        PageSize
                    )
                )
                .ConvertAll(Open);
            found.AddRange(page.Where(mail => text is null || Contains(mail, text)).Take(limit - found.Count));
            if (page.Count < PageSize)
            {
                break;
            }

            before = long.Parse(page[^1].Id, CultureInfo.InvariantCulture);
        }

        return found;
    }

    /// <summary>The mails of a published message, newest first.</summary>
    public List<Mail> Of(string messageId, int limit) =>
        database
            .Read(transaction =>
                transaction.Query($"SELECT {Columns} FROM sns_mail WHERE message_id = $1 ORDER BY id DESC LIMIT $2", Read, messageId, limit)
            )
            .ConvertAll(Open);

    public Mail? Find(long id) =>
        database.Read(transaction =>
            transaction.First($"SELECT {Columns} FROM sns_mail WHERE id = $1", row => ((Mail, SealedText, Scope)?)Read(row), id)
        )
            is { } row
            ? Open(row)
            : null;

    /// <summary>Those that the SMTP server does not have yet.</summary>
    public List<(Mail Mail, int Attempts)> DueForSmtp(DateTimeOffset now, int limit) =>
        database
            .Read(transaction =>
                transaction.Query(
                    $"SELECT {Columns}, smtp_attempts FROM sns_mail WHERE smtp_due IS NOT NULL AND smtp_due <= $1 ORDER BY smtp_due, id LIMIT $2",
                    row => (Read(row), row.GetInt32(12)),
                    now.ToUnixTimeMilliseconds(),
                    limit
                )
            )
            .ConvertAll(row => (Open(row.Item1), row.Item2));

    public DateTimeOffset? NextSmtp() =>
        database.Read(transaction => transaction.Number("SELECT MIN(smtp_due) FROM sns_mail WHERE smtp_due IS NOT NULL")) is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null;

    /// <param name="due">When it is tried again; null when it is not: sent, or given up.</param>
    public Task RecordSmtp(Mail mail, DateTimeOffset? due, int attempts, string? error) =>
        database.Write(transaction =>
            transaction.Execute(
                "UPDATE sns_mail SET smtp_due = $2, smtp_attempts = $3, smtp_error = $4 WHERE id = $1",
                long.Parse(mail.Id, CultureInfo.InvariantCulture),
                due?.ToUnixTimeMilliseconds(),
                attempts,
                error
            )
        );

    private const string Columns =
        "id, account, region, recipient, sender, open('sns_mail', subject), body, envelope, received, message_id, topic, kind";

    private static (Mail Mail, SealedText Body, Scope Scope) Read(SqliteDataReader row) =>
        (
            new Mail(
                row.GetInt64(0).ToString(CultureInfo.InvariantCulture),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                "",
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
                row.IsDBNull(9) ? null : row.GetString(9),
                row.IsDBNull(10) ? null : row.GetString(10),
                row.GetString(11)
            ),
            new SealedText(row.GetFieldValue<byte[]>(6), row.GetString(7)),
            new Scope(row.GetString(1), row.GetString(2))
        );

    private static bool Contains(Mail mail, string text) =>
        mail.Subject.Contains(text, StringComparison.OrdinalIgnoreCase)
        || mail.Body.Contains(text, StringComparison.OrdinalIgnoreCase)
        || mail.To.Contains(text, StringComparison.OrdinalIgnoreCase);

    private Mail Open((Mail Mail, SealedText Body, Scope Scope) row) => row.Mail with { Body = seal.Open(row.Body, row.Scope) };

    private void Signal()
    {
        Action? called;
        lock (gate)
        {
            called = arrived;
        }

        called?.Invoke();
    }

    private sealed class Subscription(Mailbox mailbox, Action signal) : IDisposable
    {
        public void Dispose()
        {
            lock (mailbox.gate)
            {
                mailbox.arrived -= signal;
            }
        }
    }
}
