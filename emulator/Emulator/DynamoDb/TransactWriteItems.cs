using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.Store;
using Disa.Emulator.Time;

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
internal sealed class TransactWriteItems(Database database, Clock clock, Tables tables, ItemWrites writes)
{
    private const int MaxItems = 100;
    private const long MaxBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(10);

    public async Task<TransactWriteItemsResponse> Run(TransactWriteItemsRequest request, Caller caller, CancellationToken cancellation)
    {
        Check(request);
        var actions = request.TransactItems!.ConvertAll(Action);
        var opened = actions.ConvertAll(action => tables.Open(caller.Scope, action.TableName));
        var keys = actions.Select((action, i) => CheckKey(action, opened[i])).ToList();
        CheckDistinct(opened, keys);
        if (actions.Sum(action => (long)(action.Put ?? action.Key)!.Size()) > MaxBytes)
        {
            throw Errors.Validation(
                "Collection size has exceeded the maximum limit: Transaction request size has exceeded the maximum of 4 MB"
            );
        }

        var outcomes = await database
            .Write(transaction => IsRepeat(transaction, request, caller) ? null : All(transaction, actions, opened))
            .ConfigureAwait(false);
        return Answer(request, opened, keys, outcomes);
    }

    private List<ItemOutcome> All(Transaction transaction, List<ItemAction> actions, List<Table> opened)
    {
        var outcomes = new List<ItemOutcome>(actions.Count);
        var reasons = new List<CancellationReason>(actions.Count);
        var failed = false;
        for (var i = 0; i < actions.Count; i++)
        {
            try
            {
                var table = tables.Open(transaction, opened[i]);
                outcomes.Add(writes.Run(transaction, table, actions[i].Check(table.Schema), actions[i], factor: 2));
                reasons.Add(CancellationReason.None);
            }
            catch (AwsException error) when (error.Code is "ConditionalCheckFailedException" or "ValidationException")
            {
                failed = true;
                reasons.Add(
                    error.Code == "ValidationException"
                        ? new CancellationReason("ValidationError", error.Message)
                        : new CancellationReason(
                            "ConditionalCheckFailed",
                            error.Message,
                            error.Details.ValueKind == JsonValueKind.Object
                                ? error.Details.Deserialize(DynamoDbJson.Default.FailedItem)!.Item
                                : null
                        )
                );
            }
        }

        // The exception takes back what the actions before have written.
        return failed ? throw Errors.Cancelled(reasons) : outcomes;
    }

    private bool IsRepeat(Transaction transaction, TransactWriteItemsRequest request, Caller caller)
    {
        if (request.ClientRequestToken is not { } token)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        var digest = TransactionToken.Digest(request);
        transaction.Execute(
            "DELETE FROM dynamodb_token WHERE account = $1 AND region = $2 AND created <= $3",
            caller.Account,
            caller.Region,
            (now - TokenLife).ToUnixTimeMilliseconds()
        );
        var known = transaction.First(
            "SELECT request FROM dynamodb_token WHERE account = $1 AND region = $2 AND token = $3",
            row => row.GetFieldValue<byte[]>(0),
            caller.Account,
            caller.Region,
            token
        );
        if (known is null)
        {
            transaction.Execute(
                "INSERT INTO dynamodb_token VALUES ($1, $2, $3, $4, $5)",
                caller.Account,
                caller.Region,
                token,
                digest,
                now.ToUnixTimeMilliseconds()
            );
            return false;
        }

        return known.AsSpan().SequenceEqual(digest)
            ? true
            : throw new AwsException(
                "IdempotentParameterMismatchException",
                "Rejected transaction since its parameters mismatch with an earlier transaction with the same token"
            );
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

    private static void CheckDistinct(List<Table> opened, List<RowKey> keys)
    {
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < keys.Count; i++)
        {
            if (!seen.Add((opened[i].Name, Convert.ToHexString(keys[i].Joined()))))
            {
                throw Errors.Validation("Transaction request cannot include multiple operations on one item");
            }
        }
    }

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
