using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.DynamoDb.Legacy;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record GetItemRequest(string? TableName, Item? Key)
{
    public bool? ConsistentRead { get; init; }

    public string? ProjectionExpression { get; init; }

    public List<string>? AttributesToGet { get; init; }

    public Dictionary<string, string>? ExpressionAttributeNames { get; init; }

    public string? ReturnConsumedCapacity { get; init; }
}

internal sealed record GetItemResponse(Item? Item, ConsumedCapacity? ConsumedCapacity);

/// <summary>Reads one item by its key. Reads are always of the last commit: eventual consistency only costs less.</summary>
internal sealed class GetItem(Database database, Tables tables, UsageMeter meter)
{
    public GetItemResponse Run(GetItemRequest request, Caller caller)
    {
        new Checks()
            .Table(request.TableName)
            .NotNull("key", request.Key)
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .AttributesToGet(request.AttributesToGet)
            .Throw();
        if (request.AttributesToGet is { } names)
        {
            LegacyParameters.NotMixed([("AttributesToGet", names)], [("ProjectionExpression", request.ProjectionExpression)]);
        }

        var expression = Expression.Of(request.ExpressionAttributeNames, null, ("ProjectionExpression", request.ProjectionExpression));
        ItemChecks.Values(request.Key!);
        var projection =
            Legacy.AttributesToGet.ToProjection(request.AttributesToGet) ?? expression.ParseProjection(request.ProjectionExpression);
        expression.AllUsed();
        var table = tables.Open(caller.Scope, request.TableName!);
        var key = table.Schema.CheckKey(request.Key!);
        if (projection is not null)
        {
            table.Schema.CheckPaths(projection.Paths);
        }

        var item = database.Read(transaction => Items.Read(transaction, table, key));
        var capacity = new Capacity();
        capacity.AddTable(Capacity.ReadUnits(item?.Size() ?? 0, request.ConsistentRead == true));
        capacity.CountReads(meter, table.Name);
        return new GetItemResponse(
            item is null || projection is null ? item : projection.Apply(item),
            capacity.Show(request.ReturnConsumedCapacity, table.Name)
        );
    }
}
