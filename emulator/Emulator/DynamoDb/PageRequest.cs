using Disa.Emulator.DynamoDb.Expressions;

namespace Disa.Emulator.DynamoDb;

/// <summary>What Query and Scan ask alike: which index, what is shown, where it goes on.</summary>
internal static class PageRequest
{
    private static readonly string[] Selects = ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"];

    public static Checks Page(this Checks checks, string? select, int? limit, string? indexName) =>
        checks
            .OneOf("select", select, Selects)
            .AtLeast("limit", limit, 1)
            .Name("indexName", indexName)
            .Length("indexName", indexName, 3, 255);

    /// <param name="prefix">What AWS puts before the message: Query says "1 validation error detected: ", Scan nothing.</param>
    public static void CheckSelect(string? select, string? projection, List<string>? attributesToGet, string? indexName, string prefix = "")
    {
        if ((projection ?? (object?)attributesToGet) is not null && select is not (null or "SPECIFIC_ATTRIBUTES"))
        {
            throw Errors.Validation(
                $"{prefix}Cannot specify the {(projection is null ? "AttributesToGet" : "ProjectionExpression")} when choosing to get "
                    + (select == "COUNT" ? "only the Count" : select)
            );
        }

        if (projection is null && attributesToGet is null && select == "SPECIFIC_ATTRIBUTES")
        {
            throw Errors.Validation(
                $"{prefix}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"
            );
        }

        if (select == "ALL_PROJECTED_ATTRIBUTES" && indexName is null)
        {
            throw Errors.Validation($"{prefix}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
        }
    }

    public static void CheckStartKey(Item? start)
    {
        foreach (var (_, value) in start ?? [])
        {
            if (value.FindProblem() is { } problem)
            {
                throw Errors.Validation("The provided starting key is invalid: " + problem);
            }
        }
    }

    /// <summary>The index by its name; null where none is named.</summary>
    public static SecondaryIndex? Index(TableSchema schema, string? name, bool isConsistent, string? select)
    {
        if (name is null)
        {
            return null;
        }

        var index =
            schema.Indexes.FirstOrDefault(index => index.Name == name)
            ?? throw Errors.Validation($"The table does not have the specified index: {name}");
        if (index.IsGlobal && isConsistent)
        {
            throw Errors.Validation("Consistent reads are not supported on global secondary indexes");
        }

        if (index.IsGlobal && select == "ALL_ATTRIBUTES" && !index.ProjectsAll)
        {
            throw Errors.Invalid(
                $"Select type ALL_ATTRIBUTES is not supported for global secondary index {name} because its projection type is not ALL"
            );
        }

        return index.Document.Status == "CREATING"
            ? throw Errors.Validation($"Cannot read from backfilling global secondary index: {name}")
            : index;
    }

    /// <summary>Whether the table must be asked for what a local index does not have.</summary>
    public static bool Fetches(SecondaryIndex? index, string? select, Projection? projection)
    {
        if (index is null or { ProjectsAll: true })
        {
            return false;
        }

        if (!index.IsGlobal)
        {
            return select == "ALL_ATTRIBUTES" || (projection is not null && projection.Paths.Any(path => !index.Projects(path.Head)));
        }

        if (projection?.Paths.Where(path => !index.Projects(path.Head)).Select(path => path.Head).ToList() is { Count: > 0 } missing)
        {
            throw Errors.Invalid($"Global secondary index {index.Name} does not project [{string.Join(", ", missing)}]");
        }

        return false;
    }

    /// <summary>Where a page goes on: the row's key in what is read, and in the table.</summary>
    public static (RowKey Start, byte[] Row)? Start(TableSchema schema, SecondaryIndex? index, Item? start)
    {
        if (start is null)
        {
            return null;
        }

        var keys = schema.Keys.All.Concat(index?.Keys.All ?? []).DistinctBy(key => key.Name).ToList();
        if (start.Count != keys.Count || keys.Any(key => !start.TryGetValue(key.Name, out var value) || value.Type != key.Type))
        {
            throw Errors.Validation("The provided starting key is invalid");
        }

        foreach (var (name, _, isHash) in keys)
        {
            TableSchema.CheckKeyValue(name, start[name], isHash);
        }

        var row = RowKey.Of(schema.Keys, start);
        return index is null ? (row, []) : (RowKey.Of(index.Keys, start), row.Joined());
    }
}
