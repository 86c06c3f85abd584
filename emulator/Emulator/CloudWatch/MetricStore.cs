using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.CloudWatch;

/// <summary>Metrics and their values on disk: a row a minute, or a second for high resolution, and unit.</summary>
internal static class MetricStore
{
    /// <summary>How long ListMetrics names a metric after its last value.</summary>
    public static readonly TimeSpan Listed = TimeSpan.FromDays(14);

    public static readonly IReadOnlyList<Migration> Migrations =
    [
        new(
            "cloudwatch",
            1,
            """
            CREATE TABLE cloudwatch_metric (
                id INTEGER PRIMARY KEY, account TEXT NOT NULL, region TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
                dimensions TEXT NOT NULL, seen INTEGER NOT NULL, UNIQUE (account, region, namespace, name, dimensions));
            CREATE TABLE cloudwatch_point (
                metric INTEGER NOT NULL, time INTEGER NOT NULL, unit TEXT NOT NULL, count REAL NOT NULL, sum REAL NOT NULL,
                minimum REAL NOT NULL, maximum REAL NOT NULL, spread BLOB, PRIMARY KEY (metric, time, unit)) WITHOUT ROWID;
            CREATE TABLE cloudwatch_history (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, alarm TEXT NOT NULL, time INTEGER NOT NULL,
                type TEXT NOT NULL, summary TEXT NOT NULL, data TEXT NOT NULL);
            CREATE INDEX cloudwatch_history_time ON cloudwatch_history (account, region, time);
            CREATE TABLE cloudwatch_action (
                id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, alarm TEXT NOT NULL, target TEXT NOT NULL,
                subject TEXT NOT NULL, body TEXT NOT NULL, changed INTEGER NOT NULL, attempts INTEGER NOT NULL, due INTEGER NOT NULL);
            """
        ),
        new("cloudwatch", 2, "ALTER TABLE cloudwatch_history ADD COLUMN kind TEXT NOT NULL DEFAULT 'MetricAlarm'"),
    ];

    public static void Add(Transaction transaction, Scope scope, string ns, IReadOnlyList<MetricSample> samples)
    {
        foreach (var group in samples.GroupBy(sample => (sample.Name, sample.Dimensions)))
        {
            var latest = group.Max(sample => sample.Timestamp).ToUnixTimeSeconds();
            var id = transaction
                .Number(
                    """
                    INSERT INTO cloudwatch_metric (account, region, namespace, name, dimensions, seen) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (account, region, namespace, name, dimensions) DO UPDATE SET seen = max(seen, $6) RETURNING id
                    """,
                    scope.Account,
                    scope.Region,
                    ns,
                    group.Key.Name,
                    group.Key.Dimensions,
                    latest
                )!
                .Value;
            foreach (var slot in group.GroupBy(sample => (Time: Slot(sample), sample.Unit)))
            {
                var values = Aggregate.Total(slot.Select(sample => sample.Values))!;
                var before = transaction.First(
                    "SELECT count, sum, minimum, maximum, spread FROM cloudwatch_point WHERE metric = $1 AND time = $2 AND unit = $3",
                    row => Read(row, 0),
                    id,
                    slot.Key.Time,
                    slot.Key.Unit
                );
                var after = before is null ? values : before.Add(values);
                transaction.Execute(
                    "INSERT OR REPLACE INTO cloudwatch_point VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    id,
                    slot.Key.Time,
                    slot.Key.Unit,
                    after.Count,
                    after.Sum,
                    after.Minimum,
                    after.Maximum,
                    after.Pack()
                );
            }
        }
    }

    /// <summary>Metrics of users that had a value since a time: AWS bills a custom metric for the hours in which it has any.</summary>
    public static int CountCustom(Transaction transaction, DateTimeOffset since) =>
        (int)(
            transaction.Number(
                "SELECT count(*) FROM cloudwatch_metric WHERE namespace NOT LIKE 'AWS/%' AND seen >= $1",
                since.ToUnixTimeSeconds()
            ) ?? 0
        );

    public static long? Find(Transaction transaction, Scope scope, string ns, string name, string dimensions) =>
        transaction.Number(
            "SELECT id FROM cloudwatch_metric WHERE account = $1 AND region = $2 AND namespace = $3 AND name = $4 AND dimensions = $5",
            scope.Account,
            scope.Region,
            ns,
            name,
            dimensions
        );

    /// <summary>The values of a metric from one time (inclusive) to another (exclusive), in order of time.</summary>
    /// <param name="unit">Null takes every unit.</param>
    public static List<(DateTimeOffset Time, string Unit, Aggregate Values)> Points(
        Transaction transaction,
        long metric,
        DateTimeOffset from,
        DateTimeOffset to,
        string? unit
    ) =>
        transaction.Query(
            """
            SELECT time, unit, count, sum, minimum, maximum, spread FROM cloudwatch_point
            WHERE metric = $1 AND time >= $2 AND time < $3 AND ($4 IS NULL OR unit = $4) ORDER BY time
            """,
            row => (DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(0)), row.GetString(1), Read(row, 2)),
            metric,
            from.ToUnixTimeSeconds(),
            to.ToUnixTimeSeconds(),
            unit
        );

    public static void Reset(Transaction transaction, string account)
    {
        transaction.Execute("DELETE FROM cloudwatch_point WHERE metric IN (SELECT id FROM cloudwatch_metric WHERE account = $1)", account);
        transaction.Execute("DELETE FROM cloudwatch_metric WHERE account = $1", account);
        transaction.Execute("DELETE FROM cloudwatch_history WHERE account = $1", account);
        transaction.Execute("DELETE FROM cloudwatch_action WHERE account = $1", account);
    }

    private static long Slot(MetricSample sample)
    {
        var seconds = sample.Timestamp.ToUnixTimeSeconds();
        return sample.Resolution == 1 ? seconds : seconds - (seconds % 60);
    }

    private static Aggregate Read(Microsoft.Data.Sqlite.SqliteDataReader row, int at) =>
        new(
            row.GetDouble(at),
            row.GetDouble(at + 1),
            row.GetDouble(at + 2),
            row.GetDouble(at + 3),
            Aggregate.Unpack(row.IsDBNull(at + 4) ? null : row.GetFieldValue<byte[]>(at + 4))
        );
}
