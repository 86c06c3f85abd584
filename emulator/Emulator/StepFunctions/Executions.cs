using System.Text.Json;
using Disa.Asl;
using Disa.Asl.States;
using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;
using Disa.Jsonata;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.StepFunctions;

/// <summary>Executions on disk: their rows, positions, histories and task tokens. Natural key: the execution's ARN.</summary>
internal static class Executions
{
    public static readonly Migration Tables = new(
        "stepfunctions",
        2,
        """
        CREATE TABLE stepfunctions_execution (
            id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, account TEXT NOT NULL, machine TEXT NOT NULL,
            name TEXT NOT NULL, revision TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, stopped INTEGER,
            input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT, trace TEXT,
            last_event INTEGER NOT NULL, last_position INTEGER NOT NULL, timeout INTEGER, due INTEGER, ready INTEGER NOT NULL
        );
        CREATE INDEX stepfunctions_execution_machine ON stepfunctions_execution (machine, id);
        CREATE INDEX stepfunctions_execution_status ON stepfunctions_execution (machine, status, id);
        CREATE INDEX stepfunctions_execution_due ON stepfunctions_execution (due) WHERE due IS NOT NULL;
        CREATE INDEX stepfunctions_execution_ready ON stepfunctions_execution (id) WHERE ready = 1;
        CREATE TABLE stepfunctions_position (
            execution INTEGER NOT NULL, id INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (execution, id)
        ) WITHOUT ROWID;
        CREATE TABLE stepfunctions_event (
            execution INTEGER NOT NULL, id INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (execution, id)
        ) WITHOUT ROWID;
        CREATE TABLE stepfunctions_token (
            token TEXT NOT NULL PRIMARY KEY, execution INTEGER NOT NULL, position INTEGER NOT NULL, task INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX stepfunctions_token_execution ON stepfunctions_token (execution);
        """
    );

    public static readonly Migration Versions = new(
        "stepfunctions",
        4,
        """
        ALTER TABLE stepfunctions_execution ADD COLUMN version TEXT;
        ALTER TABLE stepfunctions_execution ADD COLUMN alias TEXT;
        CREATE INDEX stepfunctions_execution_version ON stepfunctions_execution (version, id) WHERE version IS NOT NULL;
        CREATE INDEX stepfunctions_execution_alias ON stepfunctions_execution (alias, id) WHERE alias IS NOT NULL
        """
    );

    private const string Columns =
        "id, arn, machine, name, revision, status, started, stopped, open('stepfunctions_execution', input), open('stepfunctions_execution', output), "
        + "open('stepfunctions_execution', error), open('stepfunctions_execution', cause), trace, version, alias, maprun, items, redrives, redriven";

    public static ExecutionRow? Get(Transaction transaction, string arn) =>
        transaction.First($"SELECT {Columns} FROM stepfunctions_execution WHERE arn = $1", Row, arn);

    public static ExecutionRow? Get(Transaction transaction, long id) =>
        transaction.First($"SELECT {Columns} FROM stepfunctions_execution WHERE id = $1", Row, id);

    /// <summary>An execution that the API shows: of a STANDARD machine.</summary>
    public static ExecutionRow FindStandard(Transaction transaction, string? arn)
    {
        if (arn is null)
        {
            throw StepFunctionsErrors.Missing("executionArn");
        }

        if (Arn.TryParse(arn) is not { Service: "states" } parsed)
        {
            throw StepFunctionsErrors.InvalidArn(arn);
        }

        return parsed.Resource.StartsWith("express:", StringComparison.Ordinal)
            ? throw StepFunctionsErrors.NoExpress()
            : Get(transaction, arn) ?? throw StepFunctionsErrors.ExecutionDoesNotExist(arn);
    }

