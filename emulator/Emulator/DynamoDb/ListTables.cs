using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

internal sealed record ListTablesRequest(string? ExclusiveStartTableName, int? Limit);

internal sealed record ListTablesResponse(List<string> TableNames, string? LastEvaluatedTableName);

/// <summary>The names of the caller's tables, at most 100 at once.</summary>
internal sealed class ListTables(Tables tables)
{
    public ListTablesResponse Run(ListTablesRequest request, Caller caller)
    {
        new Checks()
            .Name("exclusiveStartTableName", request.ExclusiveStartTableName)
            .Length("exclusiveStartTableName", request.ExclusiveStartTableName, 3, 255)
            .AtLeast("limit", request.Limit, 1)
            .AtMost("limit", request.Limit, 100)
            .Throw();
        var limit = request.Limit ?? 100;
        var names = tables
            .Shelf.List(caller.Scope)
            .Where(entry =>
                tables.Settled(entry.Value).Status != "GONE" && string.CompareOrdinal(entry.Key, request.ExclusiveStartTableName) > 0
            )
            .Select(entry => entry.Key)
            .Take(limit + 1)
            .ToList();
        return names.Count > limit ? new ListTablesResponse(names[..limit], names[limit - 1]) : new ListTablesResponse(names, null);
    }
}
