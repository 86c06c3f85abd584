using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Disa.Emulator.Store;

/// <summary>
/// A prepared statement that is run for what it changes. It talks to SQLite itself: commands, parameters and readers cost a write more than
/// what SQLite does for it.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;
    private readonly int[] places;

    private Statement(sqlite3 connection, sqlite3_stmt statement, int values)
    {
        (this.connection, this.statement) = (connection, statement);
        places = new int[values];
        for (var i = 0; i < values; i++)
        {
            places[i] = raw.sqlite3_bind_parameter_index(statement, "$" + (i + 1).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <param name="connection">Where it runs.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="values">How many parameters it has: <c>$1</c>, <c>$2</c>, ….</param>
    /// <exception cref="SqliteException">The text is not a valid statement.</exception>
    /// <exception cref="ArgumentException">The text is more than one statement.</exception>
    public static Statement Prepare(SqliteConnection connection, string sql, int values)
    {
        SqliteException.ThrowExceptionForRC(
            raw.sqlite3_prepare_v2(connection.Handle!, sql, out var statement, out var more),
            connection.Handle
        );
        return string.IsNullOrWhiteSpace(more)
            ? new Statement(connection.Handle!, statement, values)
            : throw new ArgumentException($"More than one statement: {sql}");
    }

    /// <summary>Runs it and answers how many rows it changed.</summary>
    /// <exception cref="SqliteException">It could not be carried out.</exception>
    public int Run(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            SqliteException.ThrowExceptionForRC(Bind(places[i], values[i]), connection);
        }

        int result;
        do
        {
            result = raw.sqlite3_step(statement);
        } while (result == raw.SQLITE_ROW);

        // What went wrong is told once more.
        SqliteException.ThrowExceptionForRC(raw.sqlite3_reset(statement), connection);
        return raw.sqlite3_changes(connection);
    }

    public void Dispose() => statement.Dispose();

    private int Bind(int place, object? value) =>
        value switch
        {
            null => raw.sqlite3_bind_null(statement, place),
            string text => raw.sqlite3_bind_text(statement, place, text),
            long number => raw.sqlite3_bind_int64(statement, place, number),
            int number => raw.sqlite3_bind_int64(statement, place, number),
            double number => raw.sqlite3_bind_double(statement, place, number),
            byte[] bytes => raw.sqlite3_bind_blob(statement, place, bytes),
            _ => throw new ArgumentException($"SQLite has no type for a {value.GetType().Name}."),
        };
}
