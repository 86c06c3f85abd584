using System.Runtime.CompilerServices;
using Disa.Emulator.Aws;
using Disa.Emulator.Kms;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

namespace Disa.Emulator.DynamoDb;

/// <summary>A table, ready for its items: what it demands of them, and the key that encrypts them.</summary>
internal sealed record Table(Scope Scope, TableSchema Schema, DataKey Key)
{
    public TableDocument Document => Schema.Document;

    public string Name => Document.Name;
}

/// <summary>The tables: found by name, and through the short states between their being and not being.</summary>
/// <remarks>
/// CREATING, UPDATING and DELETING end when <see cref="SettlingTime"/> is over or when someone has looked: DescribeTable sees the
/// state after, so that waiters (which look at once and then every 20 s) do not wait for nothing.
/// </remarks>
internal sealed class Tables(Database database, Clock clock, DataKeys keys)
{
    public static readonly TimeSpan SettlingTime = TimeSpan.FromMilliseconds(500);

    private readonly ConditionalWeakTable<TableDocument, TableSchema> schemas = [];
    private readonly Shelf<TableDocument> shelf = new(database, "dynamodb.table", DynamoDbDocuments.Default.TableDocument);

    public Shelf<TableDocument> Shelf => shelf;

    /// <summary>Whether what a call changes has settled when it returns.</summary>
    public bool IsInstant { get; init; }

    /// <summary>Keeps a table that a call has changed, and answers it as it is then.</summary>
    public TableDocument Put(Transaction transaction, Scope scope, TableDocument table)
    {
        shelf.Put(transaction, scope, table.Name, table);
        return IsInstant ? Look(transaction, scope, table.Name, looked: true) ?? table : table;
    }

    /// <summary>The name in a TableName parameter, which may be an ARN.</summary>
    public static string NameOf(string tableName)
    {
        if (Arn.TryParse(tableName) is not { Service: "dynamodb" } arn)
        {
            return tableName;
        }

        var parts = arn.Resource.Split('/');
        return parts.Length >= 2 && parts[0] == "table" ? parts[1] : tableName;
    }

    /// <summary>Whose table a TableName parameter means: an ARN may be another account's.</summary>
    public static Scope ScopeOf(Scope caller, string? tableName) =>
        Arn.TryParse(tableName) is { Service: "dynamodb" } arn && arn.Account != caller.Account
            ? caller with
            {
                Account = arn.Account,
            }
            : caller;

    /// <summary>A table's document as last committed, whatever its state; null where there is none.</summary>
    public TableDocument? Find(Scope caller, string tableName) => shelf.Get(ScopeOf(caller, tableName), NameOf(tableName));

    /// <summary>A table whose items can be used, as last committed.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException: there is none, or it is being created or deleted.</exception>
    public Table Open(Scope caller, string tableName)
    {
        var scope = ScopeOf(caller, tableName);
        return Open(scope, shelf.Get(scope, NameOf(tableName)));
    }

    /// <summary>The same as a write sees it; what was opened before is kept where nothing changed.</summary>
    public Table Open(Transaction transaction, Table before)
    {
        var document = shelf.Get(transaction, before.Scope, before.Name);
        return ReferenceEquals(document, before.Document) ? before : Open(before.Scope, document);
    }

    public Table Open(Scope scope, TableDocument? document)
    {
        if (
            document is null
            || (document.Status is "CREATING" or "DELETING" && Settled(document).Status is "CREATING" or "DELETING" or "GONE")
        )
        {
            throw Errors.ResourceNotFound();
        }

        try
        {
            return new Table(scope, SchemaOf(document), keys.Open(document.DataKey, scope));
        }
        catch (AwsException error)
        {
            throw new AwsException(
                "AccessDeniedException",
                $"KMS key access denied error: {error.Message} (Service: AWSKMS; Error Code: {error.Code})"
            );
        }
    }

