using System.Text.Json;
using Disa.Asl;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>A Map run's row.</summary>
internal sealed record MapRunRow
{
    public long Id { get; init; }

    public required string Arn { get; init; }

    /// <summary>The execution whose state it is.</summary>
    public required long Execution { get; init; }

    public required int Position { get; init; }

    public string Status { get; init; } = ExecutionRow.Running;

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Stopped { get; init; }

    public int MaxConcurrency { get; init; }

    public long ToleratedFailureCount { get; init; }

    public double ToleratedFailurePercentage { get; init; }

    /// <summary>Whether its items have been read.</summary>
    public bool IsFilled { get; init; }

    public bool IsWritten { get; init; }

    public int Redrives { get; init; }

    public DateTimeOffset? Redriven { get; init; }

    public required MapOrder Order { get; init; }
}

/// <summary>Map runs on disk. Natural key: the run's ARN, which its state made.</summary>
internal static class MapRuns
{
    public static readonly Migration Tables = new(
        "stepfunctions",
        5,
        """
        CREATE TABLE stepfunctions_maprun (
            id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, execution INTEGER NOT NULL, position INTEGER NOT NULL,
            status TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER, concurrency INTEGER NOT NULL, tolerated_count INTEGER NOT NULL,
            tolerated_percentage REAL NOT NULL, filled INTEGER NOT NULL, written INTEGER NOT NULL, redrives INTEGER NOT NULL,
            redriven INTEGER, value BLOB NOT NULL
        );
        CREATE INDEX stepfunctions_maprun_execution ON stepfunctions_maprun (execution, id);
        CREATE TABLE stepfunctions_mapchild (
            run INTEGER NOT NULL, number INTEGER NOT NULL, items INTEGER NOT NULL, status TEXT NOT NULL, arn TEXT, name TEXT,
            input BLOB NOT NULL, output BLOB, error BLOB, cause BLOB, started INTEGER, stopped INTEGER, redrives INTEGER NOT NULL,
            PRIMARY KEY (run, number)
        ) WITHOUT ROWID;
        CREATE INDEX stepfunctions_mapchild_status ON stepfunctions_mapchild (run, status, number, items);
        CREATE INDEX stepfunctions_mapchild_arn ON stepfunctions_mapchild (arn) WHERE arn IS NOT NULL;
        ALTER TABLE stepfunctions_execution ADD COLUMN maprun TEXT;
        ALTER TABLE stepfunctions_execution ADD COLUMN items INTEGER;
        ALTER TABLE stepfunctions_execution ADD COLUMN redrives INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE stepfunctions_execution ADD COLUMN redriven INTEGER;
        ALTER TABLE stepfunctions_execution ADD COLUMN redrive_token TEXT;
        CREATE INDEX stepfunctions_execution_maprun ON stepfunctions_execution (maprun, id) WHERE maprun IS NOT NULL
        """
    );

    private const string Columns =
        "id, arn, execution, position, status, started, stopped, concurrency, tolerated_count, tolerated_percentage, filled, written, "
        + "redrives, redriven, open('stepfunctions_maprun', value)";

    /// <summary>The execution of the state that a run is of.</summary>
    public static ExecutionRow Parent(Transaction transaction, MapRunRow run) => Executions.Get(transaction, run.Execution)!;

    public static MapRunRow? Get(Transaction transaction, string arn) =>
        transaction.First($"SELECT {Columns} FROM stepfunctions_maprun WHERE arn = $1", Row, arn);

    /// <exception cref="AwsException">ValidationException, InvalidArn, ResourceNotFound.</exception>
    public static MapRunRow Find(Transaction transaction, string? arn)
    {
        if (arn is null)
        {
            throw StepFunctionsErrors.Missing("mapRunArn");
        }

        return Arn.TryParse(arn) is { Service: "states" } parsed && parsed.Resource.StartsWith("mapRun:", StringComparison.Ordinal)
            ? Get(transaction, arn) ?? throw StepFunctionsErrors.ResourceNotFound(arn)
            : throw StepFunctionsErrors.InvalidArn(arn);
    }

    /// <summary>Those of an execution, newest first.</summary>
    public static List<MapRunRow> List(Transaction transaction, long execution, long? before, int limit) =>
        transaction.Query(
            $"SELECT {Columns} FROM stepfunctions_maprun WHERE execution = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            Row,
            execution,
            before ?? long.MaxValue,
            limit
        );

