namespace Disa.Emulator.DynamoDb;

/// <summary>What several item operations ask of their requests.</summary>
internal static class ItemChecks
{
    public static readonly string[] ConsumedCapacityModes = ["INDEXES", "TOTAL", "NONE"];

    public static Checks Table(this Checks checks, string? tableName, string path = "tableName")
    {
        checks.NotNull(path, tableName);
        if (tableName is not null && !tableName.StartsWith("arn:", StringComparison.Ordinal))
        {
            checks.Name(path, tableName).Length(path, tableName, 3, 255);
        }

        return checks;
    }

    public static Checks ConsumedCapacity(this Checks checks, string? value) =>
        checks.OneOf("returnConsumedCapacity", value, ConsumedCapacityModes);

    public static Checks CollectionMetrics(this Checks checks, string? value) =>
        checks.OneOf("returnItemCollectionMetrics", value, "SIZE", "NONE");

    public static Checks OnConditionFailure(this Checks checks, string? value) =>
        checks.OneOf("returnValuesOnConditionCheckFailure", value, "ALL_OLD", "NONE");

    public static Checks ReturnValues(this Checks checks, string? value) =>
        checks.OneOf("returnValues", value, "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW");

    /// <summary>The values of an item or a key as such.</summary>
    public static void Values(Item item)
    {
        foreach (var (_, value) in item)
        {
            if (value.FindProblem() is { } problem)
            {
                throw Errors.Validation(problem);
            }
        }
    }

    public static void Whole(Item item)
    {
        Values(item);
        Fits(item);
    }

    public static void Fits(Item item)
    {
        if (item.Size() > Item.MaxSize)
        {
            throw Errors.Validation("Item size has exceeded the maximum allowed size");
        }
    }

    /// <summary>ItemCollectionMetrics, which only tables with local indexes have.</summary>
    public static ItemCollectionMetrics? Collection(string? asked, Table table, Item key)
    {
        var schema = table.Schema;
        return asked == "SIZE" && schema.Indexes.Any(index => !index.IsGlobal)
            ? new ItemCollectionMetrics(key.Only([schema.Keys.Hash]), [0, 1])
            : null;
    }
}

/// <summary>Of an item collection, how large it is, as a range in GB.</summary>
internal sealed record ItemCollectionMetrics(Item ItemCollectionKey, double[] SizeEstimateRangeGB);
