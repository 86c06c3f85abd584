using Disa.Emulator.Aws;
using Disa.Emulator.Policies;

namespace Disa.Emulator.DynamoDb.PartiQL;

/// <summary>The rights that statements need: one for each kind, on the table or the index.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html</remarks>
internal sealed class StatementRights(Tables tables, TableRights rights)
{
    private const string FullTableScan = "dynamodb:FullTableScan";

    /// <summary>Null for what is not PartiQL.</summary>
    public IReadOnlyList<Access>? Of(object request, Caller caller) =>
        request switch
        {
            ExecuteStatementRequest one => Of(one.Statement, one.Parameters, caller, "ExecuteStatement"),
            ExecuteTransactionRequest many =>
            [
                .. (many.TransactStatements ?? []).SelectMany(one => Of(one.Statement, one.Parameters, caller, "ExecuteTransaction")),
            ],
            // Each statement asks for its own, and is refused in its place.
            BatchExecuteStatementRequest => [],
            _ => null,
        };

    public IReadOnlyList<Access> Of(Statement statement, Caller caller, string enclosing)
    {
        var select = (statement as SelectStatement) ?? (statement as ExistsStatement)?.Select;
        var document = tables.Find(caller.Scope, statement.TableName);
        var isScan = false;
        var keys = new List<Item>();
        if (document is not null)
        {
            var schema = tables.SchemaOf(document);
            (keys, isScan) = Keys(statement, select, schema);
        }

        return rights.Data(
            statement.Action,
            statement.TableName,
            caller,
            select?.IndexName,
            items: keys,
            complete: access =>
                access with
                {
                    Facts =
                    [
                        .. access.Facts,
                        .. enclosing == "ExecuteTransaction"
                            ? [(TableRights.EnclosingOperation, enclosing)]
                            : Array.Empty<(string, string)>(),
                        .. select is null ? Array.Empty<(string, string)>() : [(FullTableScan, isScan ? "true" : "false")],
                    ],
                    Supplied = [.. access.Supplied, FullTableScan, TableRights.EnclosingOperation],
                }
        );
    }

    /// <summary>A statement that cannot be read is refused by the operation.</summary>
    private IReadOnlyList<Access> Of(string? text, List<AttributeValue>? parameters, Caller caller, string enclosing)
    {
        try
        {
            return text is null or { Length: > ExecuteStatement.MaxLength }
                ? []
                : Of(StatementParser.Parse(text, parameters), caller, enclosing);
        }
        catch (AwsException)
        {
            return [];
        }
    }

    private static (List<Item> Keys, bool IsScan) Keys(Statement statement, SelectStatement? select, TableSchema schema)
    {
        if (select is not null)
        {
            var keys = schema.Indexes.FirstOrDefault(index => index.Name == select.IndexName)?.Keys ?? schema.Keys;
            var partitions = KeyPlan.Partitions(keys, select.Where);
            return (
                [.. (partitions ?? []).Select(partition => new Item { [keys.Hash] = partition.Parts[keys.Hash].Value })],
                partitions is null
            );
        }

        var key = statement switch
        {
            InsertStatement insert => insert.Item,
            UpdateStatement update => KeyPlan.TryKey(schema.Keys, update.Where),
            DeleteStatement delete => KeyPlan.TryKey(schema.Keys, delete.Where),
            _ => null,
        };
        return (key is null ? [] : [key], false);
    }
}
