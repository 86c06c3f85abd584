using System.Text.Json;
using Disa.Asl;
using Disa.Asl.States;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.StepFunctions;

/// <summary>An execution's row.</summary>
internal sealed record ExecutionRow
{
    public const string Running = "RUNNING";

    public long Id { get; init; }

    public required string Arn { get; init; }

    /// <summary>The state machine's ARN.</summary>
    public required string Machine { get; init; }

    public required string Name { get; init; }

    public required string Revision { get; init; }

    /// <summary>The ARN of the version that it began with.</summary>
    public string? Version { get; init; }

    /// <summary>The ARN of the alias that chose the version.</summary>
    public string? Alias { get; init; }

    public string Status { get; init; } = Running;

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Stopped { get; init; }

    public required string Input { get; init; }

    public string? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public string? TraceHeader { get; init; }
}

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
        + "open('stepfunctions_execution', error), open('stepfunctions_execution', cause), trace, version, alias";

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
    public static List<ExecutionRow> List(Transaction transaction, Target target, string? status, long? before, int limit)
    {
        var (column, arn) =
            target.Alias is { } alias ? ("alias", alias.Arn)
            : target.Version is { } version ? ("version", version.Arn)
            : ("machine", target.Machine.Arn);
        return status is null
            ? transaction.Query(
                $"SELECT {Columns} FROM stepfunctions_execution WHERE {column} = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                Row,
                arn,
                before ?? long.MaxValue,
                limit
            )
            : transaction.Query(
                $"SELECT {Columns} FROM stepfunctions_execution WHERE {column} = $1 AND status = $4 AND id < $2 ORDER BY id DESC LIMIT $3",
                Row,
                arn,
                before ?? long.MaxValue,
                limit,
                status
            );
    }

    public static List<JsonElement> Events(Transaction transaction, long execution, long? after, bool reverse, int limit) =>
        transaction.Query(
            reverse
                ? "SELECT open('stepfunctions_event', value) FROM stepfunctions_event WHERE execution = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
                : "SELECT open('stepfunctions_event', value) FROM stepfunctions_event WHERE execution = $1 AND id > $2 ORDER BY id LIMIT $3",
            row => JsonElement.Parse(row.GetFieldValue<byte[]>(0)),
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
            INSERT INTO stepfunctions_execution (arn, account, machine, name, revision, status, started, input, trace, version, alias, last_event, last_position, ready)
            VALUES ($1, $2, $3, $4, $5, 'RUNNING', $6, seal('stepfunctions_execution', $7), $8, $9, $10, 0, 0, 1)
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
            row.Alias
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
                HistoryJson.Write(happened)
            );
        }

        foreach (var id in decided.Changed)
        {
            if (decided.Run.Positions.TryGetValue(id, out var position))
            {
                transaction.Execute(
                    "INSERT INTO stepfunctions_position VALUES ($1, $2, seal('stepfunctions_position', $3)) ON CONFLICT (execution, id) DO UPDATE SET value = excluded.value",
                    execution,
                    id,
                    JsonSerializer.SerializeToUtf8Bytes(position, PositionJson.Default.Position)
                );
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

        var machine = StateMachines.Revision(transaction, row.Machine, row.Revision);
        var run = transaction.First(
            "SELECT last_event, last_position, timeout FROM stepfunctions_execution WHERE id = $1",
            reader => new Run
            {
                Facts = Facts(row, machine),
                LastEvent = reader.GetInt64(0),
                LastPosition = reader.GetInt32(1),
                Due = Time(reader, 2),
            },
            execution
        )!;
        var positions = transaction.Query(
            "SELECT open('stepfunctions_position', value) FROM stepfunctions_position WHERE execution = $1",
            reader => JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(0), PositionJson.Default.Position)!,
            execution
        );
        return (row, machine, run with { Positions = run.Positions.AddRange(positions.Select(p => KeyValuePair.Create(p.Id, p))) });
    }

    public static ExecutionFacts Facts(ExecutionRow row, StateMachineDocument machine) =>
        new(row.Arn, row.Name, machine.RoleArn, row.Started, machine.Arn, machine.Name, machine.Scope.Region, JsonElement.Parse(row.Input));

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
        RemoveEach(transaction, "SELECT id FROM stepfunctions_execution WHERE machine = $1", machine);

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
        position.Phase == Phase.Enter
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
        };

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new(row.GetInt64(column), TimeSpan.Zero);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <summary>What several decisions in a row came to, to be recorded in one transaction.</summary>
internal sealed class Recording(Run before, DateTimeOffset at)
{
    private readonly SortedSet<int> _changed = [];
    private readonly List<HistoryEvent> _events = [];

    public DateTimeOffset At { get; } = at;

    public Run Run { get; private set; } = before;

    public IReadOnlyCollection<int> Changed => _changed;

    public IReadOnlyList<HistoryEvent> Events => _events;

    public Outcome? Outcome { get; private set; }

    public bool IsNothing => _events.Count == 0 && _changed.Count == 0;

    public void Add(Decision decision)
    {
        Run = decision.Run;
        Outcome = decision.Outcome;
        _events.AddRange(decision.Events);
        _changed.UnionWith(decision.Changed.Select(position => position.Id));
        _changed.UnionWith(decision.Removed);
    }
}
