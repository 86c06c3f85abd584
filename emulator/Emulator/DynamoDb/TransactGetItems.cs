using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record TransactGetItemsRequest(List<TransactGetItem>? TransactItems, string? ReturnConsumedCapacity);

internal sealed record TransactGetItem(Get? Get);

/// <summary>One item wanted.</summary>
internal sealed record Get(string? TableName, Item? Key)
{
    public string? ProjectionExpression { get; init; }

    public Dictionary<string, string>? ExpressionAttributeNames { get; init; }
}

internal sealed record TransactGetItemsResponse(List<ItemResponse> Responses, List<ConsumedCapacity>? ConsumedCapacity);

/// <summary>An item, or nothing where there is none.</summary>
internal sealed record ItemResponse(Item? Item);

/// <summary>Up to 100 items as they are at one moment.</summary>
internal sealed class TransactGetItems(Database database, Tables tables, UsageMeter meter)
{
    public TransactGetItemsResponse Run(TransactGetItemsRequest request, Caller caller)
    {
        var checks = new Checks()
            .NotNull("transactItems", request.TransactItems)
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .Count("transactItems", request.TransactItems?.Count, 1, 100, () => $"[{request.TransactItems!.Count} items]");
        for (var i = 0; i < request.TransactItems?.Count; i++)
        {
            var get = request.TransactItems[i].Get;
            checks.NotNull($"transactItems.{i + 1}.member.get", get);
            if (get is not null)
            {
                checks
                    .Table(get.TableName, $"transactItems.{i + 1}.member.get.tableName")
                    .NotNull($"transactItems.{i + 1}.member.get.key", get.Key);
            }
        }

        checks.Throw();
        var wanted = request.TransactItems!.ConvertAll(item =>
        {
            var get = item.Get!;
            var expression = Expression.Of(get.ExpressionAttributeNames, null, ("ProjectionExpression", get.ProjectionExpression));
            ItemChecks.Values(get.Key!);
            var projection = expression.ParseProjection(get.ProjectionExpression);
            expression.AllUsed();
            return (Get: get, Projection: projection);
        });
        var opened = wanted.ConvertAll(entry => tables.Open(caller.Scope, entry.Get.TableName!));
        var keys = wanted.Select((entry, i) => opened[i].Schema.CheckKey(entry.Get.Key!)).ToList();
        if (keys.Select((key, i) => (opened[i].Name, Convert.ToHexString(key.Joined()))).Distinct().Count() != keys.Count)
        {
            throw Errors.Validation("Transaction request cannot include multiple operations on one item");
        }

        var found = database.Read(transaction => keys.Select((key, i) => Items.Read(transaction, opened[i], key)).ToList());
        if (found.Sum(item => (long)(item?.Size() ?? 0)) > 4 * 1024 * 1024)
        {
            throw Errors.Validation(
                "Collection size has exceeded the maximum limit: the aggregate size of the items in the transaction cannot exceed 4 MB"
            );
        }

        var capacities = opened
            .Select((table, i) => (table.Name, Size: found[i]?.Size() ?? 0))
            .GroupBy(entry => entry.Name)
            .Select(group =>
            {
                var capacity = new Capacity();
                capacity.AddTable(group.Sum(entry => 2 * Capacity.ReadUnits(entry.Size, isConsistent: true)));
                capacity.CountReads(meter, group.Key);
                return capacity.Show(request.ReturnConsumedCapacity, group.Key, isTransaction: true);
            })
            .OfType<ConsumedCapacity>()
            .ToList();
        return new TransactGetItemsResponse(
            [
                .. found.Select(
                    (item, i) =>
                        new ItemResponse(item is null || wanted[i].Projection is not { } projection ? item : projection.Apply(item))
                ),
            ],
            capacities.Count == 0 ? null : capacities
        );
    }
}
