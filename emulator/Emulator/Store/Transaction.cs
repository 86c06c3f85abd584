using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Disa.Emulator.Store;

/// <summary>
/// What a read or a write sees and does. SQL texts are constants with parameters <c>$1</c>, <c>$2</c>, …; each is prepared
/// once a connection. Values: string, long, int, double, byte[], null.
/// </summary>
public sealed class Transaction
{
    private readonly Session session;
    private readonly List<Action> afterCommit = [];
    private readonly Dictionary<IShelf, object> touched = [];
    private readonly HashSet<IShelf> changed = [];
    private int keptActions;
    private readonly bool isAlone;
    private bool hasBegun;

    /// <param name="session">The connection.</param>
    /// <param name="isWriter">Whether something may be changed.</param>
    /// <param name="isAlone">Whether one write is all that it commits: to take that back, all is taken back, and SQLite keeps no pages for a savepoint.</param>
    internal Transaction(Session session, bool isWriter, bool isAlone = false)
    {
        this.session = session;
        this.isAlone = isAlone;
        IsWriter = isWriter;
    }

    internal bool IsWriter { get; }

    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        Begin();
        return session.Execute(sql, values);
    }

    /// <summary>Runs an INSERT of one row and answers its row id.</summary>
    public long Insert(string sql, params ReadOnlySpan<object?> values)
    {
        Execute(sql, values);
        return session.LastId;
    }

    /// <summary>The rows of a query, each through <paramref name="row"/>.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        var rows = new List<T>();
        using var reader = session.Command(sql, values).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>Goes through the rows of a query while <paramref name="row"/> answers true. Run no other statement of the same text in it.</summary>
    public void Scan(string sql, Func<SqliteDataReader, bool> row, params ReadOnlySpan<object?> values)
    {
        using var reader = session.Command(sql, values).ExecuteReader();
        while (reader.Read() && row(reader)) { }
    }

    /// <summary>The first row of a query, or the default where there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object?> values)
    {
        using var reader = session.Command(sql, values).ExecuteReader();
        return reader.Read() ? row(reader) : default;
    }

    /// <summary>The first value of the first row as a number: for counts, maxima and new row ids. Null where there is no row, or NULL in it.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> values)
    {
        Begin();
        var value = session.Command(sql, values).ExecuteScalar();
        return value is null or DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
    }

    /// <summary>Runs once the write is durable and before its caller is answered, never if it is rolled back: signals, not work.</summary>
    public void AfterCommit(Action action)
    {
        if (!IsWriter)
        {
            throw new InvalidOperationException("A read commits nothing.");
        }

        afterCommit.Add(action);
    }

    /// <summary>Remembers a shelf's state before this write first changed it.</summary>
    internal void Touch(IShelf shelf, object before)
    {
        if (!IsWriter)
        {
            throw new InvalidOperationException("A read changes nothing.");
        }

        touched.TryAdd(shelf, before);
        changed.Add(shelf);
    }

    /// <summary>Takes back what the write that just failed did.</summary>
    internal void Undo()
    {
        if (hasBegun && isAlone)
        {
            session.Run("ROLLBACK");
            session.Run("BEGIN IMMEDIATE");
        }
        else if (hasBegun)
        {
            session.Run("ROLLBACK TO w");
        }

        foreach (var (shelf, before) in touched)
        {
            shelf.Restore(before);
        }

        afterCommit.RemoveRange(keptActions, afterCommit.Count - keptActions);
    }

    /// <summary>A write of the batch is over, one way or the other: the next one starts from here.</summary>
    internal void Keep()
    {
        if (hasBegun && !isAlone)
        {
            session.Execute("RELEASE w", []);
        }

        hasBegun = false;

        touched.Clear();
        keptActions = afterCommit.Count;
    }

    /// <summary>Nothing of the whole batch is there.</summary>
    internal void Abandon()
    {
        foreach (var shelf in changed)
        {
            shelf.Abandon();
        }
    }

    internal void Publish()
    {
        foreach (var shelf in changed)
        {
            shelf.Publish();
        }
    }

    /// <summary>What this write changes can be taken back from here on; a write that only looks, or refuses, costs nothing.</summary>
    private void Begin()
    {
        if (IsWriter && !hasBegun)
        {
            if (!isAlone)
            {
                session.Execute("SAVEPOINT w", []);
            }

            hasBegun = true;
        }
    }

    internal void RunAfterCommit()
    {
        foreach (var action in afterCommit)
        {
            action();
        }
    }
}
