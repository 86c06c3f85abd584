using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb.PartiQL;

internal sealed record ExecuteStatementRequest(string? Statement)
{
    public List<AttributeValue>? Parameters { get; init; }

    public bool? ConsistentRead { get; init; }

    public string? NextToken { get; init; }

    public int? Limit { get; init; }

    public string? ReturnConsumedCapacity { get; init; }

    public string? ReturnValuesOnConditionCheckFailure { get; init; }
}

internal sealed record ExecuteStatementResponse(
    List<Item> Items,
    string? NextToken,
    ConsumedCapacity? ConsumedCapacity,
    Item? LastEvaluatedKey
);

/// <summary>Runs one statement of PartiQL: reads many items, or writes one.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html</remarks>
internal sealed class ExecuteStatement(Tables tables, StatementReads reads, ItemWrites writes)
{
    public const int MaxLength = 8192;

    public async Task<ExecuteStatementResponse> Run(ExecuteStatementRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(
                new Checks(),
                "",
                request.Statement,
                request.Parameters,
                request.ReturnConsumedCapacity,
                request.ReturnValuesOnConditionCheckFailure
            )
            .AtLeast("limit", request.Limit, 1)
            .Length("nextToken", request.NextToken, 1, 32768)
            .Throw();
        var statement = StatementParser.Parse(request.Statement!, request.Parameters);
        if (statement is SelectStatement select)
        {
            return reads.Run(select, request, caller.Scope);
        }

        if (statement is ExistsStatement)
        {
            throw Errors.Validation("EXISTS can only be used in transactions, as a statement of its own");
        }

        var table = tables.Open(caller.Scope, statement.TableName);
        var action = StatementActions.Of(statement, table.Schema, request.ReturnValuesOnConditionCheckFailure);
        var outcome = await writes.Run(caller.Scope, action).ConfigureAwait(false);
        return new ExecuteStatementResponse(
            StatementActions.Returned(statement, outcome) is { } item ? [item] : [],
            null,
            new Capacity(outcome.Cost, factor: 1).Show(request.ReturnConsumedCapacity, outcome.Table.Name),
            null
        );
    }

    /// <summary>What all three operations ask of a statement.</summary>
    /// <param name="at">Where it stands in the request, with a dot behind it.</param>
    public static Checks Check(
        Checks checks,
        string at,
        string? statement,
        List<AttributeValue>? parameters,
        string? returnConsumedCapacity,
        string? onConditionFailure
    ) =>
        checks
            .NotNull($"{at}statement", statement)
            .Length($"{at}statement", statement, 1, MaxLength)
            .Count($"{at}parameters", parameters?.Count, 1, int.MaxValue, () => "[]")
            .ConsumedCapacity(returnConsumedCapacity)
            .OneOf($"{at}returnValuesOnConditionCheckFailure", onConditionFailure, "ALL_OLD", "NONE");
}
