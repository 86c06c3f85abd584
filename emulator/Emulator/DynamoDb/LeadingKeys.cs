using Disa.Emulator.Aws;
using Disa.Emulator.DynamoDb.Expressions;
using Disa.Emulator.DynamoDb.Legacy;
using Disa.Emulator.Policies;

namespace Disa.Emulator.DynamoDb;

/// <summary>The partition keys that a request is about, as the condition key <c>dynamodb:LeadingKeys</c>.</summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html</remarks>
internal static class LeadingKeys
{
    private const string Key = "dynamodb:LeadingKeys";

    public static Access Add(Access access, TableDocument? table, string? index, QueryRequest? query, IEnumerable<Item?>? items)
    {
        var schema = index is null ? table?.KeySchema : table?.Indexes.Find(one => one.Name == index)?.KeySchema;
        var name = schema?[0].AttributeName;
        var values =
            name is null ? []
            : query is not null ? Of(query, name)
            : (items ?? [])
                .Select(item => item is not null && item.TryGetValue(name, out var value) ? value : null)
                .OfType<AttributeValue>();
        return access with
        {
            Facts = [.. access.Facts, .. values.Select(value => (Key, Text(value))).Distinct()],
            Supplied = [.. access.Supplied, Key],
        };
    }

    /// <summary>What the query asks for; one that cannot be read is refused by the operation.</summary>
    private static IEnumerable<AttributeValue> Of(QueryRequest query, string name)
    {
        try
        {
            var condition =
                LegacyConditions.Key(query.KeyConditions)
                ?? Expression
                    .Of(
                        query.ExpressionAttributeNames,
                        query.ExpressionAttributeValues,
                        ("KeyConditionExpression", query.KeyConditionExpression)
                    )
                    .ParseKeyCondition(query.KeyConditionExpression);
            return condition?.Parts.GetValueOrDefault(name) is { Comparator: "=" } part ? [part.Value] : [];
        }
        catch (AwsException)
        {
            return [];
        }
    }

    private static string Text(AttributeValue value) =>
        value.Type switch
        {
            AttributeType.S => value.S,
            AttributeType.N => value.N.ToString(),
            AttributeType.B => Convert.ToBase64String(value.B),
            _ => "",
        };
}
