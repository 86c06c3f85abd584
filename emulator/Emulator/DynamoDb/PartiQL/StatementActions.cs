using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>A writing statement as the action on one item that it is.</summary>
internal static class StatementActions
{
    /// <exception cref="Aws.AwsException">ValidationException: the statement does not name one item.</exception>
    public static ItemAction Of(Statement statement, TableSchema schema, string? onConditionFailure)
    {
        var action = new ItemAction { TableName = statement.TableName, ShowsItem = onConditionFailure == "ALL_OLD" };
        switch (statement)
        {
            case InsertStatement insert:
                ItemChecks.Whole(insert.Item);
                return action with { Put = insert.Item, IsInsert = true };
            case UpdateStatement update:
                // The condition has the key in it, so an item that is not there fails it.
                return action with { Key = KeyPlan.Key(schema.Keys, update.Where), Update = update.Update, Condition = update.Where };
            case DeleteStatement delete:
                // An item that is not there is deleted already; one that is must meet the rest of the clause.
                return action with
                {
                    Key = KeyPlan.Key(schema.Keys, delete.Where),
                    IsDelete = true,
                    Condition = new Or(Missing(schema), delete.Where),
                };
            case ExistsStatement { Select: var select }:
                return action with { Key = KeyPlan.Key(schema.Keys, select.Where), IsCheck = true, Condition = Checked(schema, select) };
            default:
                throw new InvalidOperationException($"{statement.GetType().Name} writes nothing");
        }
    }

    /// <summary>What RETURNING asks for; null where there is nothing to show.</summary>
    public static Item? Returned(Statement statement, ItemOutcome outcome) =>
        statement switch
        {
            UpdateStatement { Returning: { } returning } update => Part(returning, update.Update, outcome),
            DeleteStatement { Returning: not null } => outcome.Before,
            _ => null,
        };

    private static Item? Part(Returning returning, Update update, ItemOutcome outcome)
    {
        var item = returning.Old ? outcome.Before : outcome.After;
        return returning.All ? item : UpdateItem.Touched(update, item);
    }

    private static Condition Checked(TableSchema schema, SelectStatement select) =>
        KeyPlan.AsksMore(schema.Keys, select.Where)
            ? select.Where!
            : throw Errors.Validation("EXISTS must specify a full primary key and one other condition");

    private static ConditionFunction Missing(TableSchema schema) =>
        new("attribute_not_exists", [new PathOperand(DocumentPath.Of(schema.Keys.Hash))]);
}
