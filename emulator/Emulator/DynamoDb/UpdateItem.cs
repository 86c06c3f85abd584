using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.DynamoDb.Legacy;

namespace Disa.Emulator.DynamoDb;

internal sealed record UpdateItemRequest(string? TableName, Item? Key)
{
    public string? UpdateExpression { get; init; }

    public string? ConditionExpression { get; init; }

    public Dictionary<string, string>? ExpressionAttributeNames { get; init; }

    public Item? ExpressionAttributeValues { get; init; }

    public string? ReturnValues { get; init; }

    public string? ReturnConsumedCapacity { get; init; }

    public string? ReturnItemCollectionMetrics { get; init; }

    public string? ReturnValuesOnConditionCheckFailure { get; init; }

    public Dictionary<string, AttributeValueUpdate>? AttributeUpdates { get; init; }

    public Dictionary<string, ExpectedAttributeValue>? Expected { get; init; }

    public string? ConditionalOperator { get; init; }
}

internal sealed record UpdateItemResponse(
    Item? Attributes,
    ConsumedCapacity? ConsumedCapacity,
    ItemCollectionMetrics? ItemCollectionMetrics
);

/// <summary>Changes attributes of an item, and makes the item where there is none.</summary>
internal sealed class UpdateItem(ItemWrites writes)
{
    public async Task<UpdateItemResponse> Run(UpdateItemRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks()
            .Table(request.TableName)
            .NotNull("key", request.Key)
            .ReturnValues(request.ReturnValues)
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .CollectionMetrics(request.ReturnItemCollectionMetrics)
            .OnConditionFailure(request.ReturnValuesOnConditionCheckFailure)
            .Updates(request.AttributeUpdates)
            .ExpectedValues(request.Expected, request.ConditionalOperator)
            .Throw();
        NotMixed(request);
        var expression = Expression.Of(
            request.ExpressionAttributeNames,
            request.ExpressionAttributeValues,
            ("UpdateExpression", request.UpdateExpression),
            ("ConditionExpression", request.ConditionExpression)
        );
        ItemChecks.Values(request.Key!);
        var update = Legacy.AttributeUpdates.ToUpdate(request.AttributeUpdates) ?? expression.ParseUpdate(request.UpdateExpression);
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
                    Update = update,
                    Condition = condition,
                    ShowsItem = request.ReturnValuesOnConditionCheckFailure == "ALL_OLD",
                }
            )
            .ConfigureAwait(false);

        var capacity = new Capacity();
        capacity.Add(outcome.Cost);
        return new UpdateItemResponse(
            Attributes(request.ReturnValues, update, outcome),
            capacity.Show(request.ReturnConsumedCapacity, outcome.Table.Name),
            ItemChecks.Collection(request.ReturnItemCollectionMetrics, outcome.Table, request.Key!)
        );
    }

    private static void NotMixed(UpdateItemRequest request)
    {
        if (request is { AttributeUpdates: null, Expected: null, ConditionalOperator: null })
        {
            return;
        }

        LegacyParameters.NotMixed(
            [
                ("AttributeUpdates", request.AttributeUpdates),
                ("Expected", request.Expected),
                ("ConditionalOperator", request.ConditionalOperator),
            ],
            [("UpdateExpression", request.UpdateExpression), ("ConditionExpression", request.ConditionExpression)]
        );
        LegacyParameters.CheckOperator(request.ConditionalOperator, request.Expected?.Count);
    }

    private static Item? Attributes(string? asked, Update? update, ItemOutcome outcome) =>
        asked switch
        {
            "ALL_OLD" => outcome.Before,
            "ALL_NEW" => outcome.After,
            "UPDATED_OLD" => Touched(update, outcome.Before),
            "UPDATED_NEW" => Touched(update, outcome.After),
            _ => null,
        };

    /// <summary>The part of an item that an update names.</summary>
    public static Item? Touched(Update? update, Item? item) =>
        update is null || item is null || new Projection([.. update.Paths]).Apply(item) is not { Count: > 0 } part ? null : part;
}
