using System.Text;
using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.Events;

/// <summary>The events in archives: written with the event's deliveries, there for a replay once they have arrived.</summary>
internal static class ArchivedEvents
{
    public static readonly Migration Migration = new(
        "events",
        2,
        """
        CREATE TABLE events_archived (
            id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, archive TEXT NOT NULL, minute INTEGER NOT NULL, time INTEGER NOT NULL,
            received INTEGER NOT NULL, size INTEGER NOT NULL, value BLOB NOT NULL
        );
        CREATE INDEX events_archived_minute ON events_archived (archive, minute, id);
        CREATE INDEX events_archived_received ON events_archived (archive, received);
        """
    );

    /// <summary>
    /// How long an event is on its way to an archive: "There may be a delay between an event being received on an event bus and the event
    /// arriving in the archive. We recommend you delay replaying archived events for 10 minutes"
    /// (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html); mostly it takes at least 5 on AWS, says localstack's test.
    /// </summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMinutes(5);

    private const string There = "archive = $1 AND received <= $2 AND received > $3";

    public static void Add(
        Transaction transaction,
        Scope scope,
        Archive archive,
        IncomingEvent each,
        JsonElement json,
        DateTimeOffset now
    ) =>
        transaction.Execute(
            "INSERT INTO events_archived (account, archive, minute, time, received, size, value) "
                + "VALUES ($1, $2, $3, $4, $5, $6, seal('events_archived', $7))",
            scope.Account,
            archive.Key,
            each.Time.ToUnixTimeSeconds() / 60,
            each.Time.ToUnixTimeMilliseconds(),
            now.ToUnixTimeMilliseconds(),
            Size(each, json),
            Encoding.UTF8.GetBytes(json.GetRawText())
        );

    public static (long Count, long Size) Count(Database database, Archive archive, DateTimeOffset now) =>
        database.Read(transaction =>
            transaction.First(
                $"SELECT COUNT(*), COALESCE(SUM(size), 0) FROM events_archived WHERE {There}",
                row => (row.GetInt64(0), row.GetInt64(1)),
                archive.Key,
                (now - Delay).ToUnixTimeMilliseconds(),
                Oldest(archive, now)
            )
        );

    /// <summary>The next events of a replay: minute by minute, and within a minute as they came.</summary>
    public static List<(long Id, DateTimeOffset Time, JsonElement Event)> Next(
        Transaction transaction,
        Archive archive,
        Replay replay,
        DateTimeOffset now,
        long limit
    ) =>
        transaction.Query(
            $"SELECT id, time, open('events_archived', value) FROM events_archived WHERE {There} AND time >= $4 AND time < $5 "
                + "AND minute BETWEEN $4 / 60000 AND $5 / 60000 AND (minute, id) > ($6, $7) ORDER BY minute, id LIMIT $8",
            row => (row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), OwnJson.Parse(row.GetFieldValue<byte[]>(2))),
            archive.Key,
            (now - Delay).ToUnixTimeMilliseconds(),
            Oldest(archive, now),
            replay.EventStartTime.ToUnixTimeMilliseconds(),
            replay.EventEndTime.ToUnixTimeMilliseconds(),
            replay.LastMinute ?? long.MinValue,
            replay.LastId,
            limit
        );

    /// <summary>Removes a portion of what an archive keeps no longer; answers how much.</summary>
    public static int Prune(Transaction transaction, Archive archive, DateTimeOffset now, long limit) =>
        transaction.Execute(
            "DELETE FROM events_archived WHERE id IN (SELECT id FROM events_archived WHERE archive = $1 AND received <= $2 LIMIT $3)",
            archive.Key,
            Oldest(archive, now),
            limit
        );

    public static void Remove(Transaction transaction, Archive archive) =>
        transaction.Execute("DELETE FROM events_archived WHERE archive = $1", archive.Key);

    public static void Reset(Transaction transaction, string account) =>
        transaction.Execute("DELETE FROM events_archived WHERE account = $1", account);

    /// <summary>As AWS counts: time and account, source, type, detail and resources (it fits the one recording: 1,590 bytes for ten events).</summary>
    private static long Size(IncomingEvent each, JsonElement json) =>
        14
        + 12
        + Encoding.UTF8.GetByteCount(each.Source)
        + Encoding.UTF8.GetByteCount(each.DetailType)
        + Encoding.UTF8.GetByteCount(json.GetProperty("detail").GetRawText())
        + each.Resources.Sum(Encoding.UTF8.GetByteCount);

    private static long Oldest(Archive archive, DateTimeOffset now) =>
        archive.RetentionDays == 0 ? long.MinValue : (now - TimeSpan.FromDays(archive.RetentionDays)).ToUnixTimeMilliseconds();
}
