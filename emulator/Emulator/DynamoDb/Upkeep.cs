using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>
/// Clears what is given up: rows of deleted tables, stream records and streams whose 24 hours are over, system backups after 35 days, and
/// changes that point-in-time recovery does not reach any more.
/// </summary>
internal sealed class Upkeep(
    Database database,
    Clock clock,
    StreamWriter streams,
    BackupStore backups,
    Tables tables,
    ContinuousBackups continuous
)
{
    private const int Batch = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public async ValueTask<DateTimeOffset?> Step(CancellationToken cancellation)
    {
        await database.Write(continuous.Adopt).ConfigureAwait(false);
        while (!cancellation.IsCancellationRequested && await database.Write(Clear).ConfigureAwait(false)) { }

        return clock.GetUtcNow() + Interval;
    }

    /// <summary>One portion, so that other writes get their turn; true where there may be more.</summary>
    private bool Clear(Transaction transaction)
    {
        var limit = (clock.GetUtcNow() - StreamWriter.Retention).ToUnixTimeMilliseconds();
        var removed = transaction.Execute(
            "DELETE FROM dynamodb_record WHERE sequence IN (SELECT sequence FROM dynamodb_record WHERE created <= $1 LIMIT $2)",
            limit,
            (long)Batch
        );
        foreach (
            var (scope, name, stream) in streams
                .Shelf.All()
                .Where(entry => entry.Value.Disabled + StreamWriter.Retention <= clock.GetUtcNow())
                .ToList()
        )
        {
            streams.Shelf.Remove(transaction, scope, name);
            transaction.Execute("UPDATE dynamodb_space SET dropped = 1 WHERE id = $1", stream.Space);
        }

        foreach (var (scope, _, backup) in backups.Shelf.All().Where(entry => !backups.IsThere(entry.Value)).ToList())
        {
            backups.Remove(transaction, scope, backup);
        }

        foreach (var (_, _, table) in tables.Shelf.All().Where(entry => entry.Value.ChangeSpace is not null).ToList())
        {
            removed = Math.Max(
                removed,
                ChangeLog.Prune(transaction, table.ChangeSpace!.Value, continuous.WindowOf(table)!.Value.Earliest, Batch)
            );
        }

        if (transaction.Number("SELECT id FROM dynamodb_space WHERE dropped = 1 LIMIT 1") is { } space)
        {
            var rows = transaction.Execute(
                "DELETE FROM dynamodb_item WHERE space = $1 AND (hash, hk, rk, pk) IN (SELECT hash, hk, rk, pk FROM dynamodb_item WHERE space = $1 LIMIT $2)",
                space,
                (long)Batch
            );
            if (rows == 0 && ChangeLog.Prune(transaction, space, DateTimeOffset.MaxValue, Batch) == 0)
            {
                transaction.Execute("DELETE FROM dynamodb_expiry WHERE space = $1", space);
                transaction.Execute("DELETE FROM dynamodb_record WHERE stream = $1", space);
                transaction.Execute("DELETE FROM dynamodb_space WHERE id = $1", space);
            }

            return true;
        }

        return removed == Batch;
    }
}
