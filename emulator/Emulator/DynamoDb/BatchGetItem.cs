using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.DynamoDb.Legacy;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record BatchGetItemRequest(Dictionary<string, KeysAndAttributes>? RequestItems, string? ReturnConsumedCapacity);

/// <summary>The keys wanted of one table, and what of their items.</summary>
internal sealed record KeysAndAttributes(List<Item>? Keys)
{
    public bool? ConsistentRead { get; init; }

    public string? ProjectionExpression { get; init; }

    public List<string>? AttributesToGet { get; init; }

    public Dictionary<string, string>? ExpressionAttributeNames { get; init; }
}

internal sealed record BatchGetItemResponse(
    Dictionary<string, List<Item>> Responses,
    Dictionary<string, KeysAndAttributes> UnprocessedKeys,
    List<ConsumedCapacity>? ConsumedCapacity
);

/// <summary>Reads up to 100 items of any tables; what would make the answer larger than 16 MB comes back unprocessed.</summary>
internal sealed class BatchGetItem(Database database, Tables tables, UsageMeter meter)
{
    private const int MaxKeys = 100;
    private const long MaxBytes = 16 * 1024 * 1024;

    public BatchGetItemResponse Run(BatchGetItemRequest request, Caller caller)
    {
        var checks = new Checks()
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .NotNull("requestItems", request.RequestItems)
            .Count("requestItems", request.RequestItems?.Count, 1, MaxKeys, () => "{}");
        foreach (var (name, wanted) in request.RequestItems ?? [])
        {
            checks
                .NotNull($"requestItems.{name}.member.keys", wanted.Keys)
                .Count($"requestItems.{name}.member.keys", wanted.Keys?.Count, 1, MaxKeys, () => $"[{wanted.Keys!.Count} keys]")
                .AttributesToGet(wanted.AttributesToGet, $"requestItems.{name}.member.attributesToGet");
        }

        checks.Throw();
        if (request.RequestItems!.Values.Sum(wanted => wanted.Keys!.Count) > MaxKeys)
        {
            throw Errors.Validation("Too many items requested for the BatchGetItem call");
        }

        var plans = new List<Plan>();
        foreach (var (name, wanted) in request.RequestItems!)
        {
            LegacyParameters.NotMixed(
                [("AttributesToGet", wanted.AttributesToGet)],
                [("ProjectionExpression", wanted.ProjectionExpression)]
            );
            var expression = Expression.Of(wanted.ExpressionAttributeNames, null, ("ProjectionExpression", wanted.ProjectionExpression));
            wanted.Keys!.ForEach(ItemChecks.Values);
            var projection =
                Legacy.AttributesToGet.ToProjection(wanted.AttributesToGet) ?? expression.ParseProjection(wanted.ProjectionExpression);
            expression.AllUsed();
            plans.Add(new Plan(name, wanted, projection));
        }

        var opened = plans.Select(plan => (Plan: plan, Table: tables.Open(caller.Scope, plan.Name))).ToList();
        var rows = opened.Select(entry => entry.Plan.Wanted.Keys!.ConvertAll(entry.Table.Schema.CheckKey)).ToList();
        if (opened.Select((entry, at) => (entry.Plan.Wanted.Keys!, at)).Any(entry => HasDuplicates(entry.Item1)))
        {
            throw Errors.Validation("Provided list of item keys contains duplicates");
        }

        var responses = new Dictionary<string, List<Item>>();
        var unprocessed = new Dictionary<string, KeysAndAttributes>();
        var capacities = new List<ConsumedCapacity>();
        database.Read(transaction =>
        {
            var bytes = 0L;
            for (var i = 0; i < opened.Count; i++)
            {
                var (plan, table) = opened[i];
                var found = new List<Item>();
                var left = new List<Item>();
                var capacity = new Capacity();
                for (var k = 0; k < rows[i].Count; k++)
                {
                    if (bytes >= MaxBytes)
                    {
                        left.Add(plan.Wanted.Keys![k]);
                        continue;
                    }

                    var item = Items.Read(transaction, table, rows[i][k]);
                    var size = item?.Size() ?? 0;
                    bytes += size;
                    capacity.AddTable(Capacity.ReadUnits(size, plan.Wanted.ConsistentRead == true));
                    if (item is not null)
                    {
                        found.Add(plan.Projection is null ? item : plan.Projection.Apply(item));
                    }
                }

                responses[plan.Name] = found;
                if (left.Count > 0)
                {
                    unprocessed[plan.Name] = plan.Wanted with { Keys = left };
                }

                capacity.CountReads(meter, table.Name);
                if (capacity.Show(request.ReturnConsumedCapacity, table.Name) is { } consumed)
                {
                    capacities.Add(consumed);
                }
            }

            return bytes;
        });
        return new BatchGetItemResponse(responses, unprocessed, capacities.Count == 0 ? null : capacities);
    }

    private static bool HasDuplicates(List<Item> keys)
    {
        for (var i = 1; i < keys.Count; i++)
        {
            for (var k = 0; k < i; k++)
            {
                if (keys[i].SameAs(keys[k]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private sealed record Plan(string Name, KeysAndAttributes Wanted, Projection? Projection);
}
