using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record BatchWriteItemRequest(
    Dictionary<string, List<WriteRequest>>? RequestItems,
    string? ReturnConsumedCapacity,
    string? ReturnItemCollectionMetrics
);

/// <summary>One put or one delete.</summary>
internal sealed record WriteRequest(PutRequest? PutRequest, DeleteRequest? DeleteRequest);

internal sealed record PutRequest(Item? Item);

internal sealed record DeleteRequest(Item? Key);

internal sealed record BatchWriteItemResponse(
    Dictionary<string, List<WriteRequest>> UnprocessedItems,
    List<ConsumedCapacity>? ConsumedCapacity,
    Dictionary<string, List<ItemCollectionMetrics>>? ItemCollectionMetrics
);

/// <summary>Up to 25 puts and deletes in any tables. AWS may leave some unprocessed; here all are done, in one write.</summary>
internal sealed class BatchWriteItem(Database database, Tables tables, ItemWrites writes)
{
    private const int MaxRequests = 25;

    public async Task<BatchWriteItemResponse> Run(BatchWriteItemRequest request, Caller caller, CancellationToken cancellation)
    {
        var checks = new Checks()
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .CollectionMetrics(request.ReturnItemCollectionMetrics)
            .NotNull("requestItems", request.RequestItems)
            .Count("requestItems", request.RequestItems?.Count, 1, MaxRequests, () => "{}");
        foreach (var (name, list) in request.RequestItems ?? [])
        {
            checks.Count($"requestItems.{name}.member", list.Count, 1, MaxRequests, () => $"[{list.Count} requests]");
        }

        checks.Throw();
        if (request.RequestItems!.Values.Sum(list => list.Count) > MaxRequests)
        {
            throw Errors.Validation("Too many items requested for the BatchWriteItem call");
        }

        var actions = request.RequestItems!.ToDictionary(
            entry => entry.Key,
            entry => entry.Value.ConvertAll(write => Action(entry.Key, write))
        );
        var opened = actions.Select(entry => (Table: tables.Open(caller.Scope, entry.Key), Actions: entry.Value)).ToList();
        foreach (var (table, list) in opened)
        {
            var keys = new HashSet<string>();
            foreach (var action in list)
            {
                CheckKey(table.Schema, action.Put);
                var key = action.Check(table.Schema);
                if (!keys.Add(Convert.ToHexString(key.Joined())))
                {
                    throw Errors.Validation("Provided list of item keys contains duplicates");
                }
            }
        }

        var outcomes = await database
            .Write(transaction =>
                opened.ConvertAll(entry =>
                {
                    var table = tables.Open(transaction, entry.Table);
                    return entry.Actions.ConvertAll(action => writes.Run(transaction, table, action.Check(table.Schema), action));
                })
            )
            .ConfigureAwait(false);

        var capacities = new List<ConsumedCapacity>();
        foreach (var list in outcomes)
        {
            var capacity = new Capacity();
            list.ForEach(outcome => capacity.Add(outcome.Cost));
            if (capacity.Show(request.ReturnConsumedCapacity, list[0].Table.Name) is { } consumed)
            {
                capacities.Add(consumed);
            }
        }

        return new BatchWriteItemResponse([], capacities.Count == 0 ? null : capacities, Metrics(request, outcomes));
    }

    /// <summary>Where PutItem names the key that an item lacks, a batch says what it says of any wrong key.</summary>
    private static void CheckKey(TableSchema schema, Item? put)
    {
        if (put is not null && schema.Keys.All.Any(key => !put.TryGetValue(key.Name, out var value) || value.Type != key.Type))
        {
            throw Errors.KeyMismatch();
        }
    }

    private static ItemAction Action(string table, WriteRequest write)
    {
        switch (write)
        {
            case { PutRequest: { Item: { } item }, DeleteRequest: null }:
                ItemChecks.Whole(item);
                return new ItemAction { TableName = table, Put = item };
            case { DeleteRequest: { Key: { } key }, PutRequest: null }:
                ItemChecks.Values(key);
                return new ItemAction
                {
                    TableName = table,
                    Key = key,
                    IsDelete = true,
                };
            default:
                throw Errors.Validation(
                    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
                );
        }
    }

    private static Dictionary<string, List<ItemCollectionMetrics>>? Metrics(BatchWriteItemRequest request, List<List<ItemOutcome>> outcomes)
    {
        var metrics = outcomes
            .Select(list =>
                (
                    list[0].Table.Name,
                    List: list.Select(outcome =>
                            (outcome.After ?? outcome.Before) is { } item
                                ? ItemChecks.Collection(request.ReturnItemCollectionMetrics, outcome.Table, item)
                                : null
                        )
                        .OfType<ItemCollectionMetrics>()
                        .ToList()
                )
            )
            .Where(entry => entry.List.Count > 0)
            .ToDictionary(entry => entry.Name, entry => entry.List);
        return metrics.Count == 0 ? null : metrics;
    }
}
