using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Store;

/// <summary>
/// Named documents of one kind (tables, functions, topics, roles: configuration, not traffic), kept in memory as immutable
/// records and on disk as JSON. A write sees what it and earlier writes did; everybody else sees the last commit.
/// </summary>
/// <remarks>Create shelves before the first write. All of a kind is in memory: a kind with unbounded numbers wants a table of its own.</remarks>
public sealed class Shelf<T> : IShelf
    where T : class
{
    private readonly string kind;
    private readonly JsonTypeInfo<T> json;
    private State working;
    private volatile State committed;

    /// <param name="database">Where the documents are kept.</param>
    /// <param name="kind">Unique among shelves: <c>room.thing</c>.</param>
    /// <param name="json">How a document is written.</param>
    public Shelf(Database database, string kind, JsonTypeInfo<T> json)
    {
        this.kind = kind;
        this.json = json;
        var state = ImmutableDictionary<Scope, ImmutableSortedDictionary<string, T>>.Empty;
        var rows = ReadAll(database);
        foreach (var group in rows.GroupBy(row => row.Scope))
        {
            state = state.Add(group.Key, group.ToImmutableSortedDictionary(row => row.Name, row => row.Value, StringComparer.Ordinal));
        }

        working = committed = new State(state);
        database.Register(this);
    }

    private List<(Scope Scope, string Name, T Value)> ReadAll(Database database)
    {
        try
        {
            return database.Read(transaction =>
                transaction.Query(
                    "SELECT account, region, name, open('store_document', value) FROM store_document WHERE kind = $1",
                    row =>
                        (
                            new Scope(row.GetString(0), row.GetString(1)),
                            row.GetString(2),
                            Read(row.GetFieldValue<byte[]>(3), row.GetString(2))
                        ),
                    kind
                )
            );
        }
        catch (Microsoft.Data.Sqlite.SqliteException failure)
        {
            throw DataFolderException.From(database.Path, failure);
        }
    }

    private T Read(byte[] value, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(value, json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException failure)
        {
            throw new DataFolderException(
                $"The data folder has a document that cannot be read: {kind} '{name}'. {failure.Message}",
                failure
            );
        }
    }

    /// <summary>The document as last committed, or null.</summary>
    public T? Get(Scope scope, string name) => Find(committed, scope, name);

    /// <summary>The document as this write sees it, or null.</summary>
    public T? Get(Transaction transaction, Scope scope, string name) => Find(See(transaction), scope, name);

    /// <summary>The documents of a scope by name, in ordinal order, as last committed.</summary>
    public ImmutableSortedDictionary<string, T> List(Scope scope) => Of(committed, scope);

    public ImmutableSortedDictionary<string, T> List(Transaction transaction, Scope scope) => Of(See(transaction), scope);

    /// <summary>Every document of every account and Region: for workers.</summary>
    public IEnumerable<(Scope Scope, string Name, T Value)> All() =>
        committed.Documents.SelectMany(scope => scope.Value.Select(entry => (scope.Key, entry.Key, entry.Value)));

    public void Put(Transaction transaction, Scope scope, string name, T value)
    {
        transaction.Touch(this, working);
        transaction.Execute(
            "INSERT INTO store_document VALUES ($1, $2, $3, $4, seal('store_document', $5)) ON CONFLICT (kind, account, region, name) DO UPDATE SET value = excluded.value",
            kind,
            scope.Account,
            scope.Region,
            name,
            JsonSerializer.SerializeToUtf8Bytes(value, json)
        );
        working = new State(working.Documents.SetItem(scope, Of(working, scope).SetItem(name, value)));
    }

    /// <summary>False where there was none.</summary>
    public bool Remove(Transaction transaction, Scope scope, string name)
    {
        var documents = Of(working, scope);
        if (!documents.ContainsKey(name))
        {
            return false;
        }

        transaction.Touch(this, working);
        transaction.Execute(
            "DELETE FROM store_document WHERE kind = $1 AND account = $2 AND region = $3 AND name = $4",
            kind,
            scope.Account,
            scope.Region,
            name
        );
        working = new State(working.Documents.SetItem(scope, documents.Remove(name)));
        return true;
    }

    void IShelf.Reset(Transaction transaction, string account)
    {
        transaction.Touch(this, working);
        transaction.Execute("DELETE FROM store_document WHERE kind = $1 AND account = $2", kind, account);
        working = new State(working.Documents.RemoveRange(working.Documents.Keys.Where(scope => scope.Account == account)));
    }

    void IShelf.Restore(object before) => working = (State)before;

    void IShelf.Publish() => committed = working;

    void IShelf.Abandon() => working = committed;

    private State See(Transaction transaction) => transaction.IsWriter ? working : committed;

    private static T? Find(State state, Scope scope, string name) =>
        state.Documents.TryGetValue(scope, out var documents) && documents.TryGetValue(name, out var value) ? value : null;

    private static ImmutableSortedDictionary<string, T> Of(State state, Scope scope) =>
        state.Documents.TryGetValue(scope, out var documents)
            ? documents
            : ImmutableSortedDictionary<string, T>.Empty.WithComparers(StringComparer.Ordinal);

    private sealed record State(ImmutableDictionary<Scope, ImmutableSortedDictionary<string, T>> Documents);
}

/// <summary>What a transaction needs of a shelf to take back or to publish its changes.</summary>
internal interface IShelf
{
    void Reset(Transaction transaction, string account);

    void Restore(object before);

    void Publish();

    void Abandon();
}