    /// <summary>Those of a machine, of a version or of an alias, newest first.</summary>
    public static List<ExecutionRow> List(Transaction transaction, Target target, ExecutionFilter filter, long? before, int limit) =>
        target.Alias is { } alias ? List(transaction, "alias", alias.Arn, filter, before, limit)
        : target.Version is { } version ? List(transaction, "version", version.Arn, filter, before, limit)
        : List(transaction, "machine", target.Machine.Arn, filter, before, limit);

    /// <summary>The child executions of a Map run, newest first; EXPRESS ones are not kept.</summary>
    public static List<ExecutionRow> ListChildren(
        Transaction transaction,
        string mapRun,
        ExecutionFilter filter,
        long? before,
        int limit
    ) => List(transaction, "maprun", mapRun, filter, before, limit);

    private static List<ExecutionRow> List(
        Transaction transaction,
        string column,
        string arn,
        ExecutionFilter filter,
        long? before,
        int limit
    ) =>
        transaction.Query(
            $"SELECT {Columns} FROM stepfunctions_execution WHERE {column} = $1 AND id < $2"
                + (filter.Status is null ? "" : " AND status = $4")
                + (
                    filter.IsRedriven switch
                    {
                        null => "",
                        true => " AND redrives > 0",
                        false => " AND redrives = 0",
                    }
                )
                + " ORDER BY id DESC LIMIT $3",
            Row,
            filter.Status is null ? [arn, before ?? long.MaxValue, limit] : [arn, before ?? long.MaxValue, limit, filter.Status]
        );

    public static List<JsonElement> Events(Transaction transaction, long execution, long? after, bool reverse, int limit) =>
        transaction.Query(
            reverse
                ? "SELECT open('stepfunctions_event', value) FROM stepfunctions_event WHERE execution = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
                : "SELECT open('stepfunctions_event', value) FROM stepfunctions_event WHERE execution = $1 AND id > $2 ORDER BY id LIMIT $3",
            row => JsonElement.Parse(Packing.Unpack(row.GetFieldValue<byte[]>(0))),
            execution,
            after ?? (reverse ? long.MaxValue : 0),
            limit
        );