    /// <summary>A run begins, is given its items, or both.</summary>
    public static void Record(Transaction transaction, long execution, MapStart start, DateTimeOffset now)
    {
        var order = start.Order;
        if (Get(transaction, order.Arn) is not { } run)
        {
            transaction.Insert(
                """
                INSERT INTO stepfunctions_maprun (arn, execution, position, status, started, concurrency, tolerated_count,
                    tolerated_percentage, filled, written, redrives, value)
                VALUES ($1, $2, $3, 'RUNNING', $4, $5, $6, $7, 0, 0, 0, seal('stepfunctions_maprun', $8))
                """,
                order.Arn,
                execution,
                start.Position,
                now.UtcTicks,
                order.MaxConcurrency,
                order.ToleratedFailureCount,
                order.ToleratedFailurePercentage,
                JsonSerializer.SerializeToUtf8Bytes(order, PositionJson.Default.MapOrder)
            );
            run = Get(transaction, order.Arn)!;
        }

        if (run.Order.Redrives < order.Redrives)
        {
            Redrive(transaction, run.Id, order, now);
        }

        if (start.Children is not null && !run.IsFilled)
        {
            MapChildren.Insert(transaction, run.Id, start.Children);
            transaction.Execute("UPDATE stepfunctions_maprun SET filled = 1 WHERE id = $1", run.Id);
        }
    }

    /// <summary>The state that a run is of is over with it.</summary>
    public static void End(Transaction transaction, string arn, string status, DateTimeOffset now) =>
        transaction.Execute(
            "UPDATE stepfunctions_maprun SET status = $2, stopped = $3 WHERE arn = $1 AND status = 'RUNNING'",
            arn,
            status,
            now.UtcTicks
        );

    private static void Redrive(Transaction transaction, long run, MapOrder order, DateTimeOffset now)
    {
        transaction.Execute(
            "UPDATE stepfunctions_maprun SET status = 'RUNNING', stopped = NULL, written = 0, redrives = $2, redriven = $3, "
                + "value = seal('stepfunctions_maprun', $4) WHERE id = $1",
            run,
            order.Redrives,
            now.UtcTicks,
            JsonSerializer.SerializeToUtf8Bytes(order, PositionJson.Default.MapOrder)
        );
        MapChildren.Redrive(transaction, run);
    }

    public static void Written(Transaction transaction, long run) =>
        transaction.Execute("UPDATE stepfunctions_maprun SET written = 1 WHERE id = $1", run);

    public static void Update(Transaction transaction, MapRunRow run) =>
        transaction.Execute(
            "UPDATE stepfunctions_maprun SET concurrency = $2, tolerated_count = $3, tolerated_percentage = $4 WHERE id = $1",
            run.Id,
            run.MaxConcurrency,
            run.ToleratedFailureCount,
            run.ToleratedFailurePercentage
        );

    /// <summary>Removes the runs of an execution that is removed itself.</summary>
    public static void Remove(Transaction transaction, long execution)
    {
        transaction.Execute(
            "DELETE FROM stepfunctions_mapchild WHERE run IN (SELECT id FROM stepfunctions_maprun WHERE execution = $1)",
            execution
        );
        transaction.Execute("DELETE FROM stepfunctions_maprun WHERE execution = $1", execution);
    }

    private static MapRunRow Row(SqliteDataReader row) =>
        new()
        {
            Id = row.GetInt64(0),
            Arn = row.GetString(1),
            Execution = row.GetInt64(2),
            Position = row.GetInt32(3),
            Status = row.GetString(4),
            Started = new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero),
            Stopped = row.IsDBNull(6) ? null : new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero),
            MaxConcurrency = row.GetInt32(7),
            ToleratedFailureCount = row.GetInt64(8),
            ToleratedFailurePercentage = row.GetDouble(9),
            IsFilled = row.GetInt32(10) == 1,
            IsWritten = row.GetInt32(11) == 1,
            Redrives = row.GetInt32(12),
            Redriven = row.IsDBNull(13) ? null : new DateTimeOffset(row.GetInt64(13), TimeSpan.Zero),
            Order = JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(14), PositionJson.Default.MapOrder)!,
        };
}
