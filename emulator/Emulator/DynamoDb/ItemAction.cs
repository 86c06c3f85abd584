using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

/// <summary>What a request wants done to one item: the same for a single write and in a transaction.</summary>
internal sealed record ItemAction
{
    public required string TableName { get; init; }

    /// <summary>The item to put; null for the others, which name a <see cref="Key"/>.</summary>
    public Item? Put { get; init; }

    public Item? Key { get; init; }

    public Update? Update { get; init; }

    public bool IsDelete { get; init; }

    /// <summary>Only the condition is looked at.</summary>
    public bool IsCheck { get; init; }

    /// <summary>The item to put must be new.</summary>
    public bool IsInsert { get; init; }

    public Condition? Condition { get; init; }

    /// <summary>ReturnValuesOnConditionCheckFailure is ALL_OLD.</summary>
    public bool ShowsItem { get; init; }

    /// <summary>Checks it against the table's schema, and finds the row.</summary>
    public RowKey Check(TableSchema schema)
    {
        var key = Put is not null ? schema.CheckItem(Put) : schema.CheckKey(Key!);
        if (Update is not null)
        {
            foreach (var action in Update.Actions)
            {
                if (schema.Keys.Contains(action.Path.Head))
                {
                    throw Errors.Invalid($"Cannot update attribute {action.Path.Head}. This attribute is part of the key");
                }

                CheckIndexType(schema, action);
            }

            schema.CheckPaths(Update.Paths);
        }

        if (Condition is not null)
        {
            schema.CheckPaths(Condition.Paths);
        }

        return key;
    }

    /// <summary>The item after the action; null where there is none then.</summary>
    /// <exception cref="Aws.AwsException">
    /// ConditionalCheckFailedException, DuplicateItemException, or ValidationException: the update does not fit the item.
    /// </exception>
    public Item? Apply(TableSchema schema, Item? before)
    {
        if (IsInsert && before is not null)
        {
            throw Errors.DuplicateItem();
        }

        if (Condition is not null && !Condition.Holds(before ?? []))
        {
            throw Errors.ConditionFailed(ShowsItem ? before : null);
        }

        if (IsCheck)
        {
            return before;
        }

        if (IsDelete || Put is not null)
        {
            return Put;
        }

        if (Update is null)
        {
            return before ?? new Item(Key!);
        }

        if (before is null && Update.Actions.All(action => action is RemoveAction or DeleteAction))
        {
            // Taking away from what is not there makes no item.
            return null;
        }

        var after = Update.Apply(before ?? Key!);
        schema.CheckUpdated(after);
        return after.Size() > Item.MaxSize ? throw Errors.Validation("Item size to update has exceeded the maximum allowed size") : after;
    }

    private static void CheckIndexType(TableSchema schema, UpdateAction action)
    {
        if (action.Path.IsNested || action.Type is not { } actual)
        {
            return;
        }

        foreach (var index in schema.Indexes)
        {
            foreach (var (name, type, _) in index.Keys.All)
            {
                if (name == action.Path.Head && actual != type)
                {
                    throw Errors.Invalid($"Type mismatch for Index Key {name} Expected: {type} Actual: {actual} IndexName: {index.Name}");
                }
            }
        }
    }
}

/// <summary>What became of an action.</summary>
internal sealed record ItemOutcome(Table Table, Item? Before, Item? After, WriteCost Cost);

/// <summary>Runs single item actions: one write each, so that the store's group commit serves many callers at once.</summary>
internal sealed class ItemWrites(Database database, Tables tables, Items items, Aws.UsageMeter meter)
{
    public Task<ItemOutcome> Run(Aws.Scope scope, ItemAction action)
    {
        var table = tables.Open(scope, action.TableName);
        var key = action.Check(table.Schema);
        return database.Write(transaction =>
        {
            var now = tables.Open(transaction, table);
            return Run(transaction, now, ReferenceEquals(now, table) ? key : action.Check(now.Schema), action);
        });
    }

    /// <param name="factor">2 in transactions, which write everything twice.</param>
    public ItemOutcome Run(Transaction transaction, Table table, RowKey key, ItemAction action, int factor = 1)
    {
        var before = Items.Read(transaction, table, key);
        Item? after;
        try
        {
            after = action.Apply(table.Schema, before);
        }
        catch (Aws.AwsException refused) when (refused.Code is "ConditionalCheckFailedException" or "DuplicateItemException")
        {
            // A write whose condition does not hold costs what it would have written, by the item that is there:
            // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
            new Capacity(new WriteCost(before?.Size() ?? 0, null), factor).CountWrites(meter, table.Name);
            throw;
        }

        var cost = items.Change(transaction, table, key, before, after);
        new Capacity(cost, factor).CountWrites(meter, table.Name);
        return new(table, before, after, cost);
    }
}
