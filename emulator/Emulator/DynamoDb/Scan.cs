using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.DynamoDb.Legacy;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record ScanRequest(string? TableName)
{
    public string? IndexName { get; init; }

    public string? FilterExpression { get; init; }

    public string? ProjectionExpression { get; init; }

    public Dictionary<string, string>? ExpressionAttributeNames { get; init; }

    public Item? ExpressionAttributeValues { get; init; }

    public string? Select { get; init; }

    public int? Limit { get; init; }

    public bool? ConsistentRead { get; init; }

    public int? Segment { get; init; }

    public int? TotalSegments { get; init; }

    public Item? ExclusiveStartKey { get; init; }

    public string? ReturnConsumedCapacity { get; init; }

    public List<string>? AttributesToGet { get; init; }

    public Dictionary<string, LegacyCondition>? ScanFilter { get; init; }

    public string? ConditionalOperator { get; init; }
}

internal sealed record ScanResponse(
    List<Item>? Items,
    int Count,
    int ScannedCount,
    Item? LastEvaluatedKey,
    ConsumedCapacity? ConsumedCapacity
);

/// <summary>Reads all items of a table or an index, or of one segment of it.</summary>
internal sealed class Scan(Database database, Tables tables, UsageMeter meter)
{
    private const long Hashes = 1L << 32;

    public ScanResponse Run(ScanRequest request, Caller caller)
    {
        new Checks()
            .Table(request.TableName)
            .Page(request.Select, request.Limit, request.IndexName)
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .AtLeast("totalSegments", request.TotalSegments, 1)
            .AtMost("totalSegments", request.TotalSegments, 1000000)
            .AtLeast("segment", request.Segment, 0)
            .AtMost("segment", request.Segment, 999999)
            .AttributesToGet(request.AttributesToGet)
            .Conditions("scanFilter", request.ScanFilter)
            .ConditionalOperator(request.ConditionalOperator)
            .Throw();
        NotMixed(request);
        var expression = Expression.Of(
            request.ExpressionAttributeNames,
            request.ExpressionAttributeValues,
            ("ProjectionExpression", request.ProjectionExpression),
            ("FilterExpression", request.FilterExpression)
        );
        PageRequest.CheckSelect(request.Select, request.ProjectionExpression, request.AttributesToGet, request.IndexName);
        var wanted = Legacy.AttributesToGet.ToProjection(request.AttributesToGet);
        LegacyConditions.CheckValues(request.ScanFilter);
        PageRequest.CheckStartKey(request.ExclusiveStartKey);
        CheckSegment(request);
        var projection = wanted ?? expression.ParseProjection(request.ProjectionExpression);
        var filter =
            LegacyConditions.Filter(request.ScanFilter, request.ConditionalOperator)
            ?? expression.ParseCondition("FilterExpression", request.FilterExpression);
        expression.AllUsed();

        var table = tables.Open(caller.Scope, request.TableName!);
        var isConsistent = request.ConsistentRead == true;
        var index = PageRequest.Index(table.Schema, request.IndexName, isConsistent, request.Select);
        var start = PageRequest.Start(table.Schema, index, request.ExclusiveStartKey);
        var total = request.TotalSegments ?? 1;
        var (from, to) = (Hashes * (request.Segment ?? 0) / total, Hashes * ((request.Segment ?? 0) + 1) / total);
        if (start is { } key && (key.Start.Hash < from || key.Start.Hash >= to))
        {
            throw Errors.Validation(
                $"The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: {total} Segment: {request.Segment}"
            );
        }

        table.Schema.CheckPaths(projection?.Paths ?? []);
        table.Schema.CheckPaths(filter?.Paths ?? []);
        var page = database.Read(transaction =>
        {
            var page = new PageReader(transaction, table, index)
            {
                Filter = filter,
                Projection = projection,
                Limit = request.Limit,
                IsConsistent = isConsistent,
                CountsOnly = request.Select == "COUNT",
                Fetches = PageRequest.Fetches(index, request.Select, projection),
            };
            page.Scan(from, to, start?.Start, start?.Row ?? []);
            return page;
        });
        var capacity = page.Capacity();
        capacity.CountReads(meter, table.Name);
        return new ScanResponse(
            page.Items,
            page.Count,
            page.ScannedCount,
            page.LastEvaluatedKey,
            capacity.Show(request.ReturnConsumedCapacity, table.Name)
        );
    }

    private static void NotMixed(ScanRequest request)
    {
        if (request is { AttributesToGet: null, ScanFilter: null, ConditionalOperator: null })
        {
            return;
        }

        LegacyParameters.NotMixed(
            [
                ("AttributesToGet", request.AttributesToGet),
                ("ScanFilter", request.ScanFilter),
                ("ConditionalOperator", request.ConditionalOperator),
            ],
            [("ProjectionExpression", request.ProjectionExpression), ("FilterExpression", request.FilterExpression)]
        );
        LegacyParameters.CheckOperator(request.ConditionalOperator, request.ScanFilter?.Count);
    }

    private static void CheckSegment(ScanRequest request)
    {
        if (request.TotalSegments is not null && request.Segment is null)
        {
            throw Errors.Validation(
                "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"
            );
        }

        if (request.TotalSegments is null && request.Segment is not null)
        {
            throw Errors.Validation(
                "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"
            );
        }

        if (request.Segment >= request.TotalSegments)
        {
            throw Errors.Validation(
                $"The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: {request.Segment} is not less than TotalSegments: {request.TotalSegments}"
            );
        }
    }
}