    public TableSchema SchemaOf(TableDocument document) => schemas.GetValue(document, static key => new TableSchema(key));

    /// <summary>The document in its present state; GONE once it is deleted.</summary>
    public TableDocument Settled(TableDocument document, bool looked = false)
    {
        var now = clock.GetUtcNow();
        if (document.Status != "ACTIVE" && (looked || now >= document.SettlesAt))
        {
            document = document with { Status = document.Status == "DELETING" ? "GONE" : "ACTIVE", ChangingKeyArn = null };
        }

        return document.Indexes.Any(index => IsOver(index, looked, now))
            ? document with
            {
                Indexes =
                [
                    .. document
                        .Indexes.Where(index => index.Status != "DELETING" || !IsOver(index, looked, now))
                        .Select(index => IsOver(index, looked, now) ? index with { Status = "ACTIVE" } : index),
                ],
            }
            : document;
    }

    /// <summary>The table's document as a change of the table finds it.</summary>
    /// <exception cref="AwsException">ResourceNotFoundException.</exception>
    public TableDocument Find(Transaction transaction, Scope scope, string tableName)
    {
        var name = NameOf(tableName);
        return Look(transaction, scope, name, looked: false) ?? throw Errors.TableNotFound(name);
    }

    /// <summary>The present state, stored; null where there is no such table (any more).</summary>
    public TableDocument? Look(Transaction transaction, Scope scope, string name, bool looked)
    {
        if (shelf.Get(transaction, scope, name) is not { } stored)
        {
            return null;
        }

        var present = Settled(stored, looked);
        if (ReferenceEquals(present, stored))
        {
            return stored;
        }

        foreach (var index in stored.Indexes.Where(index => present.Indexes.All(left => left.Space != index.Space)))
        {
            Drop(transaction, index.Space);
        }

        if (present.Status == "GONE")
        {
            shelf.Remove(transaction, scope, name);
            if (stored.RecoverableSince is not null && KeepDeleted is { } keep)
            {
                keep(transaction, scope, stored);
            }
            else
            {
                Drop(transaction, stored.Space);
            }

            foreach (var space in stored.Indexes.Select(index => (long?)index.Space).Append(stored.ChangeSpace).OfType<long>())
            {
                Drop(transaction, space);
            }

            return null;
        }

        shelf.Put(transaction, scope, name, present);
        return present;
    }

    /// <summary>DescribeTable's view: what is in progress is over once someone looks.</summary>
    public async Task<TableDocument> Describe(Scope caller, string tableName)
    {
        var (scope, name) = (ScopeOf(caller, tableName), NameOf(tableName));
        var document = shelf.Get(scope, name);
        if (document is not null && !ReferenceEquals(document, Settled(document, looked: true)))
        {
            document = await database.Write(transaction => Look(transaction, scope, name, looked: true)).ConfigureAwait(false);
        }

        return document ?? throw Errors.TableNotFound(name);
    }

    /// <summary>A number for rows of its own.</summary>
    public static long NewSpace(Transaction transaction, Scope scope) =>
        transaction.Number("INSERT INTO dynamodb_space (account) VALUES ($1) RETURNING id", scope.Account)!.Value;

    /// <summary>Gives up a number; the rows go in the background, because there may be many.</summary>
    public void Drop(Transaction transaction, long space)
    {
        transaction.Execute("UPDATE dynamodb_space SET dropped = 1 WHERE id = $1", space);
        if (Dropped is { } signal)
        {
            transaction.AfterCommit(signal);
        }
    }

    /// <summary>Called after rows were given up.</summary>
    public Action? Dropped { get; set; }

    /// <summary>Takes over the rows of a table that is gone, where point-in-time recovery was on.</summary>
    public Action<Transaction, Scope, TableDocument>? KeepDeleted { get; set; }

    private static bool IsOver(IndexDocument index, bool looked, DateTimeOffset now) =>
        index.Status != "ACTIVE" && (looked || now >= index.SettlesAt);
}
