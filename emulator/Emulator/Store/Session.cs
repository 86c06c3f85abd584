using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Store;

/// <summary>One SQLite connection with its prepared statements.</summary>
internal sealed class Session : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Statement> statements = new(StringComparer.Ordinal);

    private readonly ColumnSeal seal;

    private Session(SqliteConnection connection, ColumnSeal seal) => (this.connection, this.seal) = (connection, seal);

    /// <param name="path">The file; null for a database in memory.</param>
    /// <param name="key">What sealed columns are sealed with; null leaves them open.</param>
    public static Session Open(string? path, byte[]? key)
    {
        var connection = new SqliteConnection(Connection(path, SqliteOpenMode.ReadWriteCreate));
        connection.Open();
        var session = new Session(connection, ColumnSeal.Register(connection, key));
        session.Run(path is null ? "PRAGMA journal_mode=MEMORY" : "PRAGMA journal_mode=WAL");
        session.Run("PRAGMA synchronous=FULL");
        session.Run("PRAGMA temp_store=MEMORY");
        session.Run("PRAGMA cache_size=-16384");
        // Pages that many commits change are copied into the file once every 16 MB of log, not every 4.
        session.Run("PRAGMA wal_autocheckpoint=4000");
        return session;
    }

    /// <summary>Copies a whole database, page by page (https://sqlite.org/backup.html).</summary>
    public static void Copy(string from, Session to)
    {
        using var source = new SqliteConnection(Connection(from, SqliteOpenMode.ReadOnly));
        source.Open();
        source.BackupDatabase(to.connection);
    }

    /// <summary>Whether a query of a database file finds a row.</summary>
    public static bool Has(string file, string sql)
    {
        using var source = new SqliteConnection(Connection(file, SqliteOpenMode.ReadOnly));
        source.Open();
        using var command = source.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is not null;
    }

    /// <inheritdoc cref="Copy(string, Session)"/>
    public void CopyTo(string file)
    {
        using var target = new SqliteConnection(Connection(file, SqliteOpenMode.ReadWriteCreate));
        target.Open();
        connection.BackupDatabase(target);
    }

    /// <inheritdoc cref="Copy(string, Session)"/>
    public void CopyTo(Session target) => connection.BackupDatabase(target.connection);

    private static string Connection(string? path, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = path ?? ":memory:",
            Pooling = false,
            Mode = mode,
        }.ToString();

    /// <summary>The row id of the last insert on this connection (https://sqlite.org/c3ref/last_insert_rowid.html).</summary>
    public long LastId => SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);

    public void Run(string sql) => Command(sql, []).ExecuteNonQuery();

    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public int Execute(string sql, ReadOnlySpan<object?> values)
    {
        if (!statements.TryGetValue(sql, out var statement))
        {
            statements.Add(sql, statement = Statement.Prepare(connection, sql, values.Length));
        }

        return statement.Run(values);
    }

    /// <summary>The prepared statement of this text with its parameters set: <c>$1</c>, <c>$2</c>, … in order.</summary>
    public SqliteCommand Command(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i.ToString(CultureInfo.InvariantCulture) });
            }

            prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
        {
            command.Dispose();
        }

        foreach (var statement in statements.Values)
        {
            statement.Dispose();
        }

        connection.Dispose();
        seal.Dispose();
    }
}