    /// <summary>Executions whose wait, retry or timeout comes, the earliest first.</summary>
    public static List<Upcoming> Upcoming(Transaction transaction, string account, int limit) =>
        transaction.Query(
            "SELECT arn, due FROM stepfunctions_execution WHERE due IS NOT NULL AND account = $1 ORDER BY due LIMIT $2",
            row => new Upcoming("sfn", "execution", row.GetString(0), new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero)),
            account,
            limit
        );

    public static ExecutionRow Insert(Transaction transaction, ExecutionRow row, string account)
    {
        var id = transaction.Insert(
            """
            INSERT INTO stepfunctions_execution (arn, account, machine, name, revision, status, started, input, trace, version, alias, maprun, items, last_event, last_position, ready)
            VALUES ($1, $2, $3, $4, $5, 'RUNNING', $6, seal('stepfunctions_execution', $7), $8, $9, $10, $11, $12, 0, 0, 1)
            """,
            row.Arn,
            account,
            row.Machine,
            row.Name,
            row.Revision,
            row.Started.UtcTicks,
            row.Input,
            row.TraceHeader,
            row.Version,
            row.Alias,
            row.MapRun,
            row.Items
        );
        return row with { Id = id };
    }

    /// <summary>Records what was decided, all of it.</summary>
    public static void Record(Transaction transaction, long execution, Recording decided)
    {
        foreach (var happened in decided.Events)
        {
            transaction.Execute(
                "INSERT INTO stepfunctions_event VALUES ($1, $2, seal('stepfunctions_event', $3))",
                execution,
                happened.Id,
                Packing.Pack(HistoryJson.Write(happened))
            );
        }

        foreach (var id in decided.Changed)
        {
            if (decided.Run.Positions.TryGetValue(id, out var position))
            {
                Put(transaction, execution, position);
                if (position.Task is { Token: { } token, Submitted: false } task)
                {
                    transaction.Execute("INSERT OR IGNORE INTO stepfunctions_token VALUES ($1, $2, $3, $4)", token, execution, id, task.Id);
                    if (TaskResource.IsActivity(task.Resource))
                    {
                        Activities.Queue(transaction, task.Resource, token);
                    }
                }
            }
            else
            {
                transaction.Execute("DELETE FROM stepfunctions_position WHERE execution = $1 AND id = $2", execution, id);
            }
        }

        var run = decided.Run;
        transaction.Execute(
            "UPDATE stepfunctions_execution SET last_event = $2, last_position = $3, timeout = $4, due = $5, ready = $6 WHERE id = $1",
            execution,
            run.LastEvent,
            run.LastPosition,
            run.Due?.UtcTicks,
            run.NextDue?.UtcTicks,
            run.Positions.Values.Any(IsReady) ? 1 : 0
        );
        if (decided.Outcome is { } outcome)
        {
            foreach (var position in decided.Left)
            {
                Put(transaction, execution, position);
            }

            transaction.Execute(
                "UPDATE stepfunctions_execution SET status = $2, stopped = $3, output = seal('stepfunctions_execution', $4), "
                    + "error = seal('stepfunctions_execution', $5), cause = seal('stepfunctions_execution', $6) WHERE id = $1",
                execution,
                outcome.Status,
                decided.At.UtcTicks,
                outcome.Output.ValueKind == JsonValueKind.Undefined ? null : outcome.Output.GetRawText(),
                outcome.Error?.Error,
                outcome.Error?.Cause
            );
        }
    }

    /// <summary>Null where the execution is over, or gone with its machine.</summary>
    public static (ExecutionRow Row, StateMachineDocument Machine, Run Run)? Load(Transaction transaction, long execution)
    {
        if (Get(transaction, execution) is not { Status: ExecutionRow.Running } row)
        {
            return null;
        }

        var (machine, run, positions) = Load(transaction, row);
        return (row, machine, run with { Positions = run.Positions.AddRange(positions.Select(p => KeyValuePair.Create(p.Id, p))) });
    }

    /// <summary>An execution's counters, and its positions: of one that is over, those where it can be taken up again.</summary>
    public static (StateMachineDocument Machine, Run Run, List<Position> Positions) Load(Transaction transaction, ExecutionRow row)
    {
        var machine = StateMachines.Revision(transaction, row.Machine, row.Revision, row.Arn);
        var run = transaction.First(
            "SELECT last_event, last_position, timeout FROM stepfunctions_execution WHERE id = $1",
            reader => new Run
            {
                Facts = Facts(row, machine),
                LastEvent = reader.GetInt64(0),
                LastPosition = reader.GetInt32(1),
                Due = Time(reader, 2),
            },
            row.Id
        )!;
        var positions = transaction.Query(
            "SELECT open('stepfunctions_position', value) FROM stepfunctions_position WHERE execution = $1",
            reader => JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), PositionJson.Default.Position)!,
            row.Id
        );
        return (machine, run, positions);
    }

    /// <summary>Reopens an execution that had ended.</summary>
    public static ExecutionRow Redrive(Transaction transaction, ExecutionRow row, DateTimeOffset now)
    {
        transaction.Execute(
            "UPDATE stepfunctions_execution SET status = 'RUNNING', stopped = NULL, error = NULL, cause = NULL, redrives = redrives + 1, "
                + "redriven = $2 WHERE id = $1",
            row.Id,
            now.UtcTicks
        );
        return Get(transaction, row.Id)!;
    }

    public static ExecutionFacts Facts(ExecutionRow row, StateMachineDocument machine) =>
        new(row.Arn, row.Name, machine.RoleArn, row.Started, machine.Arn, machine.Name, machine.Scope.Region, JsonInput.Parse(row.Input))
        {
            RedriveCount = row.Redrives,
            Redriven = row.Redriven,
        };

    public static List<long> Ready(Transaction transaction) =>
        transaction.Query("SELECT id FROM stepfunctions_execution WHERE ready = 1 ORDER BY id", row => row.GetInt64(0));

    public static List<long> Due(Transaction transaction, DateTimeOffset now) =>
        transaction.Query("SELECT id FROM stepfunctions_execution WHERE due <= $1 ORDER BY due", row => row.GetInt64(0), now.UtcTicks);

    public static DateTimeOffset? NextDue(Transaction transaction, DateTimeOffset now) =>
        transaction.Number("SELECT min(due) FROM stepfunctions_execution WHERE due > $1", now.UtcTicks) is { } ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    public static (long Execution, int Position, long Task)? Token(Transaction transaction, string account, string token) =>
        transaction.First<(long, int, long)?>(
            "SELECT execution, position, task FROM stepfunctions_token JOIN stepfunctions_execution ON id = execution WHERE token = $1 AND account = $2",
            row => (row.GetInt64(0), row.GetInt32(1), row.GetInt64(2)),
            token,
            account
        );

    /// <summary>Removes one execution, as an EXPRESS one is once it is over.</summary>
    public static void Remove(Transaction transaction, long execution)
    {
        MapRuns.MapRuns.Remove(transaction, execution);
        foreach (
            var statement in (ReadOnlySpan<string>)
                [
                    "DELETE FROM stepfunctions_event WHERE execution = $1",
                    "DELETE FROM stepfunctions_position WHERE execution = $1",
                    "DELETE FROM stepfunctions_token WHERE execution = $1",
                    "DELETE FROM stepfunctions_execution WHERE id = $1",
                ]
        )
        {
            transaction.Execute(statement, execution);
        }
    }

    public static void RemoveAll(Transaction transaction, string machine) =>
        // A slash follows the name in the ARN of its Map runs' machine, and the digit zero follows the slash.
        RemoveEach(
            transaction,
            "SELECT id FROM stepfunctions_execution WHERE machine = $1 OR (machine > $1 || '/' AND machine < $1 || '0')",
            machine
        );

    public static void Reset(Transaction transaction, string account) =>
        RemoveEach(transaction, "SELECT id FROM stepfunctions_execution WHERE account = $1", account);

    private static void RemoveEach(Transaction transaction, string select, string key)
    {
        foreach (var id in transaction.Query(select, row => row.GetInt64(0), key))
        {
            Remove(transaction, id);
        }
    }

    /// <summary>Whether something must be done after a restart without waiting for a time or a message.</summary>
    private static bool IsReady(Position position) =>
        position.Phase is Phase.Enter or Phase.Redrive
        || (
            position is { Phase: Phase.Task, Task: { } task }
            && (!task.Submitted || task.Token is null)
            && !TaskResource.IsActivity(task.Resource)
        );

    private static ExecutionRow Row(SqliteDataReader row) =>
        new()
        {
            Id = row.GetInt64(0),
            Arn = row.GetString(1),
            Machine = row.GetString(2),
            Name = row.GetString(3),
            Revision = row.GetString(4),
            Status = row.GetString(5),
            Started = Time(row, 6)!.Value,
            Stopped = Time(row, 7),
            Input = row.GetString(8),
            Output = Text(row, 9),
            Error = Text(row, 10),
            Cause = Text(row, 11),
            TraceHeader = Text(row, 12),
            Version = Text(row, 13),
            Alias = Text(row, 14),
            MapRun = Text(row, 15),
            Items = row.IsDBNull(16) ? null : row.GetInt32(16),
            Redrives = row.GetInt32(17),
            Redriven = Time(row, 18),
        };

    private static void Put(Transaction transaction, long execution, Position position) =>
        transaction.Execute(
            "INSERT INTO stepfunctions_position VALUES ($1, $2, seal('stepfunctions_position', $3)) ON CONFLICT (execution, id) DO UPDATE SET value = excluded.value",
            execution,
            position.Id,
            JsonSerializer.SerializeToUtf8Bytes(position, PositionJson.Default.Position)
        );

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new(row.GetInt64(column), TimeSpan.Zero);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
