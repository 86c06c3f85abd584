using System.Text;
using System.Text.Json;
using Disa.Asl;
using Disa.Emulator.Store;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.StepFunctions.MapRuns;

/// <summary>A child execution of a Map run: one that waits, runs or is over.</summary>
internal sealed record MapChildRow
{
    public const string Pending = "PENDING";

    public required int Number { get; init; }

    /// <summary>How many items it has.</summary>
    public required int Items { get; init; }

    public required string Status { get; init; }

    public string? Arn { get; init; }

    public string? Name { get; init; }

    public required string Input { get; init; }

    public string? Output { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Stopped { get; init; }

    public int Redrives { get; init; }
}

/// <summary>How many child executions of a Map run are in a state, and how many items they have.</summary>
internal sealed record MapChildCount(string Status, long Executions, long Items);

/// <summary>The child executions of Map runs on disk. Natural key: the run and the number of the item or batch.</summary>
internal static class MapChildren
{
    private const string Columns =
        "number, items, status, arn, name, open('stepfunctions_mapchild', input), open('stepfunctions_mapchild', output), "
        + "open('stepfunctions_mapchild', error), open('stepfunctions_mapchild', cause), started, stopped, redrives";

    public static void Insert(Transaction transaction, long run, IReadOnlyList<ChildInput> children)
    {
        for (var i = 0; i < children.Count; i++)
        {
            transaction.Execute(
                "INSERT INTO stepfunctions_mapchild (run, number, items, status, input, redrives) VALUES ($1, $2, $3, 'PENDING', seal('stepfunctions_mapchild', $4), 0)",
                run,
                i,
                children[i].Items,
                Encoding.UTF8.GetBytes(children[i].Input.GetRawText())
            );
        }
    }

    public static List<MapChildCount> Count(Transaction transaction, long run) =>
        transaction.Query(
            "SELECT status, count(*), sum(items) FROM stepfunctions_mapchild WHERE run = $1 GROUP BY status",
            row => new MapChildCount(row.GetString(0), row.GetInt64(1), row.GetInt64(2)),
            run
        );

    /// <summary>In their order.</summary>
    public static List<MapChildRow> List(Transaction transaction, long run, string? status = null, int limit = int.MaxValue) =>
        status is null
            ? transaction.Query($"SELECT {Columns} FROM stepfunctions_mapchild WHERE run = $1 ORDER BY number LIMIT $2", Row, run, limit)
            : transaction.Query(
                $"SELECT {Columns} FROM stepfunctions_mapchild WHERE run = $1 AND status = $3 ORDER BY number LIMIT $2",
                Row,
                run,
                limit,
                status
            );

    public static void Started(Transaction transaction, long run, int number, ExecutionRow execution) =>
        transaction.Execute(
            "UPDATE stepfunctions_mapchild SET status = 'RUNNING', arn = $3, name = $4, started = $5, stopped = NULL WHERE run = $1 AND number = $2",
            run,
            number,
            execution.Arn,
            execution.Name,
            execution.Started.UtcTicks
        );

    public static void Ended(Transaction transaction, string arn, Outcome outcome, DateTimeOffset at) =>
        transaction.Execute(
            "UPDATE stepfunctions_mapchild SET status = $2, output = seal('stepfunctions_mapchild', $3), "
                + "error = seal('stepfunctions_mapchild', $4), cause = seal('stepfunctions_mapchild', $5), stopped = $6 WHERE arn = $1",
            arn,
            outcome.Status,
            outcome.Output.ValueKind == JsonValueKind.Undefined ? null : Encoding.UTF8.GetBytes(outcome.Output.GetRawText()),
            Bytes(outcome.Error?.Error),
            Bytes(outcome.Error?.Cause),
            at.UtcTicks
        );

    /// <summary>What did not succeed is to run again.</summary>
    public static void Redrive(Transaction transaction, long run) =>
        transaction.Execute(
            "UPDATE stepfunctions_mapchild SET status = 'PENDING', redrives = redrives + 1, error = NULL, cause = NULL "
                + "WHERE run = $1 AND status NOT IN ('SUCCEEDED', 'PENDING', 'RUNNING')",
            run
        );

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static MapChildRow Row(SqliteDataReader row) =>
        new()
        {
            Number = row.GetInt32(0),
            Items = row.GetInt32(1),
            Status = row.GetString(2),
            Arn = row.IsDBNull(3) ? null : row.GetString(3),
            Name = row.IsDBNull(4) ? null : row.GetString(4),
            Input = Text(row, 5)!,
            Output = Text(row, 6),
            Error = Text(row, 7),
            Cause = Text(row, 8),
            Started = Time(row, 9),
            Stopped = Time(row, 10),
            Redrives = row.GetInt32(11),
        };

    private static string? Text(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(column));

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
