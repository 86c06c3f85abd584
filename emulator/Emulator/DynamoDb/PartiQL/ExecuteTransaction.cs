using System.Security.Cryptography;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb.PartiQL;

internal sealed record ExecuteTransactionRequest(List<ParameterizedStatement>? TransactStatements)
{
    public string? ClientRequestToken { get; init; }

    public string? ReturnConsumedCapacity { get; init; }
}

internal sealed record ParameterizedStatement(string? Statement)
{
    public List<AttributeValue>? Parameters { get; init; }

    public string? ReturnValuesOnConditionCheckFailure { get; init; }
}

internal sealed record ExecuteTransactionResponse(List<ItemResponse> Responses, List<ConsumedCapacity>? ConsumedCapacity);

/// <summary>Up to 100 statements, all of which read or all of which write, all or none.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.multiplestatements.transactions.html</remarks>
internal sealed class ExecuteTransaction(Database database, Tables tables, ItemTransactions transactions, UsageMeter meter)
{
    private const int MaxStatements = 100;
    private const long MaxBytes = 4 * 1024 * 1024;

    public async Task<ExecuteTransactionResponse> Run(ExecuteTransactionRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var statements = request.TransactStatements!.ConvertAll(entry => StatementParser.Parse(entry.Statement!, entry.Parameters));
        if (statements.DistinctBy(statement => statement.IsRead).Count() > 1)
        {
            throw Errors.Validation("The entire transaction must consist of either read statements or write statements");
        }

        if (statements.Exists(statement => statement is UpdateStatement { Returning: not null } or DeleteStatement { Returning: not null }))
        {
            throw Errors.Validation("RETURNING clause is not supported in transactions");
        }

        var opened = statements.ConvertAll(statement => tables.Open(caller.Scope, statement.TableName));
        return statements[0].IsRead
            ? Read(request, statements.ConvertAll(statement => (SelectStatement)statement), opened)
            : await Write(request, statements, opened, caller.Scope).ConfigureAwait(false);
    }

    private static void Check(ExecuteTransactionRequest request)
    {
        var statements = request.TransactStatements;
        var checks = new Checks()
            .NotNull("transactStatements", statements)
            .Count("transactStatements", statements?.Count, 1, MaxStatements, () => $"[{statements!.Count} statements]")
            .Length("clientRequestToken", request.ClientRequestToken, 1, 36);
        for (var i = 0; i < statements?.Count; i++)
        {
            ExecuteStatement.Check(
                checks,
                $"transactStatements.{i + 1}.member.",
                statements[i].Statement,
                statements[i].Parameters,
                null,
                statements[i].ReturnValuesOnConditionCheckFailure
            );
        }

        checks.ConsumedCapacity(request.ReturnConsumedCapacity).Throw();
    }

    private ExecuteTransactionResponse Read(ExecuteTransactionRequest request, List<SelectStatement> selects, List<Table> opened)
    {
        var keys = selects.Select((select, i) => KeyOf(select, opened[i])).ToList();
        ItemTransactions.CheckDistinct(opened, keys);
        var found = database.Read(transaction => keys.Select((key, i) => Items.Read(transaction, opened[i], key)).ToList());
        if (found.Sum(item => (long)(item?.Size() ?? 0)) > MaxBytes)
        {
            throw Errors.Validation(
                "Collection size has exceeded the maximum limit: the aggregate size of the items in the transaction cannot exceed 4 MB"
            );
        }

        var capacities = Capacities(
            opened,
            (capacity, i) => capacity.AddTable(2 * Capacity.ReadUnits(found[i]?.Size() ?? 0, isConsistent: true)),
            (capacity, table) =>
            {
                capacity.CountReads(meter, table);
                return capacity.Show(request.ReturnConsumedCapacity, table, isTransaction: true);
            }
        );
        return new ExecuteTransactionResponse(
            [
                .. found.Select(
                    (item, i) => new ItemResponse(item is not null && selects[i].Where!.Holds(item) ? selects[i].Show(item) : null)
                ),
            ],
            capacities
        );
    }

    private async Task<ExecuteTransactionResponse> Write(
        ExecuteTransactionRequest request,
        List<Statement> statements,
        List<Table> opened,
        Scope scope
    )
    {
        var actions = statements
            .Select(
                (statement, i) =>
                    StatementActions.Of(statement, opened[i].Schema, request.TransactStatements![i].ReturnValuesOnConditionCheckFailure)
            )
            .ToList();
        var keys = actions.Select((action, i) => action.Check(opened[i].Schema)).ToList();
        ItemTransactions.CheckDistinct(opened, keys);
        ItemTransactions.CheckSize(actions);
        var outcomes = await database
            .Write(transaction =>
                transactions.IsRepeat(transaction, scope, request.ClientRequestToken, () => Digest(request))
                    ? null
                    : transactions.All(transaction, actions, opened)
            )
            .ConfigureAwait(false);
        // A repeated request costs what reading its items costs.
        var capacities = Capacities(
            opened,
            (capacity, i) => capacity.Add(outcomes is null ? new WriteCost(keys[i].HashKey.Length, null) : outcomes[i].Cost, factor: 2),
            (capacity, table) => capacity.Show(request.ReturnConsumedCapacity, table, isTransaction: true, isWrite: outcomes is not null)
        );
        // Statements that write answer nothing (recorded on AWS 23-08-2023).
        return new ExecuteTransactionResponse([], capacities);
    }

    private static List<ConsumedCapacity>? Capacities(
        List<Table> opened,
        Action<Capacity, int> add,
        Func<Capacity, string, ConsumedCapacity?> show
    )
    {
        var capacities = new List<ConsumedCapacity>();
        foreach (var group in opened.Select((table, i) => (table.Name, Index: i)).GroupBy(entry => entry.Name))
        {
            var capacity = new Capacity();
            foreach (var (_, i) in group)
            {
                add(capacity, i);
            }

            if (show(capacity, group.Key) is { } shown)
            {
                capacities.Add(shown);
            }
        }

        return capacities.Count == 0 ? null : capacities;
    }

    private static RowKey KeyOf(SelectStatement select, Table table) =>
        select.IndexName is null
            ? table.Schema.CheckKey(KeyPlan.Key(table.Schema.Keys, select.Where))
            : throw Errors.Validation("This operation is not supported on an index");

    private static byte[] Digest(ExecuteTransactionRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var statement in request.TransactStatements!)
        {
            hash.AppendData(StatementReads.Content(statement.Statement!, statement.Parameters));
        }

        return hash.GetHashAndReset();
    }
}
