using Disa.Emulator.Aws;
using Disa.Emulator.Policies;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb.PartiQL;

internal sealed record BatchExecuteStatementRequest(List<BatchStatementRequest>? Statements, string? ReturnConsumedCapacity);

internal sealed record BatchStatementRequest(string? Statement)
{
    public List<AttributeValue>? Parameters { get; init; }

    public bool? ConsistentRead { get; init; }

    public string? ReturnValuesOnConditionCheckFailure { get; init; }
}

internal sealed record BatchExecuteStatementResponse(List<BatchStatementResponse> Responses, List<ConsumedCapacity>? ConsumedCapacity);

/// <summary>What became of one statement.</summary>
internal sealed record BatchStatementResponse(BatchStatementError? Error, string? TableName, Item? Item);

internal sealed record BatchStatementError(string Code, string Message, Item? Item);

/// <summary>Up to 25 statements, all of which read or all of which write, each by itself: one that fails says so in its place.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.multiplestatements.batching.html</remarks>
internal sealed class BatchExecuteStatement(
    Database database,
    Tables tables,
    ItemWrites writes,
    StatementRights rights,
    Authorizer authorizer,
    UsageMeter meter
)
{
    private const int MaxStatements = 25;

    public async Task<BatchExecuteStatementResponse> Run(
        BatchExecuteStatementRequest request,
        Caller caller,
        CancellationToken cancellation
    )
    {
        Check(request);
        var steps = request.Statements!.ConvertAll(entry => Parse(entry));
        if (steps.Select(step => step.Statement?.IsRead).OfType<bool>().Distinct().Count() > 1)
        {
            throw Errors.Validation("The entire batch must consist of either read statements or write statements");
        }

        // All begin before the first is awaited, so that one flush may serve them; the store keeps their order.
        var answers = await Task.WhenAll(steps.ConvertAll(step => Answer(step, caller))).ConfigureAwait(false);
        var capacities = answers
            .Where(answer => answer.Capacity is not null)
            .Select(answer => answer.Capacity!.Value)
            .GroupBy(entry => entry.Table)
            .Select(group =>
            {
                var capacity = new Capacity();
                foreach (var (_, add) in group)
                {
                    add(capacity);
                }

                return capacity.Show(request.ReturnConsumedCapacity, group.Key);
            })
            .OfType<ConsumedCapacity>()
            .ToList();
        return new BatchExecuteStatementResponse([.. answers.Select(answer => answer.Response)], capacities.Count == 0 ? null : capacities);
    }

    private static void Check(BatchExecuteStatementRequest request)
    {
        var checks = new Checks()
            .NotNull("statements", request.Statements)
            .Count("statements", request.Statements?.Count, 1, MaxStatements, () => $"[{request.Statements!.Count} statements]");
        for (var i = 0; i < request.Statements?.Count; i++)
        {
            var entry = request.Statements[i];
            ExecuteStatement.Check(
                checks,
                $"statements.{i + 1}.member.",
                entry.Statement,
                entry.Parameters,
                null,
                entry.ReturnValuesOnConditionCheckFailure
            );
        }

        checks.ConsumedCapacity(request.ReturnConsumedCapacity).Throw();
    }

    private static Step Parse(BatchStatementRequest entry)
    {
        try
        {
            return StatementParser.Parse(entry.Statement!, entry.Parameters) is var statement and not ExistsStatement
                ? new Step(entry, statement, null)
                : throw Errors.Validation("EXISTS can only be used in transactions, as a statement of its own");
        }
        catch (AwsException error)
        {
            return new Step(entry, null, error);
        }
    }

    private async Task<StatementAnswer> Answer(Step step, Caller caller)
    {
        try
        {
            if (step.Statement is not { } statement)
            {
                throw step.Error!;
            }

            foreach (var access in rights.Of(statement, caller, "BatchExecuteStatement"))
            {
                authorizer.Require(caller, access, access.Denied ?? (message => new("AccessDeniedException", message)));
            }

            return statement is SelectStatement select
                ? Read(select, step.Request, caller)
                : await Write(statement, step.Request, caller).ConfigureAwait(false);
        }
        catch (AwsException error) when (CodeOf(error) is { } code)
        {
            return new(
                new BatchStatementResponse(
                    new BatchStatementError(code, error.Message, FailedItem.In(error)),
                    step.Statement is null ? null : Tables.NameOf(step.Statement.TableName),
                    null
                ),
                null
            );
        }
    }

    private StatementAnswer Read(SelectStatement select, BatchStatementRequest request, Caller caller)
    {
        var table = tables.Open(caller.Scope, select.TableName);
        if (select.IndexName is not null || KeyPlan.TryKey(table.Schema.Keys, select.Where) is not { } key)
        {
            throw Errors.Validation("Select statements within BatchExecuteStatement must specify the primary key in the where clause.");
        }

        var row = table.Schema.CheckKey(key);
        var item = database.Read(transaction => Items.Read(transaction, table, row));
        var units = Capacity.ReadUnits(item?.Size() ?? 0, request.ConsistentRead == true);
        var capacity = new Capacity();
        capacity.AddTable(units);
        capacity.CountReads(meter, table.Name);
        var shown = item is not null && select.Where!.Holds(item) ? select.Show(item) : null;
        return new(new BatchStatementResponse(null, table.Name, shown), (table.Name, sum => sum.AddTable(units)));
    }

    private async Task<StatementAnswer> Write(Statement statement, BatchStatementRequest request, Caller caller)
    {
        var table = tables.Open(caller.Scope, statement.TableName);
        var action = StatementActions.Of(statement, table.Schema, request.ReturnValuesOnConditionCheckFailure);
        var outcome = await writes.Run(caller.Scope, action).ConfigureAwait(false);
        return new(
            new BatchStatementResponse(null, table.Name, StatementActions.Returned(statement, outcome)),
            (table.Name, sum => sum.Add(outcome.Cost))
        );
    }

    /// <summary>The codes of BatchStatementError; any other error is the request's.</summary>
    private static string? CodeOf(AwsException error) =>
        error.Code switch
        {
            "ValidationException" => "ValidationError",
            "ConditionalCheckFailedException" => "ConditionalCheckFailed",
            "DuplicateItemException" => "DuplicateItem",
            "ResourceNotFoundException" => "ResourceNotFound",
            "AccessDeniedException" => "AccessDenied",
            _ => null,
        };

    private sealed record Step(BatchStatementRequest Request, Statement? Statement, AwsException? Error);

    private sealed record StatementAnswer(BatchStatementResponse Response, (string Table, Action<Capacity> Add)? Capacity);
}
