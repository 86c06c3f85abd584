using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record TransactWriteItemsRequest(List<TransactWriteItem>? TransactItems)
{
    public string? ClientRequestToken { get; init; }

    public string? ReturnConsumedCapacity { get; init; }

    public string? ReturnItemCollectionMetrics { get; init; }
}

/// <summary>Exactly one of these.</summary>
internal sealed record TransactWriteItem(
    TransactAction? Put,
    TransactAction? Update,
    TransactAction? Delete,
    TransactAction? ConditionCheck
);

/// <summary>One action; each kind has those members that it needs.</summary>
internal sealed record TransactAction(string? TableName)
{
    public Item? Item { get; init; }

    public Item? Key { get; init; }

    public string? UpdateExpression { get; init; }

    public string? ConditionExpression { get; init; }

    public Dictionary<string, string>? ExpressionAttributeNames { get; init; }

    public Item? ExpressionAttributeValues { get; init; }

    public string? ReturnValuesOnConditionCheckFailure { get; init; }
}

internal sealed record TransactWriteItemsResponse(
    List<ConsumedCapacity>? ConsumedCapacity,
    Dictionary<string, List<ItemCollectionMetrics>>? ItemCollectionMetrics
);

/// <summary>Up to 100 actions, all or none. The same ClientRequestToken within ten minutes is the same request.</summary>
internal sealed class TransactWriteItems(Database database, Tables tables, ItemTransactions transactions)
{
    private const int MaxItems = 100;

    public async Task<TransactWriteItemsResponse> Run(TransactWriteItemsRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var actions = request.TransactItems!.ConvertAll(Action);
        var opened = actions.ConvertAll(action => tables.Open(caller.Scope, action.TableName));
        var keys = actions.Select((action, i) => CheckKey(action, opened[i])).ToList();
        ItemTransactions.CheckDistinct(opened, keys);
        ItemTransactions.CheckSize(actions);
        var outcomes = await database
            .Write(transaction =>
                transactions.IsRepeat(transaction, caller.Scope, request.ClientRequestToken, () => TransactionToken.Digest(request))
                    ? null
                    : transactions.All(transaction, actions, opened)
            )
            .ConfigureAwait(false);
        return Answer(request, opened, keys, outcomes);
    }

    private static void Check(TransactWriteItemsRequest request)
    {
        var checks = new Checks()
            .NotNull("transactItems", request.TransactItems)
            .Count("transactItems", request.TransactItems?.Count, 1, MaxItems, () => $"[{request.TransactItems!.Count} items]")
            .Length("clientRequestToken", request.ClientRequestToken, 1, 36)
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .CollectionMetrics(request.ReturnItemCollectionMetrics);
        for (var i = 0; i < request.TransactItems?.Count; i++)
        {
            foreach (var (kind, action) in Kinds(request.TransactItems[i]))
            {
                var at = $"transactItems.{i + 1}.member.{kind}";
                checks
                    .Table(action.TableName, $"{at}.tableName")
                    .NotNull(kind == "put" ? $"{at}.item" : $"{at}.key", kind == "put" ? action.Item : action.Key)
                    .OneOf($"{at}.returnValuesOnConditionCheckFailure", action.ReturnValuesOnConditionCheckFailure, "ALL_OLD", "NONE");
                if (kind == "update")
                {
                    checks.NotNull($"{at}.updateExpression", action.UpdateExpression);
                }

                if (kind == "conditionCheck")
                {
                    checks.NotNull($"{at}.conditionExpression", action.ConditionExpression);
                }
            }
        }

        checks.Throw();
    }

    private static ItemAction Action(TransactWriteItem item)
    {
        var kinds = Kinds(item).ToList();
        if (kinds is not [var (kind, action)])
        {
            throw Errors.Validation(
                kinds.Count == 0
                    ? "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"
                    : "TransactItems can only contain one of Check, Put, Update or Delete"
            );
        }

        if (
            (kind != "put" && action.Item is not null)
            || (kind == "put" && action.Key is not null)
            || (kind != "update" && action.UpdateExpression is not null)
        )
        {
            throw AwsException.NotImplemented($"a member that is foreign to {kind} in dynamodb:TransactWriteItems");
        }

        (string, string?)[] expressions =
            kind == "update"
                ? [("UpdateExpression", action.UpdateExpression), ("ConditionExpression", action.ConditionExpression)]
                : [("ConditionExpression", action.ConditionExpression)];
        var expression = Expression.Of(action.ExpressionAttributeNames, action.ExpressionAttributeValues, expressions);
        ItemChecks.Whole((action.Item ?? action.Key)!);
        var update = expression.ParseUpdate(action.UpdateExpression);
        var condition = expression.ParseCondition("ConditionExpression", action.ConditionExpression);
        expression.AllUsed();
        return new ItemAction
        {
            TableName = action.TableName!,
            Put = action.Item,
            Key = action.Key,
            Update = update,
            IsDelete = kind == "delete",
            IsCheck = kind == "conditionCheck",
            Condition = condition,
            ShowsItem = action.ReturnValuesOnConditionCheckFailure == "ALL_OLD",
        };
    }

    private static RowKey CheckKey(ItemAction action, Table table) => action.Check(table.Schema);

    private static TransactWriteItemsResponse Answer(
        TransactWriteItemsRequest request,
        List<Table> opened,
        List<RowKey> keys,
        List<ItemOutcome>? outcomes
    )
    {
        var capacities = new List<ConsumedCapacity>();
        var metrics = new Dictionary<string, List<ItemCollectionMetrics>>();
        foreach (var group in opened.Select((table, i) => (Table: table, Index: i)).GroupBy(entry => entry.Table.Name))
        {
            var capacity = new Capacity();
            foreach (var (_, i) in group)
            {
                // A repeated request costs what reading its items costs.
                capacity.Add(outcomes is null ? new WriteCost(keys[i].HashKey.Length, null) : outcomes[i].Cost, factor: 2);
                if (
                    outcomes is not null
                    && (outcomes[i].After ?? outcomes[i].Before) is { } item
                    && ItemChecks.Collection(request.ReturnItemCollectionMetrics, outcomes[i].Table, item) is { } metric
                )
                {
                    (metrics.TryGetValue(group.Key, out var list) ? list : metrics[group.Key] = []).Add(metric);
                }
            }

            if (
                capacity.Show(request.ReturnConsumedCapacity, group.Key, isTransaction: true, isWrite: outcomes is not null) is { } consumed
            )
            {
                capacities.Add(consumed);
            }
        }

        return new TransactWriteItemsResponse(capacities.Count == 0 ? null : capacities, metrics.Count == 0 ? null : metrics);
    }

    private static IEnumerable<(string Kind, TransactAction Action)> Kinds(TransactWriteItem item) =>
        new[] { ("conditionCheck", item.ConditionCheck), ("put", item.Put), ("delete", item.Delete), ("update", item.Update) }
            .Where(kind => kind.Item2 is not null)
            .Select(kind => (kind.Item1, kind.Item2!));
}
