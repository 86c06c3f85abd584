using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Logs;

/// <summary>A stream's row; times are milliseconds since 1970.</summary>
internal sealed record LogStream(long Id, string Name, long Created, long? First, long? Last, long? Ingested);

/// <summary>An event's row.</summary>
internal sealed record LogEvent(long Id, long Stream, long Time, long Ingested, byte[] Message);

/// <summary>Groups on a shelf, streams and events in tables: what the room's operations share.</summary>
internal sealed class LogStore(Database database, Clock clock, Tokens tokens, UsageMeter meter)
{
    public static readonly Migration[] Migrations =
    [
        new(
            "logs",
            1,
            """
            CREATE TABLE logs_stream (
                id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
                created INTEGER NOT NULL, first INTEGER, last INTEGER, ingested INTEGER, UNIQUE (grp, name));
            CREATE TABLE logs_event (
                id INTEGER PRIMARY KEY, grp INTEGER NOT NULL, stream INTEGER NOT NULL, account TEXT NOT NULL,
                time INTEGER NOT NULL, ingested INTEGER NOT NULL, message BLOB NOT NULL);
            CREATE INDEX logs_event_stream ON logs_event (stream, time, id);
            CREATE INDEX logs_event_group ON logs_event (grp, time, id)
            """
        ),
        SubscriptionDeliveries.Migration,
    ];

    public Shelf<LogGroup> Groups { get; } = new(database, "logs.group", LogsDocuments.Default.LogGroup);

    public Database Database => database;

    /// <summary>"The token expires after 24 hours": API_FilterLogEvents and its neighbours.</summary>
    public Listings Lists { get; } = new(tokens, "logs", LogsErrors.InvalidToken) { Expiry = (clock, TimeSpan.FromHours(24)) };

    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public LogGroup Group(Scope scope, string name) => Groups.Get(scope, name) ?? throw LogsErrors.NoGroup();

    public LogGroup Group(Transaction transaction, Scope scope, string name) =>
        Groups.Get(transaction, scope, name) ?? throw LogsErrors.NoGroup();

    public static string ArnOf(Scope scope, string name) => Arn.Of("logs", scope, $"log-group:{name}");

    /// <summary>What rights are asked for: CloudWatch Logs names a stream, which may be empty, even where the operation is about the group.</summary>
    public static string ArnOf(Scope scope, string group, string stream) => Arn.Of("logs", scope, $"log-group:{group}:log-stream:{stream}");

    public LogGroup EnsureGroup(Transaction transaction, Scope scope, string name)
    {
        if (Groups.Get(transaction, scope, name) is { } existing)
        {
            return existing;
        }

        var made = NewGroup(name);
        Groups.Put(transaction, scope, name, made);
        return made;
    }

    public LogGroup NewGroup(string name) =>
        new(name, (RandomNumberGenerator.GetInt32(int.MaxValue) * 0x80000000L) + RandomNumberGenerator.GetInt32(int.MaxValue), Now);

    public static LogStream? Stream(Transaction transaction, LogGroup group, string name) =>
        transaction.First(
            "SELECT id, name, created, first, last, ingested FROM logs_stream WHERE grp = $1 AND name = $2",
            ReadStream,
            group.Id,
            name
        );

    public static LogStream ReadStream(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetInt64(2), Time(row, 3), Time(row, 4), Time(row, 5));

    public static LogEvent ReadEvent(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4));

    public LogStream AddStream(Transaction transaction, Scope scope, LogGroup group, string name)
    {
        var now = Now;
        var id = transaction.Insert(
            "INSERT INTO logs_stream (grp, account, name, created) VALUES ($1, $2, $3, $4)",
            group.Id,
            scope.Account,
            name,
            now
        );
        return new LogStream(id, name, now, null, null, null);
    }

    /// <summary>Files a batch of events for those who are subscribed to its group.</summary>
    public Action<Transaction, Scope, LogGroup, LogStream, long, long> Subscribed { get; set; } = (_, _, _, _, _, _) => { };

    /// <summary>Adds events to a stream; they have the order in which they come, among those of one millisecond.</summary>
    public void Append(
        Transaction transaction,
        Scope scope,
        LogGroup group,
        LogStream stream,
        IReadOnlyList<(long Time, byte[] Message)> events
    )
    {
        var now = Now;
        var (first, last) = (0L, 0L);
        foreach (var (time, message) in events)
        {
            last = transaction.Insert(
                "INSERT INTO logs_event (grp, stream, account, time, ingested, message) VALUES ($1, $2, $3, $4, $5, seal('logs_event', $6))",
                group.Id,
                stream.Id,
                scope.Account,
                time,
                now,
                message
            );
            first = first == 0 ? last : first;
        }

        if (events.Count > 0)
        {
            // The first byte is the room's own.
            meter.Add("logs", group.Name, "IngestedBytes", events.Sum(log => (double)log.Message.Length - 1 + PutLogEvents.EventOverhead));
            transaction.Execute(
                "UPDATE logs_stream SET first = min(coalesce(first, $2), $2), last = max(coalesce(last, $3), $3), ingested = $4 WHERE id = $1",
                stream.Id,
                events.Min(log => log.Time),
                events.Max(log => log.Time),
                now
            );
            Subscribed(transaction, scope, group, stream, first, last);
        }
    }

    /// <summary>Removes a group with all that is filed under it.</summary>
    public void RemoveGroup(Transaction transaction, Scope scope, LogGroup group)
    {
        Groups.Remove(transaction, scope, group.Name);
        transaction.Execute("DELETE FROM logs_event WHERE grp = $1", group.Id);
        transaction.Execute("DELETE FROM logs_stream WHERE grp = $1", group.Id);
    }

    /// <summary>Removes what has outlived its group's retention; reads hide it to the millisecond before.</summary>
    public async ValueTask<DateTimeOffset?> Expire(CancellationToken cancellation)
    {
        var kept = Groups.All().Where(entry => entry.Value.RetentionInDays is not null).Select(entry => entry.Value).ToList();
        if (kept.Count == 0)
        {
            return null;
        }

        await database
            .Write(transaction =>
            {
                foreach (var group in kept)
                {
                    transaction.Execute("DELETE FROM logs_event WHERE grp = $1 AND time < $2", group.Id, group.OldestKept(Now));
                }
            })
            .WaitAsync(cancellation)
            .ConfigureAwait(false);
        return clock.GetUtcNow() + TimeSpan.FromDays(1);
    }

    public static void Reset(Transaction transaction, string account)
    {
        transaction.Execute("DELETE FROM logs_event WHERE account = $1", account);
        transaction.Execute("DELETE FROM logs_stream WHERE account = $1", account);
        SubscriptionDeliveries.Reset(transaction, account);
    }

    private static long? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
