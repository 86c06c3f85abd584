using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.DynamoDb.Legacy;

namespace Disa.Emulator.DynamoDb;

internal sealed record DeleteItemRequest(string? TableName, Item? Key)
{
    public string? ConditionExpression { get; init; }

    public Dictionary<string, string>? ExpressionAttributeNames { get; init; }

    public Item? ExpressionAttributeValues { get; init; }

    public string? ReturnValues { get; init; }

    public string? ReturnConsumedCapacity { get; init; }

    public string? ReturnItemCollectionMetrics { get; init; }

    public string? ReturnValuesOnConditionCheckFailure { get; init; }

    public Dictionary<string, ExpectedAttributeValue>? Expected { get; init; }

    public string? ConditionalOperator { get; init; }
}

internal sealed record DeleteItemResponse(
    Item? Attributes,
    ConsumedCapacity? ConsumedCapacity,
    ItemCollectionMetrics? ItemCollectionMetrics
);

/// <summary>Deletes an item; one that is not there is deleted already.</summary>
internal sealed class DeleteItem(ItemWrites writes)
{
    public async Task<DeleteItemResponse> Run(DeleteItemRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks()
            .Table(request.TableName)
            .NotNull("key", request.Key)
            .ReturnValues(request.ReturnValues)
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .CollectionMetrics(request.ReturnItemCollectionMetrics)
            .OnConditionFailure(request.ReturnValuesOnConditionCheckFailure)
            .ExpectedValues(request.Expected, request.ConditionalOperator)
            .Throw();
        Legacy.Expected.NotMixed(request.Expected, request.ConditionalOperator, request.ConditionExpression);
        var expression = Expression.Of(
            request.ExpressionAttributeNames,
            request.ExpressionAttributeValues,
            ("ConditionExpression", request.ConditionExpression)
        );
        ItemChecks.Values(request.Key!);
        if (request.ReturnValues is not (null or "ALL_OLD" or "NONE"))
        {
            throw Errors.Validation("ReturnValues can only be ALL_OLD or NONE");
        }

        var condition =
            Legacy.Expected.ToCondition(request.Expected, request.ConditionalOperator)
            ?? expression.ParseCondition("ConditionExpression", request.ConditionExpression);
        expression.AllUsed();
        var outcome = await writes
            .Run(
                caller.Scope,
                new ItemAction
                {
                    TableName = request.TableName!,
                    Key = request.Key,
                    IsDelete = true,
                    Condition = condition,
                    ShowsItem = request.ReturnValuesOnConditionCheckFailure == "ALL_OLD",
                }
            )
            .ConfigureAwait(false);

        var capacity = new Capacity();
        capacity.Add(outcome.Cost);
        return new DeleteItemResponse(
            request.ReturnValues == "ALL_OLD" ? outcome.Before : null,
            capacity.Show(request.ReturnConsumedCapacity, outcome.Table.Name),
            ItemChecks.Collection(request.ReturnItemCollectionMetrics, outcome.Table, request.Key!)
        );
    }
}
