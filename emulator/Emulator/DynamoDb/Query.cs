using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.DynamoDb.Legacy;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record QueryRequest(string? TableName)
{
    public string? IndexName { get; init; }

    public string? KeyConditionExpression { get; init; }

    public string? FilterExpression { get; init; }

    public string? ProjectionExpression { get; init; }

    public Dictionary<string, string>? ExpressionAttributeNames { get; init; }

    public Item? ExpressionAttributeValues { get; init; }

    public string? Select { get; init; }

    public int? Limit { get; init; }

    public bool? ConsistentRead { get; init; }

    public bool? ScanIndexForward { get; init; }

    public Item? ExclusiveStartKey { get; init; }

    public string? ReturnConsumedCapacity { get; init; }

    public List<string>? AttributesToGet { get; init; }

    public Dictionary<string, LegacyCondition>? KeyConditions { get; init; }

    public Dictionary<string, LegacyCondition>? QueryFilter { get; init; }

    public string? ConditionalOperator { get; init; }
}

internal sealed record QueryResponse(
    List<Item>? Items,
    int Count,
    int ScannedCount,
    Item? LastEvaluatedKey,
    ConsumedCapacity? ConsumedCapacity
);

/// <summary>Reads the items of one partition of a table or an index, in the order of the sort key.</summary>
internal sealed class Query(Database database, Tables tables, UsageMeter meter)
{
    public QueryResponse Run(QueryRequest request, Caller caller)
    {
        new Checks()
            .Table(request.TableName)
            .Page(request.Select, request.Limit, request.IndexName)
            .ConsumedCapacity(request.ReturnConsumedCapacity)
            .AttributesToGet(request.AttributesToGet)
            .Conditions("keyConditions", request.KeyConditions)
            .Conditions("queryFilter", request.QueryFilter)
            .ConditionalOperator(request.ConditionalOperator)
            .Throw();
        NotMixed(request);
        var expression = Expression.Of(
            request.ExpressionAttributeNames,
            request.ExpressionAttributeValues,
            ("ProjectionExpression", request.ProjectionExpression),
            ("FilterExpression", request.FilterExpression),
            ("KeyConditionExpression", request.KeyConditionExpression)
        );
        PageRequest.CheckSelect(
            request.Select,
            request.ProjectionExpression,
            request.AttributesToGet,
            request.IndexName,
            "1 validation error detected: "
        );
        LegacyConditions.CheckValues(request.QueryFilter);
        PageRequest.CheckStartKey(request.ExclusiveStartKey);
        var wanted = Legacy.AttributesToGet.ToProjection(request.AttributesToGet);
        LegacyConditions.CheckValues(request.KeyConditions);
        if (request.KeyConditionExpression is null && request.KeyConditions is null)
        {
            throw Errors.Validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.");
        }

        var projection = wanted ?? expression.ParseProjection(request.ProjectionExpression);
        var filter =
            LegacyConditions.Filter(request.QueryFilter, request.ConditionalOperator)
            ?? expression.ParseCondition("FilterExpression", request.FilterExpression);
        var condition = (LegacyConditions.Key(request.KeyConditions) ?? expression.ParseKeyCondition(request.KeyConditionExpression))!;
        expression.AllUsed();

        var table = tables.Open(caller.Scope, request.TableName!);
        var isConsistent = request.ConsistentRead == true;
        var index = PageRequest.Index(table.Schema, request.IndexName, isConsistent, request.Select);
        var keys = index?.Keys ?? table.Schema.Keys;
        var place = Place(keys, condition);
        var start = PageRequest.Start(table.Schema, index, request.ExclusiveStartKey);
        if (start is not null)
        {
            CheckStart(keys, condition, request.ExclusiveStartKey!);
        }

        CheckPaths(table.Schema, keys, projection, filter, request.QueryFilter is null ? "Filter Expression" : "QueryFilter");
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
            page.Query(place.Partition, place.Range, start?.Start, start?.Row ?? [], request.ScanIndexForward != false);
            return page;
        });
        var capacity = page.Capacity();
        capacity.CountReads(meter, table.Name);
        return new QueryResponse(
            page.Items,
            page.Count,
            page.ScannedCount,
            page.LastEvaluatedKey,
            capacity.Show(request.ReturnConsumedCapacity, table.Name)
        );
    }

    private static void NotMixed(QueryRequest request)
    {
        if (request is { AttributesToGet: null, QueryFilter: null, ConditionalOperator: null, KeyConditions: null })
        {
            return;
        }

        // KeyConditions go with a filter or a projection expression, but not with their own successor.
        LegacyParameters.NotMixed(
            [
                ("AttributesToGet", request.AttributesToGet),
                ("QueryFilter", request.QueryFilter),
                ("ConditionalOperator", request.ConditionalOperator),
                ("KeyConditions", request.KeyConditionExpression is null ? null : request.KeyConditions),
            ],
            [
                ("ProjectionExpression", request.ProjectionExpression),
                ("FilterExpression", request.FilterExpression),
                ("KeyConditionExpression", request.KeyConditionExpression),
            ]
        );
        LegacyParameters.CheckOperator(request.ConditionalOperator, request.QueryFilter?.Count);
    }

    /// <summary>Where the rows are that a condition on the keys asks for.</summary>
    public static (RowKey Partition, KeyRange Range) Place(KeyAttributes keys, KeyCondition condition)
    {
        if (keys.IsMulti)
        {
            return MultiKeyCondition.Place(keys, condition);
        }

        var (partition, range) = Partition(keys, condition);
        var hashKey = RowKey.Bytes(partition);
        return (new RowKey(RowKey.HashOf(hashKey), hashKey, []), KeyRange.Of(range));
    }

    private static (AttributeValue Partition, KeyCondition.Part? Range) Partition(KeyAttributes keys, KeyCondition condition)
    {
        if (keys.Range is null && condition.Parts.Count > 1)
        {
            throw Errors.Validation("Query key condition not supported");
        }

        var hash = condition.Parts.GetValueOrDefault(keys.Hash) ?? throw Missing(keys.Hash);
        var range = keys.Range is null ? null : condition.Parts.GetValueOrDefault(keys.Range);
        if (condition.Parts.Count > 1 && range is null)
        {
            throw Missing(keys.Range!);
        }

        if (condition.Parts.Count > 2)
        {
            throw Errors.Validation("Conditions can be of length 1 or 2 only");
        }

        CheckValues(keys.Hash, keys.HashType, hash, isHash: true);
        if (hash.Comparator != "=")
        {
            throw Errors.Validation("Query key condition not supported");
        }

        if (range is not null)
        {
            CheckValues(keys.Range!, keys.RangeType, range, isHash: false);
        }

        return (hash.Value, range);
    }

    public static void CheckValues(string name, AttributeType type, KeyCondition.Part part, bool isHash)
    {
        if (part.Comparator == KeyCondition.NotIndexable)
        {
            throw Errors.Validation("Attempted conditional constraint is not an indexable operation");
        }

        foreach (var value in part.Values)
        {
            if (value.Type != type)
            {
                throw Errors.Invalid("Condition parameter type does not match schema type");
            }

            // A prefix may be empty: everything begins with it.
            if (part.Comparator != "begins_with")
            {
                TableSchema.CheckKeyValue(name, value, isHash);
            }
        }
    }

    private static void CheckStart(KeyAttributes keys, KeyCondition condition, Item start)
    {
        if (keys.Ranges.Any(range => condition.Parts.TryGetValue(range.Name, out var part) && !part.Matches(start[range.Name])))
        {
            throw Errors.Validation("The provided starting key does not match the range key predicate");
        }

        if (keys.Hashes.Any(hash => !start[hash.Name].Equals(condition.Parts[hash.Name].Value)))
        {
            throw Errors.Validation("The provided starting key is outside query boundaries based on provided conditions");
        }
    }

    private static void CheckPaths(TableSchema schema, KeyAttributes keys, Projection? projection, Condition? filter, string filterName)
    {
        schema.CheckPaths(projection?.Paths ?? []);
        foreach (var path in filter?.Paths ?? [])
        {
            if (keys.Contains(path.Head))
            {
                throw Errors.Validation($"{filterName} can only contain non-primary key attributes: Primary key attribute: {path.Head}");
            }
        }

        schema.CheckPaths(filter?.Paths ?? []);
    }

    public static AwsException Missing(string name) => Errors.Validation($"Query condition missed key schema element: {name}");
}
